import { describe, expect, test } from 'vitest';
import { rowAt, rowTopPx, visibleRows } from './row-window.ts';

const window = { rowCount: 100, rowHeightPx: 22, scrollTopPx: 33, heightPx: 220 };

describe('row window', () => {
  test('knows the rows that are at least partly visible', () => {
    expect(visibleRows(window)).toEqual({ first: 1, end: 12 });
    expect(visibleRows({ ...window, rowCount: 3 })).toEqual({ first: 1, end: 3 });
    expect(visibleRows({ ...window, rowCount: 0 })).toEqual({ first: 1, end: 1 });
  });

  test('finds the row under a height, and none beside the rows', () => {
    expect(rowAt(window, 0)).toBe(1);
    expect(rowAt(window, 11)).toBe(2);
    expect(rowAt(window, 22 * 100)).toBeUndefined();
    expect(rowAt({ ...window, scrollTopPx: 0 }, -1)).toBeUndefined();
    expect(rowTopPx(window, 2)).toBe(11);
  });
});
