/** The query benchmark: how long a running server with millions of spans takes for whole HTTP answers. */
import { existsSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent } from 'node:http';
import { ClewProcess } from '../../e2e/src/clew-process.ts';
import { askQuestion } from './ask-question.ts';
import type { AnswerFigures } from './ask-question.ts';
import { readMetric } from './metrics.ts';
import { formatTable, keepResult } from './keep-result.ts';
import { SPANS_PER_REQUEST } from './load/fill.ts';
import { fillStore, isFilled, readFill } from './load/filled-store.ts';
import { SenderProcess } from './load/sender-process.ts';
import { forgetFiles, rememberFiles } from './page-cache.ts';
import { createQuestions } from './query-questions.ts';
import type { QuestionKind } from './question.ts';
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
  /** Asks only kinds whose names contain this. */
  readonly only?: string | undefined;
}

/** What a kind of question took. */
export interface QueryFigures {
  readonly name: string;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** What the statements of an answer took in the engine, added up, on average: more than the answer when some ran side by side. */
  readonly engineMeanMs: number;
  /** The very first question to a server that was just started, with nothing of its files in memory. */
  readonly coldMs?: number | undefined;
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

async function askAll(dataDir: string, options: QueryOptions): Promise<QueryFigures[]> {
  const { repeat, ingest, only = '' } = options;
  const kinds = createQuestions(readFill(dataDir), repeat + WARM_UP).filter(({ name }) =>
    name.includes(only),
  );
  const cold = ingest === undefined ? await askCold(dataDir, kinds) : new Map<string, number>();
  await using clew = await startServer(dataDir);
  if (!(await waitUntilQuiet(clew))) console.error('the engine is still merging');
  await rememberFiles(dataDir);
  using sender = ingest === undefined ? undefined : await startSender(clew, ingest);
  const results: QueryFigures[] = [];
  for (const kind of kinds) {
    results.push({ ...(await measure(clew, kind)), coldMs: cold.get(kind.name) });
  }
  await sender?.stop();
  await clew.stop();
  return results;
}

/** Milliseconds, by the name of the kind. */
async function askCold(
  dataDir: string,
  kinds: readonly QuestionKind[],
): Promise<ReadonlyMap<string, number>> {
  const results = new Map<string, number>();
  // What is left to merge would be merged meanwhile.
  await using settling = await startServer(dataDir);
  await waitUntilQuiet(settling);
  await settling.stop();
  for (const { name, questions } of kinds) {
    const [question] = questions;
    if (question === undefined) continue;
    await forgetFiles(dataDir);
    await using clew = await startServer(dataDir);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    results.set(name, (await askQuestion(clew, question, agent)).durationMs);
    agent.destroy();
    await clew.stop();
  }
  return results;
}

function startServer(dataDir: string): Promise<ClewProcess> {
  const flags = ['--log-level=warn', '--retention=30d'];
  return ClewProcess.start({ from: 'dist', dataDir, flags });
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
  const engineSeconds = () => readMetric(clew.addresses.metrics, 'clew_engine_read_seconds_total');
  let engineStart = 0;
  for (const [i, question] of questions.entries()) {
    if (i === WARM_UP) engineStart = await engineSeconds();
    answers.push(await askQuestion(clew, question, agent));
  }
  const engineMs = ((await engineSeconds()) - engineStart) * 1000;
  agent.destroy();
  const sorted = (field: keyof AnswerFigures): readonly number[] =>
    answers
      .slice(WARM_UP)
      .map((answer) => answer[field])
      .sort((a, b) => a - b);
  return {
    name,
    p50Ms: quantile(sorted('durationMs'), 0.5),
    p99Ms: quantile(sorted('durationMs'), 0.99),
    engineMeanMs: engineMs / (questions.length - WARM_UP),
    answerBytes: quantile(sorted('bytes'), 0.5),
  };
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

function report(options: QueryOptions, dataDir: string, results: readonly QueryFigures[]): void {
  const spans = 2 * SPANS_PER_REQUEST * readFill(dataDir).pairs;
  const header = [
    `${spans.toLocaleString('en')} spans`,
    'p50 ms',
    'p99 ms',
    'engine mean ms',
    'cold ms',
    'bytes',
  ];
  const rows = results.map(({ name, p50Ms, p99Ms, engineMeanMs, coldMs, answerBytes }) => [
    name,
    p50Ms.toFixed(1),
    p99Ms.toFixed(1),
    engineMeanMs.toFixed(1),
    coldMs?.toFixed(0) ?? '',
    String(answerBytes),
  ]);
  console.log(formatTable(header, rows));
  console.log(`\nkept in ${keepResult('query', { options, spans, results })}`);
}
