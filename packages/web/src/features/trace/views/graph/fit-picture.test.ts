import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitPicture } from './fit-picture.ts';

const FRAME = { widthPx: 1200, heightPx: 700 };

describe('a graph that is shown whole', () => {
  test('is made larger when it is small, but not beyond reading', () => {
    expect(fitPicture({ widthPx: 800, heightPx: 200 }, FRAME).scale).toBeCloseTo(1.45);
    expect(fitPicture({ widthPx: 110, heightPx: 50 }, FRAME).scale).toBe(1.75);
  });

  test('is in the middle of its frame, and within it', () => {
    const size = fc.integer({ min: 50, max: 10_000 });
    const frame = fc.integer({ min: 200, max: 4_000 });
    fc.assert(
      fc.property(size, size, frame, frame, (width, height, frameWidth, frameHeight) => {
        const { scale, xPx, yPx } = fitPicture(
          { widthPx: width, heightPx: height },
          { widthPx: frameWidth, heightPx: frameHeight },
        );
        expect(xPx * 2 + width * scale).toBeCloseTo(frameWidth, 6);
        expect(yPx * 2 + height * scale).toBeCloseTo(frameHeight, 6);
        if (scale <= 0.05) return;
        expect(xPx).toBeGreaterThanOrEqual(0);
        expect(yPx).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
