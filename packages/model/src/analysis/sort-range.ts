/** Below this, insertion is faster than the engine's sort, and makes no view. */
const INSERTION_LENGTH = 24;

/** Sorts `rows` from `from` up to `to` where they lie. Linear when they are in order already, as children by start mostly are. */
export function sortRange(
  rows: Uint32Array,
  { from, to }: { readonly from: number; readonly to: number },
  compare: (a: number, b: number) => number,
): void {
  if (to - from > INSERTION_LENGTH) {
    if (!isSorted(rows, from, to, compare)) rows.subarray(from, to).sort(compare);
    return;
  }
  for (let at = from + 1; at < to; at++) {
    const row = rows[at] ?? 0;
    let hole = at;
    for (; hole > from && compare(rows[hole - 1] ?? 0, row) > 0; hole--)
      rows[hole] = rows[hole - 1] ?? 0;
    rows[hole] = row;
  }
}

function isSorted(
  rows: Uint32Array,
  from: number,
  to: number,
  compare: (a: number, b: number) => number,
): boolean {
  for (let at = from + 1; at < to; at++) {
    if (compare(rows[at - 1] ?? 0, rows[at] ?? 0) > 0) return false;
  }
  return true;
}
