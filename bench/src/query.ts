/** The query benchmark: how long a running server with millions of spans takes for whole HTTP answers. */
import { existsSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, get } from 'node:http';
import { ClewProcess } from '../../e2e/src/clew-process.ts';
import { formatTable, keepResult } from './keep-result.ts';
import { SPANS_PER_REQUEST } from './load/fill.ts';
import { fillStore, isFilled, readFill } from './load/filled-store.ts';
import { SenderProcess } from './load/sender-process.ts';
import { createQuestions } from './query-questions.ts';
import type { Question, QuestionKind } from './query-questions.ts';
import { waitUntilQuiet } from './server-wait.ts';

export interface QueryOptions {
  readonly spans: number;
  /** Questions of each kind. */
  readonly repeat: number;
  /** Where the filled store is kept, and asked again by later runs; beside other temporary files when absent. */
  readonly store?: string | undefined;
  /** Fill it anew. */
  readonly fresh: boolean;
  /** Spans a second that are sent meanwhile. */
  readonly ingest?: number | undefined;
}

/** What a kind of question took. */
export interface QueryFigures {
  readonly name: string;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** The first of its kind, which nobody had asked since the server started. */
  readonly firstMs: number;
  /** The median size of an answer. */
  readonly answerBytes: number;
}

const WARM_UP = 10;
/** The same spans each time a store is filled, but for when they were. */
const SEED = 20_261_128;

export async function benchQuery(options: QueryOptions): Promise<void> {
  const dataDir = options.store ?? join(tmpdir(), `clew-bench-${options.spans}-spans`);
  if (options.fresh) rmSync(dataDir, { recursive: true, force: true });
  if (!isFilled(dataDir)) await fill(dataDir, options.spans);
  report(options, dataDir, await askAll(dataDir, options));
}

async function fill(dataDir: string, spans: number): Promise<void> {
  if (existsSync(join(dataDir, 'engine'))) throw new Error(`${dataDir} was not filled by this`);
  const pairs = Math.ceil(spans / (2 * SPANS_PER_REQUEST));
  const startMs = performance.now();
  await fillStore(dataDir, { seed: SEED, pairs, endUnixMs: Date.now() });
  console.error(`filled in ${((performance.now() - startMs) / 1000).toFixed(0)} s`);
}

async function askAll(dataDir: string, { repeat, ingest }: QueryOptions): Promise<QueryFigures[]> {
  const flags = ['--log-level=warn', '--retention=30d'];
  await using clew = await ClewProcess.start({ from: 'dist', dataDir, flags });
  if (!(await waitUntilQuiet(clew))) console.error('the engine is still merging');
  const kinds = createQuestions(readFill(dataDir), repeat + WARM_UP);
  using sender = ingest === undefined ? undefined : await startSender(clew, ingest);
  const results: QueryFigures[] = [];
  for (const kind of kinds) results.push(await measure(clew, kind));
  await sender?.stop();
  await clew.stop();
  return results;
}

const SENDERS = 4;
/** Until what is sent is inserted and merged at the pace it comes. */
const SETTLING_MS = 20_000;

async function startSender(clew: ClewProcess, rate: number): Promise<SenderProcess> {
  const port = Number(/:(\d+)/.exec(clew.addresses.otlpHttp)?.[1]);
  const sender = new SenderProcess({
    connections: Array.from({ length: SENDERS }, () => ({ protocol: 'http', port })),
    spansPerRequest: SPANS_PER_REQUEST,
    seed: Date.now() >>> 0,
    rate,
  });
  await sender.prepared;
  sender.start();
  await sleep(SETTLING_MS);
  return sender;
}

async function measure(
  clew: ClewProcess,
  { name, questions }: QuestionKind,
): Promise<QueryFigures> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const answers: AnswerFigures[] = [];
  for (const question of questions) answers.push(await ask(clew, agent, question));
  agent.destroy();
  const warm = answers.slice(WARM_UP);
  const durations = warm.map(({ durationMs }) => durationMs).sort((a, b) => a - b);
  const sizes = warm.map(({ bytes }) => bytes).sort((a, b) => a - b);
  return {
    name,
    p50Ms: quantile(durations, 0.5),
    p99Ms: quantile(durations, 0.99),
    firstMs: answers[0]?.durationMs ?? Number.NaN,
    answerBytes: quantile(sizes, 0.5),
  };
}

interface AnswerFigures {
  readonly durationMs: number;
  readonly bytes: number;
}

/** From the request to the last byte of the answer; looking into it is not counted. */
async function ask(clew: ClewProcess, agent: Agent, question: Question): Promise<AnswerFigures> {
  const startMs = performance.now();
  const { status, body } = await fetchWhole(`${clew.addresses.ui}/api/clew${question.path}`, agent);
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

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

function report(options: QueryOptions, dataDir: string, results: readonly QueryFigures[]): void {
  const spans = 2 * SPANS_PER_REQUEST * readFill(dataDir).pairs;
  const header = [
    `warm, ${spans.toLocaleString('en')} spans`,
    'p50 ms',
    'p99 ms',
    'first ms',
    'bytes',
  ];
  const rows = results.map(({ name, p50Ms, p99Ms, firstMs, answerBytes }) => [
    name,
    p50Ms.toFixed(1),
    p99Ms.toFixed(1),
    firstMs.toFixed(0),
    String(answerBytes),
  ]);
  console.log(formatTable(header, rows));
  console.log(`\nkept in ${keepResult('query', { options, spans, results })}`);
}
