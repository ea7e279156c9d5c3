/** What can be done with the set of collapsed spans. Each function answers a new set. */
import type { TraceTree } from '@clew/model';
import type { CollapsedSpans, SpanRows } from './span-rows.ts';

export function expandAll(tree: TraceTree): CollapsedSpans {
  return new Uint8Array(tree.order.length);
}

/** Collapses every span at `depth` and below that has children; depth 0 leaves only the roots. */
export function collapseFromDepth(tree: TraceTree, depth: number): CollapsedSpans {
  const { depths, descendantCounts } = tree;
  return Uint8Array.from(depths, (one, index) =>
    one >= depth && (descendantCounts[index] ?? 0) > 0 ? 1 : 0,
  );
}

export function setCollapsed(
  collapsed: CollapsedSpans,
  spanIndex: number,
  isCollapsed: boolean,
): CollapsedSpans {
  const next = collapsed.slice();
  next[spanIndex] = isCollapsed ? 1 : 0;
  return next;
}

/** Collapses the deepest level of spans that shows children. */
export function collapseOneLevel(
  tree: TraceTree,
  rows: SpanRows,
  collapsed: CollapsedSpans,
): CollapsedSpans {
  let deepest = -1;
  for (const index of rows.spanIndexes) {
    if (isExpanded(tree, collapsed, index)) deepest = Math.max(deepest, tree.depths[index] ?? 0);
  }
  const next = collapsed.slice();
  for (const index of rows.spanIndexes) {
    if (tree.depths[index] === deepest && isExpanded(tree, collapsed, index)) next[index] = 1;
  }
  return next;
}

/** Expands the shallowest level of spans that hides children. */
export function expandOneLevel(
  tree: TraceTree,
  rows: SpanRows,
  collapsed: CollapsedSpans,
): CollapsedSpans {
  let shallowest = Number.POSITIVE_INFINITY;
  for (const index of rows.spanIndexes) {
    if (collapsed[index] === 1) shallowest = Math.min(shallowest, tree.depths[index] ?? 0);
  }
  const next = collapsed.slice();
  for (const index of rows.spanIndexes) {
    if (tree.depths[index] === shallowest) next[index] = 0;
  }
  return next;
}

/** Expands everything above a span, so that it has a row; the same set when it has one already. */
export function expandAncestors(
  tree: TraceTree,
  collapsed: CollapsedSpans,
  spanIndex: number,
): CollapsedSpans {
  let next: CollapsedSpans | undefined;
  for (let at = tree.parents[spanIndex] ?? -1; at >= 0; at = tree.parents[at] ?? -1) {
    if (collapsed[at] !== 1) continue;
    next ??= collapsed.slice();
    next[at] = 0;
  }
  return next ?? collapsed;
}

function isExpanded(tree: TraceTree, collapsed: CollapsedSpans, index: number): boolean {
  return collapsed[index] !== 1 && (tree.descendantCounts[index] ?? 0) > 0;
}
