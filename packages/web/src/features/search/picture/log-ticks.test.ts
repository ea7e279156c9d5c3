import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { logTicks } from './log-ticks.ts';

test('a short stretch has fine ticks, a long one decades', () => {
  expect(logTicks(1e6, 1e7, 6)).toEqual([1e6, 2e6, 5e6, 1e7]);
  expect(logTicks(0.8e6, 1.2e8, 6)).toEqual([1e6, 3e6, 1e7, 3e7, 1e8]);
  expect(logTicks(1e3, 1e9, 7)).toEqual([1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9]);
});

test('from a minute on, ticks are minutes and hours', () => {
  expect(logTicks(5e9, 4e12, 6)).toEqual([10e9, 60e9, 600e9, 3600e9]);
});

test('ticks ascend inside the stretch, and are as many as there is room for', () => {
  const stretch = fc
    .tuple(fc.double({ min: 0, max: 17, noNaN: true }), fc.double({ min: 1, max: 12, noNaN: true }))
    .map(([from, decades]) => [10 ** from, 10 ** Math.min(20, from + decades)] as const);
  fc.assert(
    fc.property(stretch, fc.integer({ min: 4, max: 8 }), ([min, max], wanted) => {
      const ticks = logTicks(min, max, wanted);
      expect(ticks.length).toBeLessThanOrEqual(wanted);
      expect(ticks).toEqual([...ticks].sort((a, b) => a - b));
      expect(ticks.every((tick) => tick >= min && tick <= max)).toBe(true);
    }),
  );
});
