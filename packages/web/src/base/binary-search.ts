/** A slice of a sorted array. */
export interface SortedSlice {
  readonly values: Float64Array | Uint32Array;
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

/** Index of the first value that is at least `value`; `to` when there is none. */
export function lowerBound({ values, from, to }: SortedSlice, value: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the first value that is greater than `value`; `to` when there is none. */
export function upperBound({ values, from, to }: SortedSlice, value: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
