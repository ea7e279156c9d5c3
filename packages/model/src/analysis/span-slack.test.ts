import { describe, expect, test } from 'vitest';
import { CELL_NS, drawTrace } from '../testing/draw-trace.ts';
import { analyzeTrace } from './analyze-trace.ts';

/** Drag and slack of each span by its name, in signs of the picture. */
function measure(picture: string): Readonly<Record<string, readonly [number, number]>> {
  const { columns } = drawTrace(picture);
  const { dragsNs, slacksNs } = analyzeTrace(columns);
  return Object.fromEntries(
    Array.from({ length: columns.spanCount }, (_, row) => [
      columns.names[columns.nameIndexes[row] ?? -1],
      [(dragsNs[row] ?? 0) / CELL_NS, (slacksNs[row] ?? 0) / CELL_NS],
    ]),
  );
}

describe('drag and slack', () => {
  test('of calls one after the other: all of each, and none', () => {
    expect(
      measure(`
        root |============
          a  | ===
          b  |      ====
      `),
    ).toEqual({ root: [12, 0], a: [3, 0], b: [4, 0] });
  });

  test('of calls side by side: as far as the next to end', () => {
    // Without `b` the root waits for `a` until 5 instead of 8, so 3 are saved. `a` may end 8 - 5 = 3 later, `c` 8 - 3 = 5.
    expect(
      measure(`
        root |=========
          a  | ====
          b  | =======
          c  | ==
      `),
    ).toEqual({ root: [9, 0], b: [3, 0], a: [0, 3], c: [0, 5] });
  });

  test('of two that end together: none of either', () => {
    expect(
      measure(`
        root |=====
          a  |   ==
          b  | ====
      `),
    ).toEqual({ root: [5, 0], b: [0, 0], a: [0, 0] });
  });

  test('of what comes before calls side by side: these move together', () => {
    // Without `first`, `a` and `b` begin 3 earlier: 3 are saved, though `a` ends only 1 before `b`. Without `b` only 1 is.
    expect(
      measure(`
        root    |===========
          first | ===
          a     |    =====
          b     |    ======
      `),
    ).toEqual({ root: [11, 0], first: [3, 0], b: [1, 0], a: [0, 1] });
  });

  test('of what a long call runs beside: as far as that one lasts', () => {
    // Without `a` or `b` the root still waits for `long`, until 9 instead of 10.
    expect(
      measure(`
        root   |===========
          long | ========
          a    | ====
          b    |     =====
      `),
    ).toEqual({ root: [11, 0], a: [1, 0], b: [1, 0], long: [0, 1] });
  });

  test('within a call: no more than the call is worth', () => {
    // Without `query` the call `a` would end at 1 + 8 - 6 = 3, but `b` ends at 7: 9 - 7 = 2. `log` runs beside `query`, which ends 4
    // after it, in a call on the path: 4. In `b`, which may take 2 longer, `read` may, too.
    expect(
      measure(`
        root      |==========
          a       | ========
            query |  ======
            log   |  ==
          b       | ======
            read  |  ====
      `),
    ).toEqual({
      root: [10, 0],
      a: [2, 0],
      query: [2, 0],
      log: [0, 4],
      b: [0, 2],
      read: [0, 2],
    });
  });

  test('of what nothing waits for: none, and any', () => {
    expect(
      measure(`
        root                   |======
          send shop:producer   | ==
            take mail:consumer |  ======
              mail             |   ==
          log                  |   =======
      `),
    ).toEqual({
      root: [6, 0],
      send: [2, 0],
      take: [0, Infinity],
      mail: [0, Infinity],
      log: [0, Infinity],
    });
  });
});
