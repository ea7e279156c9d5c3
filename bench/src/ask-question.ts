import { get } from 'node:http';
import type { Agent } from 'node:http';
import type { ClewProcess } from '../../e2e/src/clew-process.ts';
import type { Question } from './question.ts';

export interface AnswerFigures {
  /** From the request to the last byte of the answer; looking into it is not counted. */
  readonly durationMs: number;
  readonly bytes: number;
}

/** Asks once, and throws when the answer cannot be right. */
export async function askQuestion(
  { addresses }: ClewProcess,
  question: Question,
  agent: Agent,
): Promise<AnswerFigures> {
  const startMs = performance.now();
  const { status, body } = await fetchWhole(`${addresses.ui}${question.path}`, agent);
  const durationMs = performance.now() - startMs;
  const json: unknown = JSON.parse(body.toString());
  if (!question.isRight({ status, json })) {
    throw new Error(
      `${question.path} was answered with ${status}: ${body.toString().slice(0, 300)}`,
    );
  }
  return { durationMs, bytes: body.length };
}

function fetchWhole(url: string, agent: Agent): Promise<{ status: number; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) });
      });
    });
    request.on('error', reject);
  });
}
