import type { TraceSummaryJson } from '@clew/api';

/** Traces of one operation that are worth comparing another one with. */
export interface Likes {
  /** In the middle of `typicalOf` by its duration. */
  readonly typical: TraceSummaryJson | undefined;
  readonly typicalOf: number;
  readonly fastest: TraceSummaryJson | undefined;
  readonly slowest: TraceSummaryJson | undefined;
  readonly failed: TraceSummaryJson | undefined;
}

export interface FoundLikes {
  /** Without errors. */
  readonly newest: readonly TraceSummaryJson[];
  readonly fastest: readonly TraceSummaryJson[];
  readonly slowest: readonly TraceSummaryJson[];
  readonly failed: readonly TraceSummaryJson[];
}

/** Never the trace itself. */
export function chooseLikes(found: FoundLikes, traceId: string): Likes {
  const others = (traces: readonly TraceSummaryJson[]): readonly TraceSummaryJson[] =>
    traces.filter((trace) => trace.traceId !== traceId);
  const newest = others(found.newest).toSorted(byDuration);
  return {
    typical: newest[Math.floor((newest.length - 1) / 2)],
    typicalOf: newest.length,
    fastest: others(found.fastest)[0],
    slowest: others(found.slowest)[0],
    failed: others(found.failed)[0],
  };
}

/** The fastest and the slowest of the traces that begin with one operation. */
export interface OperationSpread {
  readonly service: string;
  readonly name: string;
  readonly count: number;
  readonly fastest: TraceSummaryJson;
  readonly slowest: TraceSummaryJson;
}

/** Operations that were seen twice, those first that were seen most often. */
export function spreadOperations(traces: readonly TraceSummaryJson[]): readonly OperationSpread[] {
  const byOperation = new Map<string, TraceSummaryJson[]>();
  for (const trace of traces) {
    if (trace.rootSpanName === '' && trace.rootService === '') continue;
    const key = JSON.stringify([trace.rootService, trace.rootSpanName]);
    const known = byOperation.get(key);
    if (known === undefined) byOperation.set(key, [trace]);
    else known.push(trace);
  }
  return [...byOperation.values()].flatMap(toSpread).sort((a, b) => b.count - a.count);
}

function toSpread(traces: readonly TraceSummaryJson[]): readonly OperationSpread[] {
  const ordered = traces.toSorted(byDuration);
  const [fastest] = ordered;
  const slowest = ordered.at(-1);
  if (fastest === undefined || slowest === undefined || fastest === slowest) return [];
  const { rootService: service, rootSpanName: name } = fastest;
  return [{ service, name, count: ordered.length, fastest, slowest }];
}

function byDuration(a: TraceSummaryJson, b: TraceSummaryJson): number {
  return Number(a.durationNano) - Number(b.durationNano);
}
