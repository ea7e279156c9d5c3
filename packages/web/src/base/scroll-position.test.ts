import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scrollTopFor, spacerHeightPx, toContentTopPx, toElementTopPx } from './scroll-position.ts';

describe('scroll position', () => {
  test('is a pixel for a pixel in ordinary traces', () => {
    const extent = { contentHeightPx: 22 * 100_000, viewHeightPx: 700 };
    expect(spacerHeightPx(extent)).toBe(2_200_000);
    expect(toContentTopPx(extent, 1234)).toBe(1234);
  });

  test('reaches the last row of a million through an element that browsers accept', () => {
    const extent = { contentHeightPx: 22 * 1_000_000, viewHeightPx: 700 };
    expect(spacerHeightPx(extent)).toBe(10_000_000);
    expect(toContentTopPx(extent, 10_000_000 - 700)).toBeCloseTo(22_000_000 - 700);
    expect(toElementTopPx(extent, toContentTopPx(extent, 5_000_000))).toBeCloseTo(5_000_000);
  });

  test('brings any row into view, and moves only as far as it must', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.nat(200_000), (row, topPx) => {
        const place = { topPx: row * 22, heightPx: 22 };
        const to = scrollTopFor(place, topPx, 700);
        expect(place.topPx).toBeGreaterThanOrEqual(to);
        expect(place.topPx + 22).toBeLessThanOrEqual(to + 700);
        if (place.topPx >= topPx && place.topPx + 22 <= topPx + 700) expect(to).toBe(topPx);
      }),
    );
  });
});
