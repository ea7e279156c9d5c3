/** What happened over a time, counted by the minute or more, and how much of it fell into any part of that time. */
import type { LatencySketch } from '@clew/model';

/** Equal intervals, one after the other; milliseconds since 1970. */
export interface Intervals {
  readonly startMs: number;
  readonly lengthMs: number;
  readonly count: number;
  /** Now: what is counted of the interval that is still going on has happened before it. */
  readonly nowMs: number;
}

/** Latencies fall into buckets of these numbers. */
const BUCKETS = 1024;

export class SpanHistory {
  readonly #intervals: Intervals;
  /** What is in the intervals before each. */
  readonly #before: Float64Array;
  readonly #latencies: (LatencySketch | undefined)[];
  readonly #weights: Float64Array = new Float64Array(BUCKETS);

  /** `weights` and `latencies` by the number of the interval. */
  constructor(
    intervals: Intervals,
    weights: readonly (number | undefined)[],
    latencies: readonly (LatencySketch | undefined)[],
  ) {
    this.#intervals = intervals;
    this.#latencies = [...latencies];
    this.#before = new Float64Array(intervals.count + 1);
    for (let index = 0; index < intervals.count; index++) {
      this.#before[index + 1] = (this.#before[index] ?? 0) + (weights[index] ?? 0);
    }
  }

  /** How many spans began then, as if those of an interval were spread evenly over it. */
  weightBetween(fromMs: number, toMs: number): number {
    return this.#weightBefore(toMs) - this.#weightBefore(fromMs);
  }

  /** How long they took. */
  latencyBetween(fromMs: number, toMs: number): LatencySketch {
    const weights = this.#weights.fill(0);
    const { startMs, lengthMs, count } = this.#intervals;
    const first = Math.max(0, Math.floor((fromMs - startMs) / lengthMs));
    const end = Math.min(count, Math.ceil((toMs - startMs) / lengthMs));
    for (let index = first; index < end; index++) {
      const share = this.#shareBefore(index, toMs) - this.#shareBefore(index, fromMs);
      const sketch = this.#latencies[index];
      if (sketch === undefined || share === 0) continue;
      for (const [at, bucket] of sketch.buckets.entries()) {
        weights[bucket] = (weights[bucket] ?? 0) + share * (sketch.weights[at] ?? 0);
      }
    }
    const buckets: number[] = [];
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      if ((weights[bucket] ?? 0) > 0) buckets.push(bucket);
    }
    return { buckets, weights: buckets.map((bucket) => weights[bucket] ?? 0) };
  }

  #weightBefore(timeMs: number): number {
    const { startMs, lengthMs, count } = this.#intervals;
    const index = Math.min(count - 1, Math.max(0, Math.floor((timeMs - startMs) / lengthMs)));
    const before = this.#before[index] ?? 0;
    const own = (this.#before[index + 1] ?? 0) - before;
    return before + own * this.#shareBefore(index, timeMs);
  }

  /** The part of an interval's spans that began before a time. */
  #shareBefore(index: number, timeMs: number): number {
    const { startMs, lengthMs, nowMs } = this.#intervals;
    const begin = startMs + index * lengthMs;
    const isGoingOn = nowMs > begin && nowMs < begin + lengthMs;
    const passedMs = isGoingOn ? nowMs - begin : lengthMs;
    return Math.min(1, Math.max(0, (timeMs - begin) / passedMs));
  }
}
