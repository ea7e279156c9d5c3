import { latencyBucket, quantileOf } from '@clew/model';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { COARSE_BOUNDS, FINE_BOUNDS, boundsAround, weightsBelow } from './bucket-bounds.ts';

const bucketOf = (seconds: number): number => {
  const nanos = BigInt(Math.round(seconds * 1e9));
  return latencyBucket(Number(nanos & 0xff_ff_ff_ffn), Number(nanos >> 32n));
};

test('bounds are numbers that people write', () => {
  expect(COARSE_BOUNDS).toEqual(
    expect.arrayContaining([0.000001, 0.0015, 0.002, 0.1, 0.5, 2, 1000]),
  );
  expect(FINE_BOUNDS).toEqual(expect.arrayContaining([...COARSE_BOUNDS]));
  expect([...FINE_BOUNDS].sort((a, b) => a - b)).toEqual(FINE_BOUNDS);
});

test('those around some durations have all of them between them', () => {
  const sketch = { buckets: [bucketOf(0.011), bucketOf(0.035)], weights: [1, 1] };
  expect(boundsAround([sketch], COARSE_BOUNDS)).toEqual([
    0.01, 0.0125, 0.015, 0.02, 0.025, 0.03, 0.04,
  ]);
  expect(boundsAround([{ buckets: [bucketOf(5000)], weights: [1] }], COARSE_BOUNDS)).toEqual([
    1000,
  ]);
  expect(boundsAround([{ buckets: [0], weights: [1] }], COARSE_BOUNDS)).toEqual([0.000001]);
});

test('what lies below a bound is what is below it in the sketch, a bucket’s share of its width', () => {
  // The bucket of 100 ms is 96,468,992 to 100,663,296 ns.
  const sketch = { buckets: [bucketOf(0.05), bucketOf(0.1)], weights: [3, 4] };
  const [none, half, some, all] = weightsBelow(sketch, [0.04, 0.08, 0.1, Infinity]);
  expect([none, half, all]).toEqual([0, 3, 7]);
  expect(some).toBeCloseTo(3 + (4 * (100_000_000 - 96_468_992)) / 4_194_304, 9);
});

test('a quantile read off the bounds is near that of the sketch', () => {
  const durations = fc.array(fc.double({ min: 1e-5, max: 500, noNaN: true }), {
    minLength: 50,
    maxLength: 200,
  });
  fc.assert(
    fc.property(durations, (seconds) => {
      const buckets = [...new Set(seconds.map(bucketOf))].sort((a, b) => a - b);
      const weights = buckets.map((b) => seconds.filter((each) => bucketOf(each) === b).length);
      const bounds = boundsAround([{ buckets, weights }], FINE_BOUNDS);
      const below = weightsBelow({ buckets, weights }, bounds);
      const rank = 0.9 * seconds.length;
      const at = below.findIndex((weight) => weight >= rank);
      const exact = quantileOf({ buckets, weights }, 0.9) / 1e9;
      expect(bounds[at]).toBeGreaterThanOrEqual(exact * 0.999_999);
      expect(bounds[at - 1] ?? 0).toBeLessThanOrEqual(exact * 1.000_001);
    }),
  );
});
