import { describe, expect, test } from 'vitest';
import { TimeScale } from '../base/time-scale.ts';
import { computeTicks } from '../base/time-ticks.ts';
import { CanvasRecorder } from '../testing/canvas-recorder.ts';
import { NAMED_THEME } from '../testing/canvas-theme.ts';
import { fanTrace, orderTrace, shopTrace, toView } from '../testing/trace-fixtures.ts';
import { expandAll } from '../trace/collapse.ts';
import { layoutRows } from '../trace/span-rows.ts';
import { gainInsight } from '../trace/trace-insight.ts';
import type { TraceView } from '../trace/trace-view.ts';
import { TextMeasurer } from './text-measurer.ts';
import { drawWaterfall, placeLabel } from './waterfall.ts';
import type { WaterfallFrame } from './waterfall.ts';

function frameOf(view: TraceView, change: Partial<WaterfallFrame> = {}): WaterfallFrame {
  const collapsed = change.collapsed ?? expandAll(view.tree);
  const rows = layoutRows(view.tree, collapsed);
  const range = { startNs: 0, endNs: view.durationNs };
  return {
    view,
    rows,
    collapsed,
    path: undefined,
    evidence: undefined,
    window: { rowCount: rows.spanIndexes.length, rowHeightPx: 22, scrollTopPx: 0, heightPx: 440 },
    scale: new TimeScale(range, { leftPx: 10, widthPx: 880 }),
    ticks: computeTicks(range, 880, 100),
    widthPx: 960,
    theme: NAMED_THEME,
    text: new TextMeasurer(),
    hoverRow: undefined,
    selectedRow: undefined,
    cursorPx: undefined,
    draft: undefined,
    ...change,
  };
}

function draw(frame: WaterfallFrame): CanvasRecorder {
  const recorder = new CanvasRecorder();
  drawWaterfall(recorder.context, frame);
  return recorder;
}

describe('drawWaterfall', () => {
  test('writes the duration of each row', () => {
    expect(draw(frameOf(toView(orderTrace()))).texts).toEqual([
      '86.4 ms',
      '84.1 ms',
      '37.5 ms',
      '33.0 ms',
      '30.2 ms',
      '24.8 ms',
      '31.7 ms',
      '5.90 ms',
    ]);
  });

  test('draws nothing of rows that are out of view, however many there are', () => {
    const view = toView(shopTrace({ spanCount: 20_000 }));
    const calls = draw(frameOf(view)).calls.length;
    expect(calls).toBeGreaterThan(50);
    expect(calls).toBeLessThan(2_000);
  });

  test('draws a parent of 20,000 children in as many steps as it has pixels', () => {
    const view = toView(fanTrace(20_000));
    const frame = frameOf(view, {
      window: { rowCount: 1, rowHeightPx: 22, scrollTopPx: 0, heightPx: 22 },
    });
    expect(draw(frame).calls.length).toBeLessThan(3_000);
  });

  test('draws time in children lighter, and a leaf solid', () => {
    const recorder = draw(frameOf(toView(orderTrace())));
    const fills = recorder.named('fill').map(({ fillStyle }) => fillStyle);
    expect(fills.filter((style) => style === 'light')).toHaveLength(5);
    expect(fills.filter((style) => style === 'solid')).toHaveLength(8);
  });

  test('marks a failed span by a sign and an outline, not by colour alone', () => {
    const recorder = draw(frameOf(toView(orderTrace({ isFailed: true }))));
    const signs = recorder.named('arc').map(({ fillStyle }) => fillStyle);
    expect(signs).toEqual(['error', 'error', 'error']);
    expect(
      recorder.named('stroke').filter(({ strokeStyle }) => strokeStyle === 'error'),
    ).toHaveLength(3);
  });

  test('fades bars that go on beyond the view into the colour of their row', () => {
    const view = toView(orderTrace());
    const scale = new TimeScale({ startNs: 10e6, endNs: 30e6 }, { leftPx: 10, widthPx: 880 });
    const recorder = draw(frameOf(view, { scale, selectedRow: 0 }));
    const fades = recorder
      .named('fillRect')
      .filter(({ fillStyle }) => fillStyle.startsWith('gradient'));
    expect(fades[0]?.fillStyle).toContain('selected');
    expect(fades.length).toBeGreaterThanOrEqual(8);
  });

  test('points to spans outside of the view', () => {
    const view = toView(orderTrace());
    const scale = new TimeScale({ startNs: 1e6, endNs: 2e6 }, { leftPx: 10, widthPx: 880 });
    const recorder = draw(frameOf(view, { scale }));
    expect(recorder.texts).toHaveLength(2);
    expect(
      recorder.named('stroke').filter(({ strokeStyle }) => strokeStyle === 'solid'),
    ).toHaveLength(6);
  });

  test('marks events, exceptions in the colour of errors', () => {
    const recorder = draw(frameOf(toView(orderTrace({ isFailed: true }))));
    const afterDiamond = recorder.calls.filter(
      (_, at) => recorder.calls[at - 2]?.name === 'closePath',
    );
    expect(afterDiamond.map(({ fillStyle }) => fillStyle)).toEqual(['text', 'error']);
  });
});

describe('placeLabel', () => {
  const bar = { leftPx: 100, rightPx: 200, isCutLeft: false, isCutRight: false };

  test('stands right of the bar, else left of it', () => {
    expect(placeLabel(bar, 50, 1_000)).toEqual({ leftPx: 206, place: 'beside' });
    expect(placeLabel(bar, 50, 220)).toEqual({ leftPx: 44, place: 'beside' });
  });

  test('stands at the edge where the bar goes on beyond it', () => {
    const cut = { ...bar, rightPx: 1_008, isCutRight: true, leftPx: -8, isCutLeft: true };
    expect(placeLabel(cut, 50, 1_000)).toEqual({ leftPx: 944, place: 'rightEdge' });
    expect(placeLabel({ ...cut, rightPx: 990, isCutRight: false }, 50, 1_000)?.place).toBe(
      'leftEdge',
    );
  });

  test('is left out where there is no room', () => {
    expect(placeLabel({ ...bar, leftPx: 10, rightPx: 90 }, 50, 100)).toBeUndefined();
  });
});

describe('the critical path', () => {
  const view = toView(orderTrace());
  const { path } = gainInsight(view.columns);
  const lines = (change: Partial<WaterfallFrame>) =>
    draw(frameOf(view, { path, ...change }))
      .named('fillRect')
      .filter(({ fillStyle }) => fillStyle === 'warning-mark')
      .map(({ args }) => args.map(Number));

  test('is a line on the lower edge of bars, which adds up to the length of the root', () => {
    const drawn = lines({});
    const pxPerNs = 880 / view.durationNs;
    const totalPx = drawn.reduce((sum, [, , widthPx = 0]) => sum + widthPx, 0);
    expect(totalPx).toBeCloseTo((view.durationsNs[0] ?? 0) * pxPerNs, 0);
    for (const [, topPx = 0, , heightPx] of drawn) {
      // A row is 22 px high and its bar 12 px: the line goes from 16 to 18 px, one below the bar.
      expect([(topPx + 22) % 22, heightPx]).toEqual([15, 3]);
    }
  });

  test('goes through what is folded away', () => {
    const collapsed = expandAll(view.tree);
    collapsed[0] = 1;
    const [first, ...more] = lines({ collapsed });
    expect(more).toEqual([]);
    expect(first?.[2]).toBeCloseTo(880, 0);
  });

  test('takes no more steps than the bar has pixels', () => {
    const fan = toView(fanTrace(20_000));
    const drawn = draw(frameOf(fan, { path: gainInsight(fan.columns).path }));
    expect(drawn.calls.length).toBeLessThan(4_000);
  });

  test('rows that show a finding lie on a ground of their own', () => {
    const evidence = new Uint8Array(view.spanCount);
    evidence[1] = 1;
    const grounds = draw(frameOf(view, { evidence }))
      .named('fillRect')
      .filter(({ fillStyle }) => fillStyle === 'warning-soft');
    expect(grounds.map(({ args }) => args)).toEqual([[0, 22, 960, 22]]);
  });
});
