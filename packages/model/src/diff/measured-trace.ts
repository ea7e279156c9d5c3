import { computeSelfTimes } from '../self-time.ts';
import type { Span } from '../span.ts';
import { computeTimeShares } from '../time-shares.ts';
import { durationNano } from '../time.ts';
import type { DurationNano } from '../time.ts';
import { buildTraceTree } from '../trace-tree.ts';
import type { TraceTree } from '../trace-tree.ts';
import type { SpanGroups } from './span-groups.ts';

/** What is compared of a span. */
export type DiffSpan = Pick<
  Span,
  | 'spanId'
  | 'parentSpanId'
  | 'name'
  | 'kind'
  | 'startUnixNano'
  | 'durationNano'
  | 'status'
  | 'statusMessage'
  | 'attributes'
  | 'resource'
>;

/** One of the two traces as a whole. */
export interface DiffSide {
  readonly spanCount: number;
  /** From the earliest start to the latest end. */
  readonly durationNano: DurationNano;
  /** The part of it during which no span runs. */
  readonly idleNano: DurationNano;
}

/** One of the two traces with what a comparison needs of it; arrays are over the index of the spans. */
export interface MeasuredTrace {
  readonly spans: readonly DiffSpan[];
  readonly tree: TraceTree;
  /** Of `SpanGroups`. */
  readonly groupIds: Uint32Array;
  readonly selfTimes: readonly DurationNano[];
  readonly sharesNs: Float64Array;
  readonly side: DiffSide;
}

export function measureTrace(spans: readonly DiffSpan[], groups: SpanGroups): MeasuredTrace {
  const tree = buildTraceTree(spans);
  const { sharesNs, idleNs } = computeTimeShares(spans, tree.parents);
  return {
    spans,
    tree,
    groupIds: groups.numberAll(spans, tree),
    selfTimes: computeSelfTimes(spans, tree.parents),
    sharesNs,
    side: {
      spanCount: spans.length,
      durationNano: computeDuration(spans),
      idleNano: durationNano(BigInt(Math.round(idleNs))),
    },
  };
}

function computeDuration(spans: readonly DiffSpan[]): DurationNano {
  const start: bigint = spans[0]?.startUnixNano ?? 0n;
  let latest = start;
  for (const { startUnixNano, durationNano } of spans) {
    const end = startUnixNano + durationNano;
    if (end > latest) latest = end;
  }
  return durationNano(latest - start);
}
