import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TimeScale } from './time-scale.ts';

const finite = (min: number, max: number) => fc.double({ min, max, noNaN: true });

describe('TimeScale', () => {
  test('puts the range from the left edge to the right one', () => {
    const scale = new TimeScale({ startNs: 100, endNs: 300 }, { leftPx: 10, widthPx: 400 });
    expect([scale.toPx(100), scale.toPx(200), scale.toPx(300)]).toEqual([10, 210, 410]);
    expect(scale.toWidthPx(50)).toBe(100);
    expect(scale.toDurationNs(100)).toBe(50);
  });

  test('comes back from pixels to the same time', () => {
    fc.assert(
      fc.property(finite(0, 1e15), finite(20, 1e13), finite(0, 1), (startNs, length, share) => {
        const scale = new TimeScale(
          { startNs, endNs: startNs + length },
          { leftPx: 7, widthPx: 800 },
        );
        const ns = startNs + share * length;
        expect(Math.abs(scale.toNs(scale.toPx(ns)) - ns)).toBeLessThanOrEqual(
          length * 1e-9 + startNs * 1e-15,
        );
      }),
    );
  });

  test('never turns the order of two moments round', () => {
    fc.assert(
      fc.property(finite(0, 1e12), finite(0, 1e12), (a, b) => {
        const scale = new TimeScale({ startNs: 3e11, endNs: 7e11 }, { leftPx: 0, widthPx: 500 });
        if (a < b) expect(scale.toPx(a)).toBeLessThanOrEqual(scale.toPx(b));
      }),
    );
  });
});
