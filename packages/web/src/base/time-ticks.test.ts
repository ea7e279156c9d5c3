import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { computeTicks, formatTick } from './time-ticks.ts';

const format = (ns: number, stepNs: number) => formatTick(ns, stepNs).replaceAll('\u00a0', ' ');

describe('time ticks', () => {
  test('takes round steps', () => {
    expect(computeTicks({ startNs: 0, endNs: 1e9 }, 1_000, 100)).toEqual({
      firstNs: 0,
      stepNs: 1e8,
      count: 11,
    });
    expect(computeTicks({ startNs: 130, endNs: 470 }, 1_000, 100)).toEqual({
      firstNs: 150,
      stepNs: 50,
      count: 7,
    });
  });

  test('counts in sixties above ten seconds', () => {
    expect(computeTicks({ startNs: 0, endNs: 300e9 }, 1_000, 100).stepNs).toBe(30e9);
    expect(computeTicks({ startNs: 0, endNs: 7200e9 }, 1_000, 100).stepNs).toBe(900e9);
    expect(computeTicks({ startNs: 0, endNs: 100 * 86_400e9 }, 1_000, 100).stepNs).toBe(
      10 * 86_400e9,
    );
  });

  test('keeps its distance, stays in the range and is never endless', () => {
    const start = fc.double({ min: 0, max: 1e13, noNaN: true });
    const length = fc.double({ min: 20, max: 1e16, noNaN: true });
    fc.assert(
      fc.property(start, length, (startNs, length) => {
        const range = { startNs, endNs: startNs + length };
        const { firstNs, stepNs, count } = computeTicks(range, 900, 80);
        expect((stepNs / length) * 900).toBeGreaterThanOrEqual(Math.min(80, 900 / length) - 1e-3);
        expect(count).toBeLessThanOrEqual(46);
        if (count > 0) {
          expect(firstNs).toBeGreaterThanOrEqual(startNs - stepNs * 1e-6);
          expect(firstNs + (count - 1) * stepNs).toBeLessThanOrEqual(range.endNs + stepNs * 1e-6);
        }
      }),
    );
  });

  test('writes as many digits as tell a tick from the next', () => {
    expect(format(0, 1e6)).toBe('0');
    expect(format(1.5e6, 5e5)).toBe('1.5 ms');
    expect(format(2e6, 1e6)).toBe('2 ms');
    expect(format(1_234_567, 1)).toBe('1.234567 ms');
    expect(format(250, 50)).toBe('250 ns');
    expect(format(1.2e9, 2e8)).toBe('1.2 s');
    expect(format(90e9, 30e9)).toBe('1 min 30 s');
    expect(format(3_600e9, 600e9)).toBe('1 h');
    expect(format(3_660e9, 60e9)).toBe('1 h 1 min');
    expect(format(504 * 3_600e9, 24 * 3_600e9)).toBe('21 d');
    expect(format(30 * 3_600e9, 6 * 3_600e9)).toBe('1 d 6 h');
    expect(format(61.5e9, 5e8)).toBe('1 min 1.5 s');
  });
});
