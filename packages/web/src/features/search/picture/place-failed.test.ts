import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placeFailed } from './place-failed.ts';
import type { RectPx } from './place-failed.ts';

const cell = (width: number, height: number): RectPx => ({ left: 30, top: 40, width, height });
const areaOf = ({ width, height }: RectPx): number => width * height;

test.each([
  // Width and height of the cell, share of failed spans; width and height of the mark.
  [8, 20, 0.5, 8, 10],
  [8, 20, 0.055, 8, 1],
  [5, 5, 0.055, 5, 1],
  [8, 2, 0.055, 4, 1],
  [8, 1, 0.055, 2, 1],
  [1, 1, 0.055, 1, 1],
  [8, 3, 1, 8, 3],
])('in a cell of %i x %i pixels a share of %f is %i x %i', (width, height, share, ...mark) => {
  const placed = placeFailed(cell(width, height), share, 1);
  expect([placed.width, placed.height]).toEqual(mark);
  expect(placed.top + placed.height).toBe(40 + height);
});

test('on a dense screen the mark is as high to the eye', () => {
  expect(placeFailed(cell(16, 20), 0.01, 2)).toEqual({ left: 30, top: 58, width: 16, height: 2 });
});

test('the mark is never more than a pixel or a quarter of the cell from the share, and always seen', () => {
  const side = fc.integer({ min: 1, max: 60 });
  fc.assert(
    fc.property(side, side, fc.double({ min: 0.0001, max: 1, noNaN: true }), (w, h, share) => {
      const placed = placeFailed(cell(w, h), share, 1);
      expect(placed.width).toBeGreaterThanOrEqual(1);
      expect(placed.height).toBeGreaterThanOrEqual(1);
      expect(placed.width).toBeLessThanOrEqual(w);
      expect(placed.height).toBeLessThanOrEqual(h);
      const tolerance = Math.max(w, h) + 0.25 * w * h;
      expect(Math.abs(areaOf(placed) - share * w * h)).toBeLessThanOrEqual(tolerance);
    }),
  );
});
