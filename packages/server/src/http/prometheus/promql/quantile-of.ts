/** Between the two values that are nearest to it by rank; what is no number is the smallest. `NaN` when there are none. */
export function quantileOf(values: readonly number[], quantile: number): number {
  if (values.length === 0 || Number.isNaN(quantile)) return NaN;
  if (quantile < 0) return -Infinity;
  if (quantile > 1) return Infinity;
  const sorted = values.toSorted((a, b) =>
    Number.isNaN(a) || Number.isNaN(b) ? Number(Number.isNaN(b)) - Number(Number.isNaN(a)) : a - b,
  );
  const rank = quantile * (sorted.length - 1);
  const lower = Math.floor(rank);
  const share = rank - lower;
  const below = sorted[lower] ?? NaN;
  const above = sorted[Math.min(lower + 1, sorted.length - 1)] ?? NaN;
  return below * (1 - share) + above * share;
}
