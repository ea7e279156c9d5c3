/** The row of each span in a list of some; -1 for one that is not in it. */
export function rowsOfSpans(spanIndexes: Uint32Array, spanCount: number): Int32Array {
  const rows = new Int32Array(spanCount).fill(-1);
  for (let row = 0; row < spanIndexes.length; row++) rows[spanIndexes[row] ?? 0] = row;
  return rows;
}

/** The row of what is selected; undefined when it has none. */
export function rowOfSelected(rows: Int32Array, spanIndex: number | undefined): number | undefined {
  const row = spanIndex === undefined ? -1 : (rows[spanIndex] ?? -1);
  return row < 0 ? undefined : row;
}
