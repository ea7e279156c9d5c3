/**
 * Numbers by order of magnitude, so that a quantile of any number of them is read off a few hundred counts. Sketches of
 * different intervals, servers and machines are added up by adding their counts.
 *
 * A bucket of the finer kind is one of 128 equal parts of a power of two, as HdrHistogram cuts them, and stands for the number in
 * its middle: what is read off is within 0.4% of a number that was there. Its key is the sign, the exponent and the first seven
 * binary digits of the number as a `double`, which cost no logarithm. The coarser kind is Tempo's: powers of two,
 * and one bucket more for what has no logarithm, 0 and below.
 */

/** What of a bucket's width is known. */
export type BucketKind = 'fine' | 'powerOfTwo';

/** Of the 64 bits of a `double`, those behind the seventh digit. */
export const DROPPED_BITS = 45;

const number = new Float64Array(1);
const halves = new Uint32Array(number.buffer);

/** Among powers of two, the bucket of 0 and of all below: below the power that the smallest `double` is. */
export const NO_POWER = -1075;

/** Undefined for what is in none, as it is no number. */
export function bucketOf(value: number, kind: BucketKind): number | undefined {
  if (!Number.isFinite(value)) return undefined;
  if (kind === 'powerOfTwo') return value > 0 ? Math.ceil(Math.log2(value)) : NO_POWER;
  number[0] = Math.abs(value);
  const key = (halves[1] ?? 0) >>> (DROPPED_BITS - 32);
  return value < 0 ? -key : key;
}

/** What the numbers in a power of two are not above. */
export function endOfPower(key: number): number {
  return key === NO_POWER ? 0 : 2 ** key;
}

/** The number that a bucket of the finer kind stands for. */
function middleOf(key: number): number {
  if (key === 0) return 0;
  halves[0] = 0;
  // Half a digit more than the key has.
  halves[1] = ((Math.abs(key) << 1) | 1) << (DROPPED_BITS - 33);
  const middle = number[0] ?? Number.NaN;
  return key < 0 ? -middle : middle;
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
    if (kind === 'fine') return middleOf(key);
    if (key === NO_POWER) return 0;
    // Within the power of two by how many are below, as Tempo does.
    const share = Math.min(1, Math.max(0, (wanted - below) / count));
    return 2 ** (key - 1 + share);
  }
  return Number.NaN;
}
