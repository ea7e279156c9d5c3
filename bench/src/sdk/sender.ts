/** One subject in one case, in this process: what it costs is sent to the parent process. */
import { PerformanceObserver } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ROOT_CONTEXT, TraceFlags, context, trace } from '@opentelemetry/api';
import type { Tracer } from '@opentelemetry/api';
import { SPAN_CASES } from './span-cases.ts';
import { SUBJECTS, setUp } from './subjects.ts';

export interface SenderTask {
  readonly subject: string;
  readonly kind: 'cpu' | 'allocation' | 'unsampled' | 'await' | 'memory';
  readonly spanCase: string;
  readonly spanCount: number;
  readonly endpoint: string;
  readonly batchSize: number | undefined;
}

export interface SenderFigures {
  /** Microseconds of CPU, bytes, nanoseconds, or MiB, by kind. */
  readonly value: number;
  readonly spansSent: number;
}

/** Spans between two turns of the event loop, as many small requests would have it. */
const BURST = 512;
/** Spans between two flushes: no queue of those measured drops any. */
const FLUSHED = 6144;

const task = JSON.parse(process.argv[2] ?? '{}') as SenderTask;
const subject = SUBJECTS.find((name) => name === task.subject) ?? 'none';
const flush = await setUp(subject, { ...task, withHttp: false });
const tracer = trace.getTracer('bench', '1.0');
let spansSent = 0;
process.send?.({ value: await measure(), spansSent } satisfies SenderFigures, () => process.exit());

async function measure(): Promise<number> {
  const one = SPAN_CASES[task.spanCase] ?? (() => undefined);
  const inParent = trace.setSpan(ROOT_CONTEXT, tracer.startSpan('parent'));
  const run = (count: number): Promise<void> =>
    context.with(inParent, () => createSpans(one, count));
  switch (task.kind) {
    case 'cpu':
      return measureCpu(run);
    case 'allocation':
      return measureAllocation(run);
    case 'memory':
      return measureMemory(run);
    case 'unsampled':
      return measureUnsampled();
    case 'await':
      return measureAwait();
    default:
      throw new Error(`no such measurement: ${String(task.kind)}`);
  }
}

async function createSpans(one: (tracer: Tracer) => void, count: number): Promise<void> {
  for (let i = 0; i < count;) {
    for (const end = Math.min(i + BURST, count); i < end; i++) one(tracer);
    await nextTurn();
    if (i % FLUSHED === 0) await flush();
  }
  await flush();
  spansSent += count;
}

/** From the creation of a span to its bytes on the socket, in microseconds, of all threads of the process. */
async function measureCpu(run: (count: number) => Promise<void>): Promise<number> {
  await run(task.spanCount / 4);
  const before = process.cpuUsage();
  await run(task.spanCount);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / task.spanCount;
}

/**
 * Bytes of the heap and of buffers. The process has so large a nursery that nothing is collected meanwhile: then what the heap has
 * grown by is what was allocated.
 */
async function measureAllocation(run: (count: number) => Promise<void>): Promise<number> {
  await checkAllocation();
  await run(task.spanCount);
  return (await allocatedBy(() => run(task.spanCount))) / task.spanCount;
}

/** That a known number of bytes is measured as such: an array of 100 elements has headers of 32 and 16 bytes. */
async function checkAllocation(): Promise<void> {
  const count = 10_000;
  const kept: unknown[] = Array.from({ length: count }, () => undefined);
  const allocate = async (): Promise<void> => {
    for (let i = 0; i < count; i++) kept[i] = Array.from({ length: 100 }, () => i).slice();
  };
  await allocate();
  const expected = 2 * (100 * 8 + 48);
  const measured = (await allocatedBy(allocate)) / count;
  if (measured < expected || measured > 1.5 * expected) {
    throw new Error(`${measured} bytes measured where ${expected} are allocated`);
  }
}

async function allocatedBy(run: () => Promise<void>): Promise<number> {
  let collections = 0;
  const observer = new PerformanceObserver((list) => {
    collections += list.getEntries().length;
  });
  observer.observe({ entryTypes: ['gc'] });
  await collect(() => collections);
  const begun = collections;
  const before = process.memoryUsage();
  await run();
  const after = process.memoryUsage();
  await collect(() => collections);
  observer.disconnect();
  if (collections !== begun + 1) throw new Error('the nursery was too small for this many spans');
  return after.heapUsed - before.heapUsed + after.external - before.external;
}

/** Collects, and waits until that is told of, as every collection before it then is too. */
async function collect(count: () => number): Promise<void> {
  const before = count();
  globalThis.gc?.();
  while (count() === before) await nextTurn();
}

/** By how many MiB the memory of the process grows from a tenth of the spans to all of them. */
async function measureMemory(run: (count: number) => Promise<void>): Promise<number> {
  await run(task.spanCount / 10);
  globalThis.gc?.();
  const before = process.memoryUsage();
  await run((task.spanCount * 9) / 10);
  globalThis.gc?.();
  const after = process.memoryUsage();
  return (after.heapUsed + after.external - before.heapUsed - before.external) / 1_048_576;
}

/** Nanoseconds for a child of a span that is not sampled. */
function measureUnsampled(): number {
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const remote = {
    traceId,
    spanId: 'b7ad6b7169203331',
    traceFlags: TraceFlags.NONE,
    isRemote: true,
  };
  const parent = tracer.startSpan('parent', {}, trace.setSpanContext(ROOT_CONTEXT, remote));
  const loop = (): void => {
    for (let i = 0; i < task.spanCount; i++) tracer.startSpan('child').end();
  };
  return context.with(trace.setSpan(ROOT_CONTEXT, parent), () => {
    loop();
    return nanosecondsOf(loop) / task.spanCount;
  });
}

/** Nanoseconds of an `await` in an active span. */
async function measureAwait(): Promise<number> {
  const step = async (): Promise<number> => 1;
  const loop = async (): Promise<void> => {
    for (let i = 0; i < task.spanCount; i++) await step();
  };
  return tracer.startActiveSpan('outer', async (span) => {
    await loop();
    const before = process.cpuUsage();
    await loop();
    const { user } = process.cpuUsage(before);
    span.end();
    return (user * 1000) / task.spanCount;
  });
}

function nanosecondsOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  return process.cpuUsage(before).user * 1000;
}
