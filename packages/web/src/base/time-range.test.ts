import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  boundsOf,
  clampTimeRange,
  MIN_RANGE_NS,
  panTimeRange,
  revealInTimeRange,
  timeRangeBetween,
  zoomTimeRange,
} from './time-range.ts';
import type { TimeRange } from './time-range.ts';

const bounds = boundsOf(1e9);

const anyRange = fc
  .tuple(
    fc.double({ min: -2e9, max: 2e9, noNaN: true }),
    fc.double({ min: 0, max: 3e9, noNaN: true }),
  )
  .map(([startNs, length]): TimeRange => ({ startNs, endNs: startNs + length }));

describe('time range', () => {
  test('stays within the bounds and never below the shortest', () => {
    fc.assert(
      fc.property(anyRange, (range) => {
        const clamped = clampTimeRange(range, bounds);
        expect(clamped.startNs).toBeGreaterThanOrEqual(bounds.startNs);
        expect(clamped.endNs).toBeLessThanOrEqual(bounds.endNs + 1e-6);
        expect(clamped.endNs - clamped.startNs).toBeGreaterThanOrEqual(MIN_RANGE_NS - 1e-6);
      }),
    );
  });

  test('zoom keeps the time under the pointer where it is, while the bounds allow', () => {
    const factor = fc.double({ min: 0.2, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), factor, (share, factor) => {
        const range = { startNs: 2e8, endNs: 7e8 };
        const atNs = range.startNs + share * 5e8;
        const zoomed = zoomTimeRange(range, { atNs, factor }, bounds);
        const after = (atNs - zoomed.startNs) / (zoomed.endNs - zoomed.startNs);
        expect(after).toBeCloseTo(share, 6);
        expect(zoomed.endNs - zoomed.startNs).toBeCloseTo(5e8 * factor, -1);
      }),
    );
  });

  test('zooming out past the bounds shows all of them', () => {
    expect(zoomTimeRange({ startNs: 0, endNs: 9e8 }, { atNs: 1e8, factor: 5 }, bounds)).toEqual(
      bounds,
    );
  });

  test('zooming in stops where nanoseconds are visible', () => {
    let range: TimeRange = bounds;
    for (let i = 0; i < 200; i++) range = zoomTimeRange(range, { atNs: 5e8, factor: 0.5 }, bounds);
    expect(range.endNs - range.startNs).toBeCloseTo(MIN_RANGE_NS, 3);
  });

  test('pan keeps the length and stops at the bounds', () => {
    const range = { startNs: 1e8, endNs: 3e8 };
    expect(panTimeRange(range, 1e8, bounds)).toEqual({ startNs: 2e8, endNs: 4e8 });
    expect(panTimeRange(range, -9e9, bounds)).toEqual({ startNs: 0, endNs: 2e8 });
    expect(panTimeRange(range, 9e9, bounds)).toEqual({ startNs: 8e8, endNs: 1e9 });
  });

  test('two moments in either order make the same range', () => {
    expect(timeRangeBetween(5, 900, bounds)).toEqual(timeRangeBetween(900, 5, bounds));
  });

  test('a trace that takes no time still has room', () => {
    expect(boundsOf(0)).toEqual({ startNs: 0, endNs: 1_000 });
  });

  test('reveals what lies outside and leaves alone what is partly visible', () => {
    const range = { startNs: 0, endNs: 1e8 };
    expect(revealInTimeRange(range, { startNs: 9e7, endNs: 2e8 }, bounds)).toBe(range);
    const revealed = revealInTimeRange(range, { startNs: 5e8, endNs: 5.2e8 }, bounds);
    expect(revealed.startNs).toBeLessThan(5e8);
    expect(revealed.endNs).toBeGreaterThan(5.2e8);
    expect(revealed.endNs - revealed.startNs).toBeCloseTo(1e8);
  });

  test('reveals the beginning of what is longer than the range', () => {
    const revealed = revealInTimeRange(
      { startNs: 0, endNs: 1e7 },
      { startNs: 4e8, endNs: 9e8 },
      bounds,
    );
    expect(revealed.startNs).toBeLessThan(4e8);
    expect(revealed.endNs).toBeGreaterThan(4e8);
  });
});
