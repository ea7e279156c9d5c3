import type { TraceInsight } from './trace-insight.ts';

/** What a span matters to the duration of the root. Nanoseconds. */
export interface SpanWeight {
  /** Of the span's own time, what lies on the critical path. */
  readonly onPathNs: number;
  /** The same as a share of the root's duration, 0 to 1. */
  readonly pathShare: number;
  readonly isOnPath: boolean;
  /** How much less the root would take without the span; 0 beside the path. */
  readonly dragNs: number;
  /** How much longer it may take before the root does; undefined for what the root does not wait for. */
  readonly slackNs: number | undefined;
}

export function weighSpan(
  { path, rootDurationNs, slacksNs, dragsNs }: TraceInsight,
  spanIndex: number,
): SpanWeight {
  const onPathNs = path.ownNs[spanIndex] ?? 0;
  const slackNs = slacksNs[spanIndex] ?? Number.POSITIVE_INFINITY;
  return {
    onPathNs,
    pathShare: rootDurationNs > 0 ? onPathNs / rootDurationNs : 0,
    isOnPath: path.isOnPath[spanIndex] === 1,
    dragNs: dragsNs[spanIndex] ?? 0,
    slackNs: Number.isFinite(slackNs) ? slackNs : undefined,
  };
}
