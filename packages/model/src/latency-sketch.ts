/**
 * The latency sketch: weights of durations in buckets that grow with the duration. Below 16 ns each nanosecond has its own
 * bucket, and from there on every power of two is cut into 16 of equal width, as HdrHistogram does. Two sketches are merged by
 * adding their weights, over any time and any services.
 */

/** Buckets that have a weight, ascending, and their weights. */
export interface LatencySketch {
  readonly buckets: readonly number[];
  readonly weights: readonly number[];
}

/** Nanoseconds: from `low` on, below `high`. */
export interface BucketBounds {
  readonly low: number;
  readonly high: number;
}

const BUCKETS_PER_POWER = 16;
const FIRST_POWER = 4;

/** The bucket of a duration in nanoseconds, given as its halves: 0 to 975. Made of whole numbers alone, so SQL can say the same. */
export function latencyBucket(low: number, high: number): number {
  if (high === 0 && low < BUCKETS_PER_POWER) return low;
  const power = high === 0 ? 31 - Math.clz32(low) : 63 - Math.clz32(high);
  const shift = power - FIRST_POWER;
  const digits =
    shift < 32 ? (low >>> shift) | (shift === 0 ? 0 : high << (32 - shift)) : high >>> (shift - 32);
  return (power - FIRST_POWER + 1) * BUCKETS_PER_POWER + (digits & (BUCKETS_PER_POWER - 1));
}

/** Bounds are exact below 2^53. */
export function boundsOfBucket(bucket: number): BucketBounds {
  if (bucket < BUCKETS_PER_POWER) return { low: bucket, high: bucket + 1 };
  const width = 2 ** (Math.floor(bucket / BUCKETS_PER_POWER) - 1);
  const low = (BUCKETS_PER_POWER + (bucket % BUCKETS_PER_POWER)) * width;
  return { low, high: low + width };
}

export function totalWeight({ weights }: LatencySketch): number {
  return weights.reduce((sum, weight) => sum + weight, 0);
}

/** All that is in any of them. */
export function mergeSketches(sketches: readonly LatencySketch[]): LatencySketch {
  const weights = new Map<number, number>();
  for (const sketch of sketches) {
    for (const [i, bucket] of sketch.buckets.entries()) {
      weights.set(bucket, (weights.get(bucket) ?? 0) + (sketch.weights[i] ?? 0));
    }
  }
  const buckets = [...weights.keys()].sort((a, b) => a - b);
  return { buckets, weights: buckets.map((bucket) => weights.get(bucket) ?? 0) };
}

/**
 * The duration, in nanoseconds, that a share of 0 to 1 of the weight lies below, as if each bucket's were spread evenly over it: off
 * by at most 1/16 of itself, and mostly by far less. `NaN` of an empty sketch.
 */
export function quantileOf(sketch: LatencySketch, share: number): number {
  const wanted = Math.min(Math.max(share, 0), 1) * totalWeight(sketch);
  let below = 0;
  let last = Number.NaN;
  for (const [i, bucket] of sketch.buckets.entries()) {
    const weight = sketch.weights[i] ?? 0;
    const { low, high } = boundsOfBucket(bucket);
    if (weight > 0 && below + weight >= wanted) {
      return low + ((high - low) * (wanted - below)) / weight;
    }
    if (weight > 0) last = high;
    below += weight;
  }
  return last;
}

/** How much weight lies below a duration in nanoseconds, as if each bucket's were spread evenly over it. */
export function weightBelow({ buckets, weights }: LatencySketch, nanos: number): number {
  let below = 0;
  for (const [i, bucket] of buckets.entries()) {
    const { low, high } = boundsOfBucket(bucket);
    if (low >= nanos) break;
    below += (weights[i] ?? 0) * Math.min(1, (nanos - low) / (high - low));
  }
  return below;
}
