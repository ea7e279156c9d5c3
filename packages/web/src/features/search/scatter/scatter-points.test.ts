import type { TraceSummaryJson } from '@clew/api';
import { describe, expect, test } from 'vitest';
import { findNearest } from './find-nearest.ts';
import { durationRange, scatterRange, toScatterPoints } from './scatter-points.ts';

const trace = (startMs: number, durationNano: string): TraceSummaryJson => ({
  traceId: String(startMs).padStart(32, '0'),
  rootService: 'cart',
  rootSpanName: 'GET /cart',
  startUnixNano: String(startMs * 1e6),
  durationNano,
  spanCount: 3,
  errorCount: 0,
  services: [],
  matchedStartUnixNano: String(startMs * 1e6),
  matchedSpanId: '00f067aa0ba902b7',
});

const points = toScatterPoints([trace(5000, '0'), trace(3000, '2000000'), trace(4000, '9000000')]);

test('points go by time, and one that took no time still has a place on a logarithmic axis', () => {
  expect(points.map(({ unixMs }) => unixMs)).toEqual([3000, 4000, 5000]);
  expect(points[2]?.durationNs).toBe(1);
});

describe('the stretch of time', () => {
  const searched = { startMs: 0, endMs: 6000 };

  test('is the one that was searched, when all traces are there', () => {
    expect(scatterRange(points, searched, false)).toEqual(searched);
    expect(scatterRange([], searched, true)).toEqual(searched);
  });

  test('begins at the oldest trace when older ones were not loaded', () => {
    const { startMs, endMs } = scatterRange(points, searched, true);
    expect(startMs).toBeGreaterThan(2900);
    expect(startMs).toBeLessThan(3000);
    expect(endMs).toBe(6000);
  });
});

test('the durations have room around them and reach over at least a decade', () => {
  const [min, max] = durationRange(points.slice(0, 2));
  expect(min).toBeLessThan(2e6);
  expect(max).toBeGreaterThan(9e6);
  expect(max / min).toBeGreaterThanOrEqual(10);
  expect(durationRange([])).toEqual([1e6, 1e9]);
});

describe('findNearest', () => {
  const placed = { xPx: Float64Array.of(10, 20, 20, 200), yPx: Float64Array.of(50, 50, 58, 50) };

  test('finds the nearest point within reach', () => {
    expect(findNearest(placed, { x: 18, y: 51 }, 14)).toBe(1);
    expect(findNearest(placed, { x: 20, y: 57 }, 14)).toBe(2);
    expect(findNearest(placed, { x: 195, y: 45 }, 14)).toBe(3);
  });

  test('finds nothing beyond', () => {
    expect(findNearest(placed, { x: 100, y: 50 }, 14)).toBeUndefined();
  });
});
