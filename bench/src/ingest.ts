/**
 * The ingest benchmark: a server that is started afresh takes realistic OTLP from a sender in a process of its own, on
 * the same machine, and is then asked to prove what it acknowledged.
 *
 * The figures that count are those with the backlog drained, since a server that only piles up segments is fast for a
 * while, and settled, since the engine goes on merging what it took.
 */
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { ClewProcess } from '../../e2e/src/clew-process.ts';
import type { Protocol } from './load/connection.ts';
import { checkStore } from './load/checked-store.ts';
import type { CheckedStore } from './load/checked-store.ts';
import { SenderProcess } from './load/sender-process.ts';
import type { SenderReport } from './load/sender-process.ts';
import { readProcessUsage } from './process-usage.ts';
import type { ProcessUsage } from './process-usage.ts';
import { waitUntilDrained, waitUntilQuiet } from './server-wait.ts';
import { UsageSampler } from './thread-usage.ts';
import type { MemorySample, StageUsage } from './thread-usage.ts';

export interface IngestOptions {
  readonly protocol: Protocol;
  readonly connections: number;
  /** In each request. */
  readonly spans: number;
  readonly seconds: number;
  /** Spans a second; as many as are taken when absent. */
  readonly rate?: number | undefined;
  /** Whether to merge everything in the end, to know what a span takes then. */
  readonly mergeFully: boolean;
}

/** All that was measured, in the order it happened. */
export interface IngestResult {
  readonly options: IngestOptions;
  readonly readyMs: number;
  readonly idle: ServerUsage;
  readonly report: SenderReport;
  /** Until the last acknowledgement. */
  readonly sendingMs: number;
  /** Until the last span was in the engine; both from the first request. */
  readonly drainedMs: number;
  readonly drained: ServerUsage;
  /** Until the engine had nothing left to merge, or we stopped waiting. */
  readonly settledMs: number;
  readonly settled: ServerUsage;
  readonly isSettled: boolean;
  /** From the first request to the last acknowledgement, on the clock that starts with it. */
  readonly memory: readonly MemorySample[];
  readonly diskBytes: number;
  readonly stopMs: number;
  readonly exitCode: number | null;
  readonly checked: CheckedStore;
}

/** What a server had used at a moment. */
export interface ServerUsage extends ProcessUsage {
  readonly stages: StageUsage;
}

const IDLE_MS = 3000;
const BYTES_PER_SPAN = 458;
const TOLERATED_BYTES = 20;

/** Throws when the store does not hold what was acknowledged. */
export async function benchIngest(options: IngestOptions): Promise<IngestResult> {
  const result = await measureIngest(options);
  checkBytesPerSpan(result);
  const { lost, doubled, foreign, dangling } = result.checked;
  if (lost + doubled + foreign + dangling > 0) {
    const counts = JSON.stringify({ lost, doubled, foreign, dangling });
    throw new Error(`the store does not hold what was acknowledged: ${counts}`);
  }
  return result;
}

async function measureIngest(options: IngestOptions): Promise<IngestResult> {
  await using clew = await ClewProcess.start({ from: 'dist', flags: ['--log-level=warn'] });
  using sampler = new UsageSampler(clew.pid);
  const readUsage = (): ServerUsage => ({
    ...readProcessUsage(clew.pid),
    stages: sampler.read(),
  });
  const { protocol, connections, spans, rate } = options;
  const seed = Date.now() >>> 0;
  const port = portOf(clew, protocol);
  using sender = new SenderProcess({
    connections: Array.from({ length: connections }, () => ({ protocol, port })),
    spansPerRequest: spans,
    seed,
    rate,
  });
  await sleep(IDLE_MS);
  await sender.prepared;
  const idle = readUsage();

  sender.start();
  const startMs = performance.now();
  const elapsedMs = (): number => performance.now() - startMs;
  await sleep(1000 * options.seconds);
  const report = await sender.stop();
  const sendingMs = elapsedMs();
  await waitUntilDrained(clew);
  const drainedMs = elapsedMs();
  const drained = readUsage();
  const isSettled = await waitUntilQuiet(clew);
  const settledMs = elapsedMs();
  const settled = readUsage();
  const diskBytes = readDiskBytes(clew.dataDir);

  const stoppingMs = performance.now();
  const exitCode = await clew.stop();
  const stopMs = performance.now() - stoppingMs;
  process.stderr.write(clew.log);
  const checked = await checkStore({
    dataDir: clew.dataDir,
    runOfRequests: { seed, spansPerRequest: spans },
    requests: report.requests,
    acknowledged: report.acknowledged,
    withRollups: false,
    mergeFully: options.mergeFully,
  });
  return {
    options,
    readyMs: clew.readyMs,
    idle,
    report,
    sendingMs,
    drainedMs,
    drained,
    settledMs,
    settled,
    isSettled,
    memory: courseOf(sampler.memory, { startMs, sendingMs }),
    diskBytes,
    stopMs,
    exitCode,
    checked,
  };
}

function portOf({ addresses }: ClewProcess, protocol: Protocol): number {
  const address = {
    http: addresses.otlpHttp,
    grpc: addresses.otlpGrpc,
    jaeger: addresses.jaegerHttp,
    zipkin: addresses.zipkin,
  }[protocol];
  const port = /:(\d+)/.exec(address)?.[1];
  if (port === undefined) throw new Error(`the server has no receiver for ${protocol}`);
  return Number(port);
}

/** One sample a second is enough to keep. */
function courseOf(
  samples: readonly MemorySample[],
  { startMs, sendingMs }: { readonly startMs: number; readonly sendingMs: number },
): MemorySample[] {
  const kept: MemorySample[] = [];
  for (const { atMs, residentBytes } of samples) {
    const sinceStartMs = Math.round(atMs - startMs);
    const isDue = sinceStartMs >= (kept.at(-1)?.atMs ?? -1000) + 1000;
    if (isDue && sinceStartMs >= 0 && sinceStartMs <= sendingMs) {
      kept.push({ atMs: sinceStartMs, residentBytes });
    }
  }
  return kept;
}

function readDiskBytes(folder: string): number {
  return 1024 * Number(execFileSync('du', ['-sk', folder], { encoding: 'utf8' }).split('\t')[0]);
}

/** In small requests the resources weigh more, so only large ones have the size that was promised. */
function checkBytesPerSpan({ report, options }: IngestResult): void {
  const bytesPerSpan = report.bytes / report.acknowledgedSpans;
  if (options.protocol !== 'http' && options.protocol !== 'grpc') return;
  if (options.spans < 1000) return;
  if (Math.abs(bytesPerSpan - BYTES_PER_SPAN) > TOLERATED_BYTES) {
    throw new Error(`a span was ${bytesPerSpan.toFixed(0)} bytes instead of ${BYTES_PER_SPAN}`);
  }
}
