import { boundsOfBucket } from '@clew/model';
import type { LatencySketch } from '@clew/model';

/**
 * The bounds of each power of ten: the preferred numbers of ISO 3 (R40), which are 6% apart, so that a quantile is off by no more;
 * and those of them that people write, for where there would be too many.
 */
const FINE_STEPS: readonly number[] = [
  1, 1.06, 1.12, 1.18, 1.25, 1.32, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2, 2.12, 2.24, 2.36, 2.5, 2.65,
  2.8, 3, 3.15, 3.35, 3.55, 3.75, 4, 4.25, 4.5, 4.75, 5, 5.3, 5.6, 6, 6.3, 6.7, 7.1, 7.5, 8, 8.5, 9,
  9.5,
];
const COARSE_STEPS: readonly number[] = [1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8];

/** From a microsecond to 1,000 seconds. */
const FIRST_POWER = -6;
const LAST_POWER = 2;
const NANOS_PER_SECOND = 1e9;

/** Seconds, ascending; what is longer than the last is in the bucket of infinity alone. */
export const FINE_BOUNDS: readonly number[] = boundsOf(FINE_STEPS);
export const COARSE_BOUNDS: readonly number[] = boundsOf(COARSE_STEPS);

function boundsOf(steps: readonly number[]): readonly number[] {
  const bounds: number[] = [];
  for (let power = FIRST_POWER; power <= LAST_POWER; power++) {
    for (const step of steps) bounds.push(Number(`${step}e${power}`));
  }
  return [...bounds, 1000];
}

/** Those of some bounds between which all durations of some sketches lie, and one on either side where there is one. */
export function boundsAround(
  sketches: Iterable<LatencySketch>,
  bounds: readonly number[],
): readonly number[] {
  let [low, high] = [Infinity, -Infinity];
  for (const { buckets } of sketches) {
    const [first, last] = [buckets[0], buckets.at(-1)];
    if (first === undefined || last === undefined) continue;
    low = Math.min(low, boundsOfBucket(first).low / NANOS_PER_SECOND);
    high = Math.max(high, boundsOfBucket(last).high / NANOS_PER_SECOND);
  }
  const from = bounds.findLastIndex((bound) => bound <= low);
  const to = bounds.findIndex((bound) => bound >= high);
  return bounds.slice(Math.max(from, 0), to === -1 ? undefined : to + 1);
}

/** How much weight of a sketch lies below each of some bounds, which ascend; in seconds. */
export function weightsBelow(
  { buckets, weights }: LatencySketch,
  bounds: readonly number[],
): readonly number[] {
  const result: number[] = [];
  let at = 0;
  let below = 0;
  for (const bound of bounds) {
    const nanos = bound * NANOS_PER_SECOND;
    let part = 0;
    while (at < buckets.length) {
      const { low, high } = boundsOfBucket(buckets[at] ?? 0);
      const weight = weights[at] ?? 0;
      if (high > nanos) {
        part = low < nanos ? (weight * (nanos - low)) / (high - low) : 0;
        break;
      }
      below += weight;
      at++;
    }
    result.push(below + part);
  }
  return result;
}
