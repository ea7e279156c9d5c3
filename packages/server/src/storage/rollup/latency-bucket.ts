/**
 * The latency sketch: counts of durations in buckets that grow with the duration. Below 16 ns each nanosecond has its own
 * bucket, and from there on every power of two is cut into 16 of equal width, as HdrHistogram does: a quantile read
 * from the counts is off by at most 1/32 of itself when the middle of its bucket is given. Two sketches are merged by
 * adding their counts, over any time and any services.
 *
 * The number of a bucket is made of whole numbers alone, so SQL and this code never disagree about a border.
 */

const BUCKETS_PER_POWER = 16;
const FIRST_POWER = 4;

/** The bucket of a duration in nanoseconds, given as its halves: 0 to 975. */
export function latencyBucket(low: number, high: number): number {
  if (high === 0 && low < BUCKETS_PER_POWER) return low;
  const power = high === 0 ? 31 - Math.clz32(low) : 63 - Math.clz32(high);
  const shift = power - FIRST_POWER;
  const digits =
    shift < 32 ? (low >>> shift) | (shift === 0 ? 0 : high << (32 - shift)) : high >>> (shift - 32);
  return (power - FIRST_POWER + 1) * BUCKETS_PER_POWER + (digits & (BUCKETS_PER_POWER - 1));
}

/**
 * The same number in SQL: exponent and first binary digits of the duration as a `double`, which is exact below 2^53; of
 * longer ones the last digits are dropped, because they could round it up into the next bucket.
 */
export const LATENCY_BUCKET_SQL: string = `
  toUInt16(if(duration_nano < 16, duration_nano, bitShiftRight(reinterpretAsUInt64(toFloat64(
    if(duration_nano < 9007199254740992, duration_nano, bitAnd(duration_nano, 18446744073709549568))
  )), 48) - 16416))`;
