import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { orderTrace, shopTrace, indexOfName, toView } from '../testing/trace-fixtures.ts';
import {
  collapseFromDepth,
  collapseOneLevel,
  expandAll,
  expandAncestors,
  expandOneLevel,
  setCollapsed,
} from './collapse.ts';
import { isShown, layoutRows } from './span-rows.ts';
import { nameOf } from './trace-view.ts';

const anyFolding = fc
  .tuple(fc.integer({ min: 1, max: 60 }), fc.integer(), fc.array(fc.nat(59)))
  .map(([spanCount, seed, folded]) => {
    const view = toView(shopTrace({ spanCount, seed }));
    const collapsed = new Uint8Array(spanCount);
    for (const index of folded) if (index < spanCount) collapsed[index] = 1;
    return { view, collapsed };
  });

describe('rows', () => {
  test('every span is in its row, or in the row of the collapsed span that hides it', () => {
    fc.assert(
      fc.property(anyFolding, ({ view, collapsed }) => {
        const { parents } = view.tree;
        const rows = layoutRows(view.tree, collapsed);
        const shown = new Set(rows.spanIndexes);
        expect(shown.size).toBe(rows.spanIndexes.length);
        parents.forEach((_, index) => {
          let at = index;
          let top = index;
          for (; at >= 0; at = parents[at] ?? -1) if (at !== index && collapsed[at] === 1) top = at;
          expect(isShown(rows, index)).toBe(top === index);
          expect(rows.spanIndexes[rows.rowOfSpan[index] ?? -1]).toBe(top);
        });
      }),
    );
  });

  test('a filter leaves the spans that it marks, and each other one at the row above it that is left', () => {
    fc.assert(
      fc.property(anyFolding, fc.nat(59), ({ view, collapsed }, from) => {
        const { parents } = view.tree;
        // What is above a marked span is marked: a way up from one span.
        const marks = new Uint8Array(view.spanCount);
        for (let at = from % view.spanCount; at >= 0; at = parents[at] ?? -1) marks[at] = 1;
        const all = layoutRows(view.tree, collapsed);
        const rows = layoutRows(view.tree, collapsed, marks);
        expect(Array.from(rows.spanIndexes)).toEqual(
          Array.from(all.spanIndexes).filter((index) => marks[index] === 1),
        );
        parents.forEach((_, index) => {
          let at = index;
          while (at >= 0 && !isShown(rows, at)) at = parents[at] ?? -1;
          if (at >= 0) expect(rows.spanIndexes[rows.rowOfSpan[index] ?? -1]).toBe(at);
        });
      }),
    );
  });

  test('children come after their parents, and a subtree is in one piece', () => {
    fc.assert(
      fc.property(anyFolding, ({ view, collapsed }) => {
        const rows = layoutRows(view.tree, collapsed);
        rows.spanIndexes.forEach((index, row) => {
          const parent = view.tree.parents[index] ?? -1;
          if (parent < 0) return;
          const parentRow = rows.rowOfSpan[parent] ?? -1;
          expect(parentRow).toBeLessThan(row);
          for (let between = parentRow + 1; between <= row; between++) {
            const depth = view.tree.depths[rows.spanIndexes[between] ?? 0] ?? 0;
            expect(depth).toBeGreaterThan(view.tree.depths[parent] ?? 0);
          }
        });
      }),
    );
  });
});

describe('collapse', () => {
  const view = toView(orderTrace());
  const { tree } = view;
  const names = (collapsed: Uint8Array) =>
    Array.from(layoutRows(tree, collapsed).spanIndexes, (index) => nameOf(view, index));

  test('all leaves the roots', () => {
    expect(names(collapseFromDepth(tree, 0))).toEqual(['POST /orders']);
  });

  test('one level at a time folds the deepest first', () => {
    let collapsed = expandAll(tree);
    collapsed = collapseOneLevel(tree, layoutRows(tree, collapsed), collapsed);
    expect(names(collapsed)).not.toContain('SELECT users');
    expect(names(collapsed)).toContain('get-user');
    collapsed = collapseOneLevel(tree, layoutRows(tree, collapsed), collapsed);
    expect(names(collapsed)).not.toContain('get-user');
  });

  test('one level at a time unfolds the shallowest first, until all is shown', () => {
    let collapsed = collapseFromDepth(tree, 0);
    collapsed = expandOneLevel(tree, layoutRows(tree, collapsed), collapsed);
    expect(names(collapsed)).toEqual(['POST /orders', 'create-order']);
    for (let i = 0; i < 9; i++)
      collapsed = expandOneLevel(tree, layoutRows(tree, collapsed), collapsed);
    expect(names(collapsed)).toHaveLength(8);
  });

  test('revealing a span unfolds only what hides it', () => {
    const collapsed = collapseFromDepth(tree, 1);
    const select = indexOfName(view, 'GET /users/{id}');
    const revealed = expandAncestors(tree, collapsed, select);
    expect(names(revealed)).toContain('GET /users/{id}');
    expect(names(revealed)).not.toContain('get-user');
    expect(expandAncestors(tree, revealed, select)).toBe(revealed);
  });

  test('never changes the set it was given', () => {
    const collapsed = expandAll(tree);
    setCollapsed(collapsed, 1, true);
    expect(collapsed.includes(1)).toBe(false);
  });
});
