import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  boundsOfBucket,
  latencyBucket,
  mergeSketches,
  quantileOf,
  totalWeight,
  weightBelow,
} from './latency-sketch.ts';
import type { LatencySketch } from './latency-sketch.ts';

function sketchOf(durations: readonly number[]): LatencySketch {
  const single = durations.map((nanos) => ({
    buckets: [latencyBucket(nanos >>> 0, Math.floor(nanos / 2 ** 32))],
    weights: [1],
  }));
  return mergeSketches(single);
}

const durations = fc.array(fc.nat({ max: 2 ** 53 - 1 }), { minLength: 1, maxLength: 50 });

describe('a latency sketch', () => {
  test('has each duration in a bucket of which it lies between the bounds', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 53 - 1 }), (nanos) => {
        const [bucket = -1] = sketchOf([nanos]).buckets;
        const { low, high } = boundsOfBucket(bucket);
        expect(nanos).toBeGreaterThanOrEqual(low);
        expect(nanos).toBeLessThan(high);
        expect(boundsOfBucket(bucket + 1).low).toBe(high);
        expect(high - low).toBeLessThanOrEqual(Math.max(1, low / 16));
      }),
    );
  });

  test('tells quantiles within a sixteenth, and they grow', () => {
    fc.assert(
      fc.property(durations, fc.double({ min: 0.01, max: 1, noNaN: true }), (values, share) => {
        const sorted = [...values].sort((a, b) => a - b);
        const exact = sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
        const found = quantileOf(sketchOf(values), share);
        expect(Math.abs(found - exact)).toBeLessThanOrEqual(exact / 16 + 1);
        expect(quantileOf(sketchOf(values), share / 2)).toBeLessThanOrEqual(found);
      }),
    );
  });

  test('tells how much lies below, from none to all', () => {
    fc.assert(
      fc.property(durations, (values) => {
        const sketch = sketchOf(values);
        expect(totalWeight(sketch)).toBe(values.length);
        expect(weightBelow(sketch, 0)).toBe(0);
        expect(weightBelow(sketch, 2 ** 54)).toBeCloseTo(values.length);
        const half = quantileOf(sketch, 0.5);
        expect(weightBelow(sketch, half)).toBeCloseTo(values.length / 2);
      }),
    );
  });

  test('of nothing has no quantile', () => {
    expect(quantileOf({ buckets: [], weights: [] }, 0.5)).toBeNaN();
  });
});
