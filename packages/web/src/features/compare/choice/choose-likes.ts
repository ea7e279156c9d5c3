import type { FoundSpanJson } from '@clew/api';

/** A run of an operation: the root span of a trace. Its duration is its own: what goes on after its end does not count. */
export interface OperationRun {
  readonly traceId: string;
  readonly service: string;
  readonly name: string;
  readonly startMs: number;
  readonly durationNs: number;
}

export function toRun({
  traceId,
  service,
  name,
  startUnixNano,
  durationNano,
}: FoundSpanJson): OperationRun {
  const startMs = Number(BigInt(startUnixNano) / 1_000_000n);
  return { traceId, service, name, startMs, durationNs: Number(durationNano) };
}

/** Runs of one operation that are worth comparing another one with. */
export interface Likes {
  /** In the middle of `medianOf` by its duration. */
  readonly median: OperationRun | undefined;
  readonly medianOf: number;
  readonly fastest: OperationRun | undefined;
  readonly slowest: OperationRun | undefined;
  readonly failed: OperationRun | undefined;
}

export interface FoundLikes {
  /** That did not fail. */
  readonly newest: readonly OperationRun[];
  readonly fastest: readonly OperationRun[];
  readonly slowest: readonly OperationRun[];
  readonly failed: readonly OperationRun[];
}

/** Never of the trace itself. */
export function chooseLikes(found: FoundLikes, traceId: string): Likes {
  const others = (runs: readonly OperationRun[]): readonly OperationRun[] =>
    runs.filter((run) => run.traceId !== traceId);
  const newest = others(found.newest).toSorted(byDuration);
  return {
    median: middleOf(newest),
    medianOf: newest.length,
    fastest: others(found.fastest)[0],
    slowest: others(found.slowest)[0],
    failed: others(found.failed)[0],
  };
}

/** Runs of one operation, of several traces. */
export interface OperationSpread {
  readonly service: string;
  readonly name: string;
  readonly count: number;
  readonly fastest: OperationRun;
  readonly median: OperationRun;
  readonly slowest: OperationRun;
}

/** Operations that were seen in two traces, those first that were seen most often. */
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
    .flatMap((byTrace) => toSpread([...byTrace.values()].toSorted(byDuration)))
    .sort((a, b) => b.count - a.count);
}

function toSpread(ordered: readonly OperationRun[]): readonly OperationSpread[] {
  const [fastest] = ordered;
  const median = middleOf(ordered);
  const slowest = ordered.at(-1);
  if (fastest === undefined || median === undefined || slowest === undefined) return [];
  if (fastest === slowest) return [];
  const { service, name } = fastest;
  return [{ service, name, count: ordered.length, fastest, median, slowest }];
}

function middleOf(ordered: readonly OperationRun[]): OperationRun | undefined {
  return ordered[Math.floor((ordered.length - 1) / 2)];
}

function byDuration(a: OperationRun, b: OperationRun): number {
  return a.durationNs - b.durationNs;
}
