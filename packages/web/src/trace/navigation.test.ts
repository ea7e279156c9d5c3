import { describe, expect, test } from 'vitest';
import { orderTrace, toView } from '../testing/trace-fixtures.ts';
import { collapseFromDepth, expandAll } from './collapse.ts';
import { findNext, rankOfMark } from './find-next.ts';
import { moveByRows, moveIn, moveOut } from './navigation.ts';
import type { TreePosition } from './navigation.ts';
import { layoutRows } from './span-rows.ts';

const view = toView(orderTrace({ isFailed: true }));
const { tree } = view;

function at(spanIndex: number | undefined, collapsed = expandAll(tree)): TreePosition {
  return { tree, rows: layoutRows(tree, collapsed), collapsed, spanIndex };
}

describe('moving through the tree', () => {
  test('up and down go from row to row and stop at the ends', () => {
    const inView = { first: 0, last: 7 };
    expect(moveByRows(at(0), 1, inView)).toEqual({ type: 'select', spanIndex: 1 });
    expect(moveByRows(at(0), -1, inView)).toEqual({ type: 'select', spanIndex: 0 });
    expect(moveByRows(at(0), Number.POSITIVE_INFINITY, inView)).toEqual({
      type: 'select',
      spanIndex: 7,
    });
  });

  test('without a selection one goes on from the rows in view', () => {
    const rowAfter = (rowDelta: number) => {
      const position = at(undefined);
      const move = moveByRows(position, rowDelta, { first: 2, last: 5 });
      return move.type === 'select' ? position.rows.rowOfSpan[move.spanIndex] : undefined;
    };
    expect([1, -1, 3, -1000].map(rowAfter)).toEqual([2, 5, 5, 0]);
    expect([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map(rowAfter)).toEqual([7, 0]);
  });

  test('right opens what is closed, then goes in, and stays at a leaf', () => {
    expect(moveIn(at(0, collapseFromDepth(tree, 0)))).toEqual({ type: 'expand', spanIndex: 0 });
    expect(moveIn(at(0))).toEqual({ type: 'select', spanIndex: 1 });
    expect(moveIn(at(7))).toEqual({ type: 'none' });
  });

  test('left closes what is open, then goes out, and stays at the root', () => {
    expect(moveOut(at(1))).toEqual({ type: 'collapse', spanIndex: 1 });
    expect(moveOut(at(7))).toEqual({ type: 'select', spanIndex: 1 });
    expect(moveOut(at(0, collapseFromDepth(tree, 0)))).toEqual({ type: 'none' });
  });
});

describe('finding the next marked span', () => {
  test('goes forward and back through the tree and round its ends', () => {
    const failed = [0, 1, 6];
    const next = (from: number | undefined, direction: 1 | -1) =>
      findNext(tree, { marks: view.errors, from, direction });
    expect(failed.map((from) => next(from, 1))).toEqual([1, 6, 0]);
    expect(failed.map((from) => next(from, -1))).toEqual([6, 0, 1]);
    expect([next(undefined, 1), next(undefined, -1)]).toEqual([0, 6]);
    expect(next(3, 1)).toBe(6);
  });

  test('finds nothing where nothing is marked', () => {
    const marks = new Uint8Array(8);
    expect(findNext(tree, { marks, from: undefined, direction: 1 })).toBeUndefined();
  });

  test('tells which of the marked spans one is', () => {
    expect([0, 1, 6, 3].map((index) => rankOfMark(tree, view.errors, index))).toEqual([1, 2, 3, 0]);
  });
});
