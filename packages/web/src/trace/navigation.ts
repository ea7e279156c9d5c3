import type { TraceTree } from '@clew/model';
import { hasChildRow } from './span-rows.ts';
import type { CollapsedSpans, SpanRows } from './span-rows.ts';

/** What an arrow key does in the tree: go to another span, or fold the one we are at. */
export type TreeMove =
  | { readonly type: 'select'; readonly spanIndex: number }
  | { readonly type: 'collapse' | 'expand'; readonly spanIndex: number }
  | { readonly type: 'none' };

export interface TreePosition {
  readonly tree: TraceTree;
  readonly rows: SpanRows;
  readonly collapsed: CollapsedSpans;
  readonly spanIndex: number | undefined;
}

const NONE: TreeMove = { type: 'none' };

/** Rows that are whole in view, from 0. */
export interface RowsInView {
  readonly first: number;
  readonly last: number;
}

/**
 * The span `rowDelta` rows further, or the nearest there is. Without a selection one goes on from what is in view: a row down is its
 * first row, a row up its last, and further is counted from its first.
 */
export function moveByRows(
  { rows, spanIndex }: TreePosition,
  rowDelta: number,
  inView: RowsInView,
): TreeMove {
  const last = rows.spanIndexes.length - 1;
  const row =
    spanIndex === undefined
      ? startRow(rowDelta, inView)
      : (rows.rowOfSpan[spanIndex] ?? 0) + rowDelta;
  return select(rows.spanIndexes[Math.min(Math.max(row, 0), last)]);
}

function startRow(rowDelta: number, { first, last }: RowsInView): number {
  if (rowDelta === 1) return first;
  return rowDelta === -1 ? last : first + rowDelta;
}

/** Right: opens what is collapsed, else goes to the first child. */
export function moveIn({ tree, rows, collapsed, spanIndex }: TreePosition): TreeMove {
  if (spanIndex === undefined || (tree.descendantCounts[spanIndex] ?? 0) === 0) return NONE;
  if (collapsed[spanIndex] === 1) return { type: 'expand', spanIndex };
  const row = rows.rowOfSpan[spanIndex] ?? 0;
  return hasChildRow(tree, rows, row) ? select(rows.spanIndexes[row + 1]) : NONE;
}

/** Left: closes what is open, else goes to the parent. */
export function moveOut({ tree, rows, collapsed, spanIndex }: TreePosition): TreeMove {
  if (spanIndex === undefined) return NONE;
  const isOpen = hasChildRow(tree, rows, rows.rowOfSpan[spanIndex] ?? 0);
  if (isOpen && collapsed[spanIndex] !== 1) {
    return { type: 'collapse', spanIndex };
  }
  const parent = tree.parents[spanIndex] ?? -1;
  return parent < 0 ? NONE : select(parent);
}

function select(spanIndex: number | undefined): TreeMove {
  return spanIndex === undefined ? NONE : { type: 'select', spanIndex };
}
