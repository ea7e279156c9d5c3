import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TimeScale } from '../base/time-scale.ts';
import { CanvasRecorder } from '../testing/canvas-recorder.ts';
import { NAMED_THEME } from '../testing/canvas-theme.ts';
import {
  chainTrace,
  orderTrace,
  shopTrace,
  toTraceJson,
  toView,
} from '../testing/trace-fixtures.ts';
import { drawMinimap, gripAt } from './minimap.ts';
import { minimapRow, rasterizeMinimap } from './minimap-raster.ts';

const ERROR = 0xff0000ff;
const PATH = 0xff00ffff;
const raster = {
  width: 864,
  height: 48,
  serviceColors: Uint32Array.from({ length: 26 }, (_, at) => at + 1),
  errorColor: ERROR,
  pathColor: PATH,
};

describe('minimap picture', () => {
  test('has a bar for every span where its time is', () => {
    const view = toView(orderTrace());
    const pixels = rasterizeMinimap(view, raster);
    view.tree.order.forEach((spanIndex, position) => {
      const { top, bottom } = minimapRow(8, raster.height, position);
      const left = Math.floor((view.offsetsNs[spanIndex] ?? 0) / 1e5);
      expect(bottom - top).toBe(4);
      expect(pixels[top * raster.width + left]).toBe((view.colors[spanIndex] ?? 0) + 1);
      expect(pixels[top * raster.width + left - 1] ?? 0).toBe(0);
    });
  });

  test('shows a failed span among thousands', () => {
    const view = toView(shopTrace({ spanCount: 20_000, errorRate: 0.0003 }));
    const pixels = rasterizeMinimap(view, raster);
    expect(view.errorCount).toBeGreaterThan(0);
    expect(pixels.filter((pixel) => pixel === ERROR).length).toBeGreaterThanOrEqual(3);
  });

  test('rows stay inside the picture, in order, and at least a pixel high', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), fc.nat(), (spanCount, at) => {
        const position = at % spanCount;
        const { top, bottom } = minimapRow(spanCount, 48, position);
        expect(top).toBeGreaterThanOrEqual(0);
        expect(bottom).toBeGreaterThan(top);
        expect(bottom).toBeLessThanOrEqual(48);
      }),
    );
  });

  test('is drawn for any shape of trace', () => {
    const single = toView(chainTrace(1));
    expect(rasterizeMinimap(single, raster).some((pixel) => pixel !== 0)).toBe(true);
    const empty = toView(toTraceJson([]));
    expect(rasterizeMinimap(empty, raster).every((pixel) => pixel === 0)).toBe(true);
  });
});

describe('minimap window', () => {
  const scale = new TimeScale({ startNs: 0, endNs: 1_000 }, { leftPx: 0, widthPx: 1_000 });
  const visible = { startNs: 200, endNs: 400 };

  test('veils what the waterfall does not show', () => {
    const recorder = new CanvasRecorder();
    drawMinimap(recorder.context, {
      picture: {} as CanvasImageSource,
      scale,
      widthPx: 1_060,
      heightPx: 56,
      paddingPx: 4,
      theme: NAMED_THEME,
      visible,
      cursorPx: undefined,
      draft: undefined,
    });
    const veils = recorder.named('fillRect').filter(({ fillStyle }) => fillStyle === 'veil');
    expect(veils.map(({ args }) => args)).toEqual([
      [0, 0, 200, 56],
      [400, 0, 660, 56],
    ]);
  });

  test('can be taken hold of at its edges and in its middle', () => {
    const grip = (xPx: number) => gripAt({ scale, visible }, xPx);
    expect([197, 300, 405, 500].map(grip)).toEqual(['start', 'window', 'end', 'outside']);
  });

  test('cannot be taken hold of while everything is visible', () => {
    expect(gripAt({ scale, visible: undefined }, 0)).toBe('outside');
  });
});
