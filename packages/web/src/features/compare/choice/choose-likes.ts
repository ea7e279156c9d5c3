import type { FoundSpanJson, TraceSummaryJson } from '@clew/api';

/** A run of an operation: the root span of a trace. Its duration is its own: what goes on after its end does not count. */
export interface OperationRun {
  readonly traceId: string;
  readonly service: string;
  readonly name: string;
  readonly startMs: number;
  readonly durationNs: number;
  /** Of the whole trace. */
  readonly spanCount: number;
  readonly errorCount: number;
}

export function toRun(
  { traceId, service, name, startUnixNano, durationNano }: FoundSpanJson,
  { spanCount, errorCount }: Pick<TraceSummaryJson, 'spanCount' | 'errorCount'>,
): OperationRun {
  const startMs = Number(BigInt(startUnixNano) / 1_000_000n);
  const durationNs = Number(durationNano);
  return { traceId, service, name, startMs, durationNs, spanCount, errorCount };
}

/**
 * Runs that are worth comparing by how long they took. A trace with a failed span is none, whatever its root says: the server's
 * span of an order that was refused is not failed. Nor is one that ended early, with less than half the spans of the median.
 */
interface UsualRuns {
  /** Quickest first. */
  readonly runs: readonly OperationRun[];
  readonly leastSpans: number;
  /** Left out for a failed span. */
  readonly failedCount: number;
  /** Left out for too few spans. */
  readonly smallCount: number;
}

function findUsual(runs: readonly OperationRun[]): UsualRuns {
  const sound = runs.filter(({ errorCount }) => errorCount === 0);
  const middle = middleOf(sound.toSorted((a, b) => a.spanCount - b.spanCount));
  const leastSpans = Math.ceil((middle?.spanCount ?? 0) / 2);
  const usual = sound.filter(({ spanCount }) => spanCount >= leastSpans);
  return {
    runs: usual.toSorted(byDuration),
    leastSpans,
    failedCount: runs.length - sound.length,
    smallCount: sound.length - usual.length,
  };
}

/** Runs of one operation that are worth comparing another one with. */
export interface Likes {
  /** In the middle of `medianOf` by its duration. */
  readonly median: OperationRun | undefined;
  readonly medianOf: number;
  readonly fastest: OperationRun | undefined;
  readonly slowest: OperationRun | undefined;
  readonly failed: OperationRun | undefined;
  /** Spans that a run has to have, to be one of the others. */
  readonly leastSpans: number;
}

export interface FoundLikes {
  /** Of any kind: they tell what is usual. */
  readonly newest: readonly OperationRun[];
  readonly fastest: readonly OperationRun[];
  readonly slowest: readonly OperationRun[];
  /** Whose roots failed. */
  readonly failed: readonly OperationRun[];
}

/** Never of the trace itself. */
export function chooseLikes(found: FoundLikes, traceId: string): Likes {
  const others = (runs: readonly OperationRun[]): readonly OperationRun[] =>
    runs.filter((run) => run.traceId !== traceId);
  const newest = others(found.newest);
  const { runs: usual, leastSpans } = findUsual(newest);
  const usualOf = (runs: readonly OperationRun[]): readonly OperationRun[] => {
    const more = others(runs).filter((run) => run.errorCount === 0 && run.spanCount >= leastSpans);
    return [...more, ...usual].toSorted(byDuration);
  };
  const failed = [...others(found.failed), ...newest.filter(({ errorCount }) => errorCount > 0)];
  return {
    median: middleOf(usual),
    medianOf: usual.length,
    fastest: usualOf(found.fastest)[0],
    slowest: usualOf(found.slowest).at(-1),
    failed: failed.toSorted((a, b) => b.startMs - a.startMs)[0],
    leastSpans,
  };
}

/** Runs of one operation, of several traces. */
export interface OperationSpread extends Omit<UsualRuns, 'runs'> {
  readonly service: string;
  readonly name: string;
  readonly count: number;
  readonly fastest: OperationRun;
  readonly median: OperationRun;
  readonly slowest: OperationRun;
}

/** Operations that were seen in two usual traces, those first that were seen most often. */
export function spreadOperations(runs: readonly OperationRun[]): readonly OperationSpread[] {
  const byOperation = new Map<string, Map<string, OperationRun>>();
  for (const run of runs) {
    if (run.name === '' && run.service === '') continue;
    const key = JSON.stringify([run.service, run.name]);
    const byTrace = byOperation.get(key) ?? new Map<string, OperationRun>();
    byOperation.set(key, byTrace);
    // A trace may have several roots.
    if (!byTrace.has(run.traceId)) byTrace.set(run.traceId, run);
  }
  return [...byOperation.values()]
    .flatMap((byTrace) => toSpread(findUsual([...byTrace.values()])))
    .sort((a, b) => b.count - a.count);
}

function toSpread({ runs, ...leftOut }: UsualRuns): readonly OperationSpread[] {
  const [fastest] = runs;
  const median = middleOf(runs);
  const slowest = runs.at(-1);
  if (fastest === undefined || median === undefined || slowest === undefined) return [];
  if (fastest === slowest) return [];
  const { service, name } = fastest;
  return [{ service, name, count: runs.length, fastest, median, slowest, ...leftOut }];
}

function middleOf(ordered: readonly OperationRun[]): OperationRun | undefined {
  return ordered[Math.floor((ordered.length - 1) / 2)];
}

function byDuration(a: OperationRun, b: OperationRun): number {
  return a.durationNs - b.durationNs;
}
