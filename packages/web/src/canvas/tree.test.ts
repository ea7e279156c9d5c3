import { describe, expect, test } from 'vitest';
import { CanvasRecorder } from '../testing/canvas-recorder.ts';
import { NAMED_THEME } from '../testing/canvas-theme.ts';
import { chainTrace, orderTrace, toView, withoutSpans } from '../testing/trace-fixtures.ts';
import { collapseFromDepth, expandAll } from '../trace/collapse.ts';
import { layoutRows } from '../trace/span-rows.ts';
import type { TraceView } from '../trace/trace-view.ts';
import { TextMeasurer } from './text-measurer.ts';
import { drawTree, hitTestTree } from './tree.ts';
import type { TreeFrame } from './tree.ts';

const ROW_PX = 22;

function frameOf(
  view: TraceView,
  change: Partial<TreeFrame> & { readonly topRow?: number } = {},
): TreeFrame {
  const { topRow = 0, collapsed = expandAll(view.tree), ...rest } = change;
  const rows = layoutRows(view.tree, collapsed);
  return {
    view,
    rows,
    collapsed,
    window: {
      rowCount: rows.spanIndexes.length,
      rowHeightPx: ROW_PX,
      scrollTopPx: topRow * ROW_PX,
      heightPx: 10 * ROW_PX,
    },
    widthPx: 400,
    theme: NAMED_THEME,
    text: new TextMeasurer(),
    selectedSpan: undefined,
    hoverSpan: undefined,
    matches: undefined,
    evidence: undefined,
    words: { noName: '(no name)', parentMissing: 'parent missing' },
    ...rest,
  };
}

function draw(frame: TreeFrame) {
  const recorder = new CanvasRecorder();
  const places = drawTree(recorder.context, frame);
  return { recorder, places, texts: recorder.texts };
}

describe('the picture of the tree', () => {
  test('says each name with its service, and no row that is out of view', () => {
    const view = toView(orderTrace());
    const { texts } = draw(frameOf(view));
    expect(texts.slice(0, 4)).toEqual([
      'POST /orders',
      'order-service',
      'create-order',
      'order-service',
    ]);
    const further = draw(frameOf(view, { topRow: 1 })).texts;
    expect(further[0]).toBe('create-order');
  });

  test('leaves the service out where there is no room, and cuts the name', () => {
    const { texts } = draw(frameOf(toView(orderTrace()), { widthPx: 130 }));
    expect(texts[0]).toBe('POST /orders');
    expect(texts).not.toContain('order-service');
    const narrow = draw(frameOf(toView(orderTrace()), { widthPx: 96 })).texts;
    expect(narrow[0]).toMatch(/^POST /);
    expect(narrow[0]).toMatch(/…$/);
  });

  test('says that a span has no name, that its parent is missing, and how many are folded away', () => {
    const view = toView(withoutSpans(orderTrace(), ({ name }) => name === 'POST /orders'));
    const collapsed = collapseFromDepth(view.tree, 0);
    const { texts } = draw(frameOf(view, { collapsed }));
    expect(texts).toContain('parent missing');
    expect(texts).toContain('6');
    const [span] = orderTrace().spans;
    const nameless = span === undefined ? [] : [{ ...span, name: '' }];
    expect(draw(frameOf(toView({ ...orderTrace(), spans: nameless }))).texts[0]).toBe('(no name)');
  });

  test('cuts a name of a megabyte without measuring all of it', () => {
    const [span] = orderTrace().spans;
    const spans = span === undefined ? [] : [{ ...span, name: '🧵'.repeat(500_000) }];
    const { texts } = draw(frameOf(toView({ ...orderTrace(), spans })));
    expect(texts[0]?.length).toBeLessThan(100);
    // No half of a letter is left before the mark.
    expect(texts[0]).toMatch(/^(🧵)+…$/u);
  });

  test('writes failed spans in the colour of errors, and how many failed below what is folded', () => {
    const view = toView(orderTrace({ isFailed: true }));
    const { recorder } = draw(frameOf(view));
    const failed = recorder.named('fillText').filter(({ fillStyle }) => fillStyle === 'error');
    expect(failed.map(({ args }) => args[0])).toContain('INSERT orders');
    const { texts } = draw(frameOf(view, { collapsed: collapseFromDepth(view.tree, 0) }));
    expect(texts).toEqual(['POST /orders', '! 7', 'order-service']);
  });

  test('lays the selected row on a ground of its own', () => {
    const frame = frameOf(toView(orderTrace()));
    const selectedSpan = frame.rows.spanIndexes[2];
    const { recorder } = draw({ ...frame, selectedSpan });
    const grounds = recorder.named('fillRect').filter(({ fillStyle }) => fillStyle === 'selected');
    expect(grounds.map(({ args }) => args)).toEqual([[0, 2 * ROW_PX, 400, ROW_PX]]);
  });

  test('follows a chain of thousands to the left', () => {
    const { places } = draw(frameOf(toView(chainTrace(5_000)), { topRow: 2_000 }));
    expect(places.indent.baseDepth).toBe(1995);
  });
});

describe('a point of the tree', () => {
  const view = toView(orderTrace());
  const middleOf = (row: number) => row * ROW_PX + ROW_PX / 2;

  test('lies on the row that is drawn there', () => {
    const frame = frameOf(view);
    const { places } = draw(frame);
    for (const [row, spanIndex] of frame.rows.spanIndexes.entries()) {
      const hit = hitTestTree(frame, places, { xPx: 200, yPx: middleOf(row) });
      expect(hit).toEqual({ spanIndex, isOnFold: false });
    }
    const below = { xPx: 200, yPx: middleOf(frame.rows.spanIndexes.length) };
    expect(hitTestTree(frame, places, below)).toBeUndefined();
  });

  test('folds on a caret, further to the right for a deeper span, and never on a leaf', () => {
    const frame = frameOf(view);
    const { places } = draw(frame);
    const isOnFold = (row: number, xPx: number) =>
      hitTestTree(frame, places, { xPx, yPx: middleOf(row) })?.isOnFold;
    expect([isOnFold(0, 12), isOnFold(1, 12), isOnFold(1, 26)]).toEqual([true, false, true]);
    const last = frame.rows.spanIndexes.length - 1;
    for (let xPx = 0; xPx < frame.widthPx; xPx += 4) expect(isOnFold(last, xPx)).toBe(false);
  });

  test('unfolds on the number of what is hidden', () => {
    const frame = frameOf(view, { collapsed: collapseFromDepth(view.tree, 0) });
    const { places } = draw(frame);
    const pill = places.pills.get(0);
    const xPx = ((pill?.leftPx ?? 0) + (pill?.rightPx ?? 0)) / 2;
    expect(hitTestTree(frame, places, { xPx, yPx: 5 })?.isOnFold).toBe(true);
    expect(hitTestTree(frame, places, { xPx: xPx + 60, yPx: 5 })?.isOnFold).toBe(false);
  });
});
