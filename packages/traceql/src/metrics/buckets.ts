/**
 * Numbers by order of magnitude, so that a quantile of any number of them is read off a few hundred counts. Sketches of
 * different intervals, servers and machines are added up by adding their counts.
 *
 * A bucket of the finer kind is 2% wide and stands for the number in its middle, so what is read off is within 1% of a number that
 * was there (DDSketch, Masson, Rim and Lee, VLDB 2019). The coarser kind is Tempo's: powers of two.
 */

/** What of a bucket's width is known. */
export type BucketKind = 'percent' | 'powerOfTwo';

const ACCURACY = 0.01;
const GROWTH = (1 + ACCURACY) / (1 - ACCURACY);
/** Natural logarithm of how much wider each bucket is than the one before. */
export const LOG_GROWTH: number = Math.log(GROWTH);
/** Larger than the logarithm of any `double`, so that the sign of a bucket's key is that of its numbers. */
export const KEY_OFFSET = 40_000;

/** Undefined for what is in none: what is no number, and, among powers of two, what is not above 0. */
export function bucketOf(value: number, kind: BucketKind): number | undefined {
  if (!Number.isFinite(value)) return undefined;
  if (kind === 'powerOfTwo') return value > 0 ? Math.ceil(Math.log2(value)) : undefined;
  if (value === 0) return 0;
  const key = Math.ceil(Math.log(Math.abs(value)) / LOG_GROWTH) + KEY_OFFSET;
  return value > 0 ? key : -key;
}

/** The number that a bucket of the finer kind stands for. */
function middleOf(key: number): number {
  if (key === 0) return 0;
  const middle = (2 * GROWTH ** (Math.abs(key) - KEY_OFFSET)) / (GROWTH + 1);
  return key > 0 ? middle : -middle;
}

/** The smallest number that is not exceeded by the share `quantile` of all; `NaN` of none. */
export function quantileOf(
  counts: ReadonlyMap<number, number>,
  quantile: number,
  kind: BucketKind,
): number {
  const keys = [...counts.keys()].sort((a, b) => a - b);
  let total = 0;
  for (const count of counts.values()) total += count;
  const wanted = quantile * total;
  let below = 0;
  for (const [index, key] of keys.entries()) {
    const count = counts.get(key) ?? 0;
    const isLast = index === keys.length - 1;
    if (below + count < wanted && !isLast) {
      below += count;
      continue;
    }
    if (kind === 'percent') return middleOf(key);
    // Within the power of two by how many are below, as Tempo does.
    const share = Math.min(1, Math.max(0, (wanted - below) / count));
    return 2 ** (key - 1 + share);
  }
  return Number.NaN;
}
