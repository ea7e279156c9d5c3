import { describe, expect, test } from 'vitest';
import { bucketOf, endOfPower, quantileOf } from './buckets.ts';

describe('buckets of powers of two', () => {
  test.each([
    [0, 0],
    [-5, 0],
    [Number.MIN_VALUE, Number.MIN_VALUE],
    [1, 1],
    [1.5, 2],
    [1000, 1024],
  ])('%d is among the numbers up to %d', (value, end) => {
    expect(endOfPower(bucketOf(value, 'powerOfTwo') ?? Number.NaN)).toBe(end);
  });

  test('give 0 as a quantile of spans that took no time', () => {
    const none = bucketOf(0, 'powerOfTwo') ?? Number.NaN;
    const counts = new Map([
      [none, 3],
      [4, 1],
    ]);
    expect(quantileOf(counts, 0.5, 'powerOfTwo')).toBe(0);
    expect(quantileOf(counts, 1, 'powerOfTwo')).toBe(16);
  });
});
