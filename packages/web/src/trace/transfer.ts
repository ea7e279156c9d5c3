/** Carries what a person did to a trace over to a newer answer of it, in which spans have other indexes. */
import { formatSpanKey, findSpanByKey } from './span-key.ts';
import type { CollapsedSpans } from './span-rows.ts';
import { spanIdOf } from './trace-view.ts';
import type { TraceView } from './trace-view.ts';

/** The same span in the newer view; `undefined` when it is not there. */
export function transferSpan(
  from: TraceView,
  to: TraceView,
  spanIndex: number | undefined,
): number | undefined {
  if (spanIndex === undefined) return undefined;
  return findSpanByKey(to, formatSpanKey(from, spanIndex));
}

/** Spans that share an id are collapsed together: a small price for one look-up table. */
export function transferCollapsed(
  from: TraceView,
  to: TraceView,
  collapsed: CollapsedSpans,
): CollapsedSpans {
  const ids = new Set<string>();
  collapsed.forEach((isCollapsed, index) => {
    if (isCollapsed === 1) ids.add(spanIdOf(from, index));
  });
  const next = new Uint8Array(to.spanCount);
  if (ids.size === 0) return next;
  to.tree.descendantCounts.forEach((count, index) => {
    if (count > 0 && ids.has(spanIdOf(to, index))) next[index] = 1;
  });
  return next;
}
