import { computeSelfTimes } from '../self-time.ts';
import { SPAN_STATUSES } from '../span.ts';
import { computeTimeShares } from '../time-shares.ts';
import { growTraceTree } from '../trace-tree.ts';
import type { TraceTree } from '../trace-tree.ts';
import type { DiffColumns } from './diff-columns.ts';
import type { SpanGroups } from './span-groups.ts';

/** One of the two traces with what a comparison needs of it; arrays are over the index of the spans. */
export interface MeasuredTrace {
  readonly columns: DiffColumns;
  readonly tree: TraceTree;
  /** Of `SpanGroups`. */
  readonly groupIds: Uint32Array;
  /** 1 where the span failed. */
  readonly errors: Uint8Array;
  readonly selfTimesNs: Float64Array;
  readonly sharesNs: Float64Array;
  /** From the earliest start to the latest end. */
  readonly durationNs: number;
  /** The part of it during which no span runs. */
  readonly idleNs: number;
}

const ERROR = SPAN_STATUSES.indexOf('error');

export function measureTrace(columns: DiffColumns, groups: SpanGroups): MeasuredTrace {
  const tree = growTraceTree(columns.parents);
  const { sharesNs, idleNs } = computeTimeShares(columns, tree.parents);
  return {
    columns,
    tree,
    groupIds: groups.numberAll(columns, tree),
    errors: columns.statuses.map((status) => (status === ERROR ? 1 : 0)),
    selfTimesNs: computeSelfTimes(columns, tree.parents),
    sharesNs,
    durationNs: findEndNs(columns),
    idleNs,
  };
}

function findEndNs({ spanCount, startsNs, durationsNs }: DiffColumns): number {
  let endNs = 0;
  for (let index = 0; index < spanCount; index++)
    endNs = Math.max(endNs, (startsNs[index] ?? 0) + (durationsNs[index] ?? 0));
  return endNs;
}
