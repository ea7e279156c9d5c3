import type { ClewClient } from '@clew/api';
import type { TraceColumns } from '@clew/model';
import { expect, test } from 'vitest';
import { serviceColorIndex } from '../../../../base/service-color.ts';
import { CanvasRecorder } from '../../../../testing/canvas-recorder.ts';
import { drawShape } from './draw-shape.ts';
import { LONGEST_FAILED, LONGEST_SPANS, chooseSample, readSample } from './sample-spans.ts';
import { shapeOf, shapeOfSample } from './shape-of.ts';

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

const TRACE = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanCount: 100_000,
  errorCount: 3,
  startUnixNano: '1000',
  durationNano: '200',
};

test('of a trace of many spans the longest are asked for, and of the failed ones the longest', async () => {
  const asked: unknown[] = [];
  const found = { ...FOUND, status: 'error' as const };
  const searchSpans: ClewClient['searchSpans'] = (query) => {
    asked.push(query);
    return Promise.resolve({ spans: [found] });
  };
  const sample = await readSample({ searchSpans }, TRACE, new AbortController().signal);
  const common = { order: 'slowest', start: '1000', end: '1201' };
  const ofTrace = 'trace:id = "0af7651916cd43dd8448eb211c80319c"';
  expect(asked).toEqual([
    { ...common, q: `{ ${ofTrace} }`, limit: String(LONGEST_SPANS) },
    { ...common, q: `{ ${ofTrace} && status = error }`, limit: String(LONGEST_FAILED) },
  ]);
  expect(sample).toEqual([
    { service: 'cart', startUnixNano: 1100n, durationNano: 50n, isFailed: true },
  ]);
  const shape = shapeOfSample(TRACE, sample);
  expect([...shape.starts, ...shape.ends, ...shape.errors]).toEqual([0.5, 0.75, 1]);
});

test('of spans that are all here the longest stand for the others, and failed ones are not lost', () => {
  const spans = Array.from({ length: 6000 }, (_, i) => ({
    service: 'cart',
    startUnixNano: 0n,
    durationNano: BigInt(i),
    isFailed: i < 100,
  }));
  const sample = chooseSample(spans);
  expect(sample).toHaveLength(LONGEST_SPANS + LONGEST_FAILED);
  const failed = sample.filter(({ isFailed }) => isFailed);
  expect(failed.every(({ durationNano }) => durationNano >= 50n)).toBe(true);
  expect(sample[0]?.durationNano).toBe(5999n);
});

const FOUND = {
  traceId: TRACE.traceId,
  spanId: '00f067aa0ba90001',
  service: 'cart',
  name: 'charge',
  kind: 'server' as const,
  startUnixNano: '1100',
  durationNano: '50',
  statusMessage: '',
  attributes: [],
  resourceAttributes: [],
};
