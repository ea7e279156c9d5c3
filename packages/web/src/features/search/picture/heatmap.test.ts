import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boxBetween, countBetween, findCell, placeOf, stepFor, toHeatmap } from './heatmap.ts';
import { moveCursor } from './heatmap-keys.ts';
import { toHeatmapTable } from './heatmap-table.ts';

const START_MS = 1_795_000_000_000;
const range = { startMs: START_MS + 500, endMs: START_MS + 9800 };

/** Ten columns of a second; the first and the last are cut by the range. */
const heatmap = toHeatmap(
  {
    startUnixNano: `${START_MS}000000`,
    stepNano: '1000000000',
    cells: [
      { interval: 0, maxDurationNano: String(2 ** 20), spanCount: 5, errorCount: 0 },
      { interval: 3, maxDurationNano: String(2 ** 20), spanCount: 7, errorCount: 2 },
      { interval: 3, maxDurationNano: String(2 ** 27), spanCount: 1, errorCount: 1 },
    ],
  },
  range,
);

describe('the picture of a search', () => {
  test('counts all spans and errors, and knows its columns and buckets', () => {
    expect(heatmap).toMatchObject({ spanCount: 13, errorCount: 3, maxSpanCount: 7 });
    expect(heatmap.columnCount).toBe(10);
    expect(heatmap.firstBucket).toBe(19);
    expect(heatmap.firstBucket + heatmap.bucketCount - 1).toBe(28);
  });

  test('finds the cell of a moment and a duration, whose upper bound belongs to it', () => {
    const at = (durationNs: number) =>
      findCell(heatmap, placeOf(heatmap, START_MS + 3999, durationNs));
    expect(at(2 ** 20)?.spanCount).toBe(7);
    expect(at(2 ** 19 + 1)?.spanCount).toBe(7);
    expect(at(2 ** 20 + 1)).toBeUndefined();
    expect(at(2 ** 27)?.errorCount).toBe(1);
  });

  test('spans that took no time have a place', () => {
    const cells = [{ interval: 0, maxDurationNano: '0', spanCount: 2, errorCount: 0 }];
    const flat = toHeatmap(
      { startUnixNano: `${START_MS}000000`, stepNano: '1000000000', cells },
      range,
    );
    expect(findCell(flat, placeOf(flat, START_MS + 1, 0))?.spanCount).toBe(2);
  });

  test('an empty one still has axes', () => {
    const empty = toHeatmap({ startUnixNano: '0', stepNano: '1000000000', cells: [] }, range);
    expect(empty.bucketCount).toBeGreaterThan(5);
  });
});

describe('a box', () => {
  test('covers whole cells, and no more than the time that was searched', () => {
    const box = boxBetween(heatmap, { column: 3, bucket: 27 }, { column: 0, bucket: 20 });
    expect(box).toEqual({
      startMs: range.startMs,
      endMs: START_MS + 4000,
      minNs: 2 ** 19,
      maxNs: 2 ** 27,
    });
  });

  test('has no bound of duration at the edges of the picture', () => {
    const box = boxBetween(heatmap, { column: 1, bucket: 19 }, { column: 1, bucket: 28 });
    expect(box).toMatchObject({ minNs: undefined, maxNs: undefined });
  });

  test('holds what its cells hold', () => {
    const all = countBetween(heatmap, { column: 0, bucket: 0 }, { column: 9, bucket: 64 });
    expect(all).toEqual({ spanCount: 13, errorCount: 3 });
    const one = countBetween(heatmap, { column: 3, bucket: 27 }, { column: 3, bucket: 27 });
    expect(one).toEqual({ spanCount: 1, errorCount: 1 });
  });
});

describe('by keyboard', () => {
  const press = (key: string, shiftKey = false) => ({ key, shiftKey });

  test('the first arrow goes to the fullest cell, and the next ones from there', () => {
    const first = moveCursor(heatmap, undefined, press('ArrowLeft'));
    expect(first?.at).toEqual({ column: 3, bucket: 20 });
    expect(moveCursor(heatmap, first, press('ArrowUp'))?.at).toEqual({ column: 3, bucket: 21 });
  });

  test('Shift draws a box from where it was begun', () => {
    const first = moveCursor(heatmap, undefined, press('ArrowLeft'));
    const drawn = moveCursor(heatmap, first, press('ArrowRight', true));
    expect(drawn).toEqual({ from: { column: 3, bucket: 20 }, at: { column: 4, bucket: 20 } });
  });

  test('it stays inside of the picture', () => {
    const edge = { column: 9, bucket: 28 };
    const cursor = { at: edge, from: edge };
    expect(moveCursor(heatmap, cursor, press('ArrowRight'))?.at).toEqual(edge);
    expect(moveCursor(heatmap, cursor, press('ArrowUp'))?.at).toEqual(edge);
    expect(moveCursor(heatmap, cursor, press('x'))).toBeUndefined();
  });
});

test('the table has all spans, longest durations first', () => {
  const { times, rows } = toHeatmapTable(heatmap, 4);
  expect(times).toHaveLength(4);
  expect(rows.map(({ bucket }) => bucket)).toEqual([27, 20]);
  expect(rows[1]?.cells.map(({ spanCount }) => spanCount)).toEqual([5, 7, 0, 0]);
  expect(rows[0]?.cells[1]).toMatchObject({ spanCount: 1, errorCount: 1 });
});

describe('the length of a column', () => {
  test('is one that people read', () => {
    expect(stepFor({ startMs: 0, endMs: 3_600_000 }, 120)).toBe('30000ms');
    expect(stepFor({ startMs: 0, endMs: 100 }, 120)).toBe('1ms');
    expect(stepFor({ startMs: 0, endMs: 1 }, 100)).toBe('10us');
  });

  test('never makes more columns than are wanted', () => {
    const length = fc.integer({ min: 1, max: 10 * 365 * 86_400_000 });
    fc.assert(
      fc.property(length, fc.constantFrom(60, 120, 240), (lengthMs, columns) => {
        const step = stepFor({ startMs: 0, endMs: lengthMs }, columns);
        const stepMs = Number.parseInt(step, 10) / (step.endsWith('us') ? 1000 : 1);
        expect(lengthMs / stepMs).toBeLessThanOrEqual(columns + 1e-6);
      }),
    );
  });
});
