import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sampleCounters } from './counter-samples.ts';
import { gridOf, growingWindowsOf, windowsOf } from './minute-windows.ts';

const MINUTE = 60_000;

describe('a window', () => {
  test.each([
    // At 10:30 of the minute, the last five whole minutes are 5 to 9.
    [10.5, 5, 5, 10],
    [10, 5, 5, 10],
    [10.99, 1, 9, 10],
    // What is shorter than a minute is a minute, what is between is rounded.
    [10.5, 0.25, 9, 10],
    [10.5, 1.4, 9, 10],
    [10.5, 1.5, 8, 10],
  ])(
    'at minute %d, %d minutes long, is the whole minutes from %d to %d',
    (at, length, from, to) => {
      const asked = { offsetMs: 0, rangeMs: length * MINUTE };
      expect(windowsOf([at * MINUTE], asked)).toEqual({ from: [from], to: [to] });
    },
  );

  test('of an earlier time is moved as a whole', () => {
    const asked = { offsetMs: 3 * MINUTE, rangeMs: 2 * MINUTE };
    expect(windowsOf([10 * MINUTE], asked)).toEqual({ from: [5], to: [7] });
  });
});

test('a grid has as few intervals as the windows’ borders allow', () => {
  expect(gridOf({ from: [0, 60, 120], to: [30, 90, 150] })).toEqual({
    firstMinute: 0,
    stepMinutes: 30,
    intervalCount: 5,
  });
  expect(gridOf({ from: [7], to: [22] })).toEqual({
    firstMinute: 7,
    stepMinutes: 15,
    intervalCount: 1,
  });
});

test('a counter grows in a window by what was counted in its minutes', () => {
  const steps = fc.record({
    startMinute: fc.integer({ min: 100, max: 200 }),
    stepMs: fc.integer({ min: 15_000, max: 10 * MINUTE }),
    count: fc.integer({ min: 1, max: 20 }),
    rangeMs: fc.integer({ min: 1000, max: 15 * MINUTE }),
    isGrowing: fc.boolean(),
    amounts: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 500, maxLength: 500 }),
  });
  fc.assert(
    fc.property(steps, ({ startMinute, stepMs, count, rangeMs, isGrowing, amounts }) => {
      const timesMs = Array.from({ length: count }, (_, i) => startMinute * MINUTE + i * stepMs);
      const originMs = (timesMs[0] ?? 0) - rangeMs - MINUTE;
      const windows = isGrowing
        ? growingWindowsOf(timesMs, { offsetMs: 0, originMs })
        : windowsOf(timesMs, { offsetMs: 0, rangeMs });
      const grid = gridOf(windows);
      const byInterval = new Float64Array(grid.intervalCount);
      for (const [minute, amount] of amounts.entries()) {
        const interval = Math.floor((minute - grid.firstMinute) / grid.stepMinutes);
        if (interval >= 0 && interval < grid.intervalCount) {
          byInterval[interval] = (byInterval[interval] ?? 0) + amount;
        }
      }
      const series = [{ labels: new Map(), amounts: byInterval, firstInterval: 0 }];
      const evaluate = sampleCounters(series, windows, { grid, divisor: 2 });
      for (const step of timesMs.keys()) {
        const from = windows.from[step] ?? 0;
        const to = windows.to[step] ?? 0;
        const sum = amounts.slice(from, to).reduce((a, b) => a + b, 0);
        expect(evaluate(step)[0]?.value).toBe(sum / 2);
      }
    }),
  );
});

test('a series has no samples before it was seen, and one at every step from then on', () => {
  const windows = { from: [0, 1, 2, 3], to: [1, 2, 3, 4] };
  const series = [{ labels: new Map(), amounts: Float64Array.of(0, 3, 0, 0), firstInterval: 1 }];
  const evaluate = sampleCounters(series, windows, { grid: gridOf(windows), divisor: 1 });
  expect([0, 1, 2, 3].map((step) => evaluate(step).map(({ value }) => value))).toEqual([
    [],
    [3],
    [0],
    [0],
  ]);
});
