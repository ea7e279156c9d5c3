import type { TraceTree } from '@clew/model';

/** Which spans stand in which row, once what is folded away or filtered out is left out. */
export interface SpanRows {
  /** The span of each row, from top to bottom. */
  readonly spanIndexes: Uint32Array;
  /** The row of each span; of a hidden one, the row of the nearest span above it that has one, or the row before. */
  readonly rowOfSpan: Uint32Array;
}

/** Marks the collapsed spans: 1 by span index. Owned by whoever made it and never written to once shared. */
export type CollapsedSpans = Uint8Array;

/**
 * Lays the spans into rows: one pass over the order of the tree, in which everything below a span follows it, so that a
 * collapsed span skips its descendants by their number. With `shown`, only spans marked in it have a row; what is above one of them
 * must be marked, too.
 */
export function layoutRows(
  tree: TraceTree,
  collapsed: CollapsedSpans,
  shown?: Uint8Array,
): SpanRows {
  const { order, descendantCounts, parents } = tree;
  const spanIndexes = new Uint32Array(order.length);
  const rowOfSpan = new Uint32Array(order.length);
  let row = 0;
  let hiddenUntil = 0;
  for (let position = 0; position < order.length; position++) {
    const index = order[position] ?? 0;
    if (position < hiddenUntil) {
      rowOfSpan[index] = row - 1;
      continue;
    }
    if (shown !== undefined && shown[index] !== 1) {
      const parent = parents[index] ?? -1;
      rowOfSpan[index] = parent < 0 ? Math.max(0, row - 1) : (rowOfSpan[parent] ?? 0);
      continue;
    }
    spanIndexes[row] = index;
    rowOfSpan[index] = row++;
    if (collapsed[index] === 1) hiddenUntil = position + 1 + (descendantCounts[index] ?? 0);
  }
  return { spanIndexes: spanIndexes.subarray(0, row), rowOfSpan };
}

/** Whether a span has a row of its own. */
export function isShown(rows: SpanRows, spanIndex: number): boolean {
  return rows.spanIndexes[rows.rowOfSpan[spanIndex] ?? 0] === spanIndex;
}

/** Whether the row below a span's is one of its children: without one it is drawn as a leaf. */
export function hasChildRow(
  { parents }: TraceTree,
  { spanIndexes }: SpanRows,
  row: number,
): boolean {
  const below = spanIndexes[row + 1];
  return below !== undefined && parents[below] === spanIndexes[row];
}
