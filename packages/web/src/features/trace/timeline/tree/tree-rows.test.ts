// @vitest-environment happy-dom
import { beforeEach, describe, expect, test } from 'vitest';
import { orderTrace, shopTrace, toView, withoutSpans } from '../../../../testing/trace-fixtures.ts';
import { collapseFromDepth, expandAll } from '../../../../trace/collapse.ts';
import { layoutRows } from '../../../../trace/span-rows.ts';
import type { TraceView } from '../../../../trace/trace-view.ts';
import { TreeRows } from './tree-rows.ts';
import type { TreeRowsFrame } from './tree-rows.ts';

let container: HTMLElement;
let tree: TreeRows;

beforeEach(() => {
  container = document.createElement('div');
  tree = new TreeRows(container);
});

function frameOf(
  view: TraceView,
  change: Partial<TreeRowsFrame> & { topRow?: number } = {},
): TreeRowsFrame {
  const collapsed = change.collapsed ?? expandAll(view.tree);
  const rows = layoutRows(view.tree, collapsed);
  const { topRow = 0, ...rest } = change;
  return {
    view,
    rows,
    collapsed,
    window: {
      rowCount: rows.spanIndexes.length,
      rowHeightPx: 22,
      scrollTopPx: topRow * 22,
      heightPx: 220,
    },
    selectedSpan: undefined,
    matches: undefined,
    path: undefined,
    evidence: undefined,
    ...rest,
  };
}

const rows = () => [...container.querySelectorAll<HTMLElement>('[role=row]')];
const names = () => rows().map((row) => row.querySelector('.tree-name')?.textContent);

describe('the tree', () => {
  test('is made of rows that a screen reader understands', () => {
    const view = toView(orderTrace({ isFailed: true }));
    tree.draw(frameOf(view, { selectedSpan: 1 }));
    const [, create] = rows();
    expect(names()).toContain('create-order');
    expect([
      create?.getAttribute('aria-level'),
      create?.getAttribute('aria-rowindex'),
      create?.getAttribute('aria-expanded'),
    ]).toEqual(['2', '2', 'true']);
    expect(create?.getAttribute('aria-selected')).toBe('true');
    const times = create
      ?.querySelector('.tree-times')
      ?.getAttribute('aria-label')
      ?.replaceAll('\u00a0', ' ');
    expect(times).toBe('starts at 1.20 ms, takes 84.1 ms, failed');
    expect(rows().at(-1)?.getAttribute('aria-expanded')).toBeNull();
  });

  test('says how many spans are folded away, and whether one of them failed', () => {
    const view = toView(orderTrace({ isFailed: true }));
    tree.draw(frameOf(view, { collapsed: collapseFromDepth(view.tree, 0) }));
    expect(rows()).toHaveLength(1);
    expect(rows()[0]?.querySelector('.tree-hidden')?.textContent).toBe('7');
    expect(rows()[0]?.hasAttribute('data-failed-below')).toBe(true);
    expect(rows()[0]?.getAttribute('aria-expanded')).toBe('false');
  });

  test('marks spans whose parent is missing', () => {
    const view = toView(withoutSpans(orderTrace(), ({ name }) => name === 'POST /orders'));
    tree.draw(frameOf(view));
    expect(rows()[0]?.querySelector('.tree-orphan')?.textContent).toBe('parent missing');
    expect(rows()[1]?.querySelector('.tree-orphan')?.textContent).toBe('');
  });

  test('has elements for visible rows only, in the order of the rows, wherever one scrolls', () => {
    const view = toView(shopTrace({ spanCount: 5_000 }));
    for (const topRow of [0, 3, 4, 2, 900, 4_990, 4_985, 0]) {
      tree.draw(frameOf(view, { topRow }));
      const indexes = rows().map((row) => Number(row.getAttribute('aria-rowindex')));
      expect(indexes).toEqual(Array.from({ length: 10 }, (_, at) => topRow + at + 1));
    }
  });

  test('lies over its picture, also a million rows down', () => {
    const view = toView(shopTrace({ spanCount: 100 }));
    const frame = frameOf(view);
    const tops = () => rows().map((row) => row.style.transform);
    tree.draw(frame);
    expect(tops().slice(0, 2)).toEqual(['translateY(0px)', 'translateY(22px)']);
    const spanIndexes = new Uint32Array(1_000_100);
    const window = { ...frame.window, rowCount: spanIndexes.length, scrollTopPx: 22_000_005 };
    tree.draw({ ...frame, rows: { ...frame.rows, spanIndexes }, window });
    expect(tops().slice(0, 2)).toEqual(['translateY(-5px)', 'translateY(17px)']);
  });

  test('keeps the element of a row that stays in view', () => {
    const view = toView(shopTrace({ spanCount: 100 }));
    tree.draw(frameOf(view, { topRow: 0 }));
    const kept = rows()[5];
    tree.draw(frameOf(view, { topRow: 3 }));
    expect(rows()[2]).toBe(kept);
  });
});
