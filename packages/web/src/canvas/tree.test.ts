import { describe, expect, test } from 'vitest';
import { CanvasRecorder } from '../testing/canvas-recorder.ts';
import { NAMED_THEME } from '../testing/canvas-theme.ts';
import { orderTrace, toView } from '../testing/trace-fixtures.ts';
import { expandAll, setCollapsed } from '../trace/collapse.ts';
import { layoutRows } from '../trace/span-rows.ts';
import { TextMeasurer } from './text-measurer.ts';
import { drawTree } from './tree.ts';
import type { TreeFrame } from './tree.ts';

const ROW_HEIGHT_PX = 22;
const view = toView(orderTrace({ isFailed: true }));

function draw(changes: Partial<TreeFrame> = {}): CanvasRecorder {
  const recorder = new CanvasRecorder();
  const collapsed = changes.collapsed ?? expandAll(view.tree);
  const rows = layoutRows(view.tree, collapsed);
  const rowCount = rows.spanIndexes.length;
  drawTree(recorder.context, {
    view,
    rows,
    collapsed,
    window: {
      rowCount,
      rowHeightPx: ROW_HEIGHT_PX,
      scrollTopPx: 0,
      heightPx: rowCount * ROW_HEIGHT_PX,
    },
    widthPx: 500,
    theme: NAMED_THEME,
    text: new TextMeasurer(),
    selectedSpan: undefined,
    matches: undefined,
    evidence: undefined,
    noName: '(no name)',
    ...changes,
  });
  return recorder;
}

describe('drawTree', () => {
  test('writes each span with its service, further in the deeper it is', () => {
    const recorder = draw();
    expect(recorder.texts.slice(0, 2)).toEqual(['POST /orders', 'order-service']);
    const [root, child] = recorder
      .named('fillText')
      .filter(({ args }) => !String(args[0]).endsWith('-service'))
      .map(({ args }) => Number(args[1]));
    expect(child).toBeGreaterThan(root ?? 0);
  });

  test('writes failed spans in the colour of errors', () => {
    const failed = draw()
      .named('fillText')
      .filter(({ fillStyle }) => fillStyle === 'error');
    expect(failed.map(({ args }) => args[0])).toContain('INSERT orders');
  });

  test('says how many spans are folded away, and that some of them failed', () => {
    const collapsed = setCollapsed(expandAll(view.tree), 0, true);
    const { texts } = draw({ collapsed });
    expect(texts).toEqual(['POST /orders', '! 7', 'order-service']);
  });

  test('cuts names that have no room, and draws no half of a letter', () => {
    const { texts } = draw({ widthPx: 130 });
    expect(texts.some((text) => text.endsWith('…'))).toBe(true);
    expect(texts.join('')).not.toContain('order-service');
  });

  test('lays the selected row on a ground of its own', () => {
    const row = 2;
    const spanIndex = layoutRows(view.tree, expandAll(view.tree)).spanIndexes[row];
    const grounds = draw({ selectedSpan: spanIndex })
      .named('fillRect')
      .filter(({ fillStyle }) => fillStyle === 'selected');
    expect(grounds.map(({ args }) => args)).toEqual([[0, row * ROW_HEIGHT_PX, 500, ROW_HEIGHT_PX]]);
  });
});
