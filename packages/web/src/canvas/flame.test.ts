import { describe, expect, test } from 'vitest';
import { formatDuration } from '../base/format.ts';
import { CanvasRecorder } from '../testing/canvas-recorder.ts';
import { NAMED_THEME } from '../testing/canvas-theme.ts';
import { fanTrace, orderTrace, toView } from '../testing/trace-fixtures.ts';
import { layoutFlame } from '../trace/flame/layout-flame.ts';
import { mergeCallPaths } from '../trace/flame/merge-call-paths.ts';
import type { TraceView } from '../trace/trace-view.ts';
import { FLAME_ROW_PX, countFlameRows, drawFlame, flameFrameAt, flameFramePx } from './flame.ts';
import type { FlameFrame } from './flame.ts';
import { TextMeasurer } from './text-measurer.ts';

const WORDS = {
  ofSelf: (duration: string) => `self ${duration}`,
  ofTotal: (duration: string) => `total ${duration}`,
};

function frameOf(view: TraceView, change: Partial<FlameFrame> = {}): FlameFrame {
  const paths = mergeCallPaths(view);
  return {
    paths,
    layout: layoutFlame(paths, 'total'),
    words: WORDS,
    zoomed: undefined,
    rows: {
      rowCount: countFlameRows(paths, change.zoomed),
      rowHeightPx: FLAME_ROW_PX,
      scrollTopPx: 0,
      heightPx: 400,
    },
    widthPx: 800,
    theme: NAMED_THEME,
    text: new TextMeasurer(),
    hovered: undefined,
    selected: undefined,
    found: undefined,
    ...change,
  };
}

function draw(frame: FlameFrame): CanvasRecorder {
  const recorder = new CanvasRecorder();
  drawFlame(recorder.context, frame);
  return recorder;
}

describe('the picture of a flame graph', () => {
  test('names the frames that have room', () => {
    const { texts } = draw(frameOf(toView(orderTrace())));
    expect(texts).toContain('POST /orders');
    expect(texts).toContain('INSERT orders');
  });

  test('says which time it is that stands in a frame', () => {
    const view = toView(orderTrace());
    const frame = frameOf(view);
    const plain = ({ texts }: CanvasRecorder) =>
      texts.map((text) => text.replaceAll('\u00a0', ' '));
    const rootNs = view.durationsNs[0] ?? 0;
    const rootSelfNs = view.coverage.selfTimesNs[0] ?? 0;
    const total = plain(draw(frame));
    expect(total).toContain(`total ${formatDuration(rootNs)}`.replaceAll('\u00a0', ' '));
    const self = plain(draw({ ...frame, layout: layoutFlame(frame.paths, 'self') }));
    expect(self).toContain(`self ${formatDuration(rootSelfNs)}`.replaceAll('\u00a0', ' '));
    expect(self.filter((text) => text.startsWith('total'))).toEqual([]);
  });

  test('of a frame that is zoomed to begins with it', () => {
    const view = toView(orderTrace());
    const frame = frameOf(view);
    const { frameOfSpan } = frame.paths;
    const zoomed = frameOfSpan[3] ?? 0;
    const { texts } = draw(frameOf(view, { zoomed }));
    expect(texts[0]).toBe('GET /users/{id}');
    expect(texts).not.toContain('POST /orders');
  });

  test('hits what it draws', () => {
    const frame = frameOf(toView(orderTrace()));
    for (const index of frame.layout.rows) {
      const { leftPx, rightPx, row } = flameFramePx(frame, index);
      if (rightPx - leftPx < 1) continue;
      const point = { xPx: (leftPx + rightPx) / 2, yPx: row * FLAME_ROW_PX + 5 };
      expect(flameFrameAt(frame, point)).toBe(index);
    }
    expect(flameFrameAt(frame, { xPx: 5, yPx: 390 })).toBeUndefined();
  });

  test('draws no more than a mark per pixel of 20,000 slivers', () => {
    const { calls } = draw(frameOf(toView(fanTrace(20_000))));
    expect(calls.length).toBeLessThan(3_000);
    expect(calls.length).toBeGreaterThan(300);
  });
});
