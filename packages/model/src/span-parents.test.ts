import { expect, test } from 'vitest';
import { findParents } from './span-parents.ts';

const CALLED = 1;
const CALLER = 0;

/** Spans as `[id, parent's id, whether called]`. */
function parentsOf(...spans: readonly (readonly [number, number, number])[]): readonly number[] {
  return [
    ...findParents({
      ids: Int32Array.from(spans, ([id]) => id),
      parentIds: Int32Array.from(spans, ([, parentId]) => parentId),
      called: Uint8Array.from(spans, ([, , called]) => called),
      idCount: 10,
    }),
  ];
}

test('a root has no parent, and an orphan misses one', () => {
  expect(parentsOf([1, -1, CALLER], [2, 1, CALLER], [3, 9, CALLER])).toEqual([-1, 0, -2]);
});

test('a server span is the child of the client that shares its id, and the parent of what it does', () => {
  const spans = parentsOf([1, -1, CALLER], [2, 1, CALLER], [2, 1, CALLED], [3, 2, CALLER]);
  expect(spans).toEqual([-1, 0, 1, 2]);
});

test('of spans with one id the first is the parent', () => {
  expect(parentsOf([1, -1, CALLER], [1, -1, CALLER], [2, 1, CALLER])).toEqual([-1, -1, 0]);
});

test('the first span of a cycle is a root, and so is its own parent', () => {
  expect(parentsOf([5, 3, CALLER], [1, 3, CALLER], [2, 1, CALLER], [3, 2, CALLER])).toEqual([
    3, -1, 1, 2,
  ]);
  expect(parentsOf([1, 1, CALLER])).toEqual([-1]);
});
