import type { TraceColumns } from '@clew/model';
import { expect, test } from 'vitest';
import { serviceColorIndex } from '../../../../base/service-color.ts';
import { CanvasRecorder } from '../../../../testing/canvas-recorder.ts';
import { drawShape } from './draw-shape.ts';
import { shapeOf } from './shape-of.ts';

/** What a shape is made of: spans as start and duration, all of one service. */
function columns(spans: readonly (readonly [number, number, 'ok' | 'error'])[]): TraceColumns {
  const shown: Partial<TraceColumns> = {
    spanCount: spans.length,
    startsNs: Float64Array.from(spans, ([start]) => start),
    durationsNs: Float64Array.from(spans, ([, duration]) => duration),
    statuses: Uint8Array.from(spans, ([, , status]) => (status === 'error' ? 2 : 1)),
    serviceIndexes: new Uint32Array(spans.length),
    services: ['cart'],
  };
  return shown as TraceColumns;
}

const SIZE = { widthPx: 100, heightPx: 20 };
const services = Array.from({ length: 24 }, (_, index) => `color ${index}`);

function rectsOf(trace: TraceColumns) {
  const recorder = new CanvasRecorder();
  drawShape(recorder.context, shapeOf(trace), SIZE, { services, error: 'red' });
  return recorder
    .named('fillRect')
    .map(({ args, fillStyle }) => ({ rect: args as number[], fillStyle }));
}

test('each span is a bar at its share of the time, in the colour of its service', () => {
  const rects = rectsOf(
    columns([
      [0, 200, 'ok'],
      [100, 50, 'ok'],
    ]),
  );
  expect(rects.map(({ rect: [x, , width] }) => [x, width])).toEqual([
    [0, 100],
    [50, 25],
  ]);
  expect(rects[0]?.fillStyle).toBe(`color ${serviceColorIndex('cart')}`);
});

test('a failed span is drawn last, in red', () => {
  const rects = rectsOf(
    columns([
      [0, 200, 'error'],
      [100, 50, 'ok'],
    ]),
  );
  expect(rects.map(({ fillStyle }) => fillStyle === 'red')).toEqual([false, true]);
});

test('thousands of spans stay inside of the picture, and one that took no time is seen', () => {
  const rects = rectsOf(columns(Array.from({ length: 5000 }, (_, i) => [i, 0, 'ok'])));
  expect(rects).toHaveLength(5000);
  for (const { rect } of rects) {
    const [x = -1, y = -1, width = 0, height = 0] = rect;
    expect(width).toBeGreaterThanOrEqual(1);
    expect(x + width).toBeLessThanOrEqual(SIZE.widthPx);
    expect(y + height).toBeLessThanOrEqual(SIZE.heightPx);
  }
});
