import type { TimeScale } from '../base/time-scale.ts';
import type { SpanRows } from '../trace/span-rows.ts';
import type { TraceView } from '../trace/trace-view.ts';
import { EVENT_SPACING_PX, layoutBar, walkEvents } from './bar-geometry.ts';
import { rowAt } from './row-window.ts';
import type { RowWindow } from './row-window.ts';

/** What is under a point of the waterfall. */
export interface WaterfallHit {
  readonly row: number;
  readonly spanIndex: number;
  readonly isOnBar: boolean;
  /** Index into the view's events. */
  readonly event: number | undefined;
}

export interface HitTarget {
  readonly view: TraceView;
  readonly rows: SpanRows;
  readonly window: RowWindow;
  readonly scale: TimeScale;
  readonly widthPx: number;
}

/** Fingers and thin bars: a bar is hit this far beside it, too. */
const SLACK_PX = 3;

/** Finds what is under a point, at the cost of one row: by its height the row, by binary search the event. */
export function hitTestWaterfall(
  target: HitTarget,
  point: { readonly xPx: number; readonly yPx: number },
): WaterfallHit | undefined {
  const { view, rows, window, scale, widthPx } = target;
  const row = rowAt(window, point.yPx);
  if (row === undefined) return undefined;
  const spanIndex = rows.spanIndexes[row] ?? 0;
  const bar = layoutBar(view, spanIndex, scale, widthPx);
  const isOnBar =
    typeof bar === 'object' &&
    point.xPx >= bar.leftPx - SLACK_PX &&
    point.xPx <= bar.rightPx + SLACK_PX;
  let event: number | undefined;
  let nearestPx = EVENT_SPACING_PX;
  walkEvents(view, spanIndex, { scale, viewWidthPx: widthPx }, (xPx, at) => {
    const distancePx = Math.abs(xPx - point.xPx);
    if (distancePx >= nearestPx) return;
    nearestPx = distancePx;
    event = at;
  });
  return { row, spanIndex, isOnBar, event };
}
