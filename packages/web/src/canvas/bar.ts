import type { TimeScale } from '../base/time-scale.ts';
import type { TraceView } from '../trace/trace-view.ts';
import { BAR_HEIGHT_PX, walkEvents, walkSelfStretches } from './bar-geometry.ts';
import type { BarStretch } from './bar-geometry.ts';
import type { CanvasTheme } from './canvas-theme.ts';
import type { DrawContext } from './draw-context.ts';

const RADIUS_PX = 2;
const EVENT_RADIUS_PX = 3;
const CHEVRON_PX = 3.5;

export interface Bar {
  readonly view: TraceView;
  readonly spanIndex: number;
  readonly bar: BarStretch;
  readonly scale: TimeScale;
  readonly topPx: number;
  readonly theme: CanvasTheme;
}

/** The span's own time solid, its time in children lighter, and an outline when it failed. */
export function drawBar(context: DrawContext, options: Bar): void {
  const { view, spanIndex, bar, topPx, theme } = options;
  const color = view.colors[spanIndex] ?? 0;
  const solid = theme.serviceSolid[color] ?? theme.text;
  const widthPx = bar.rightPx - bar.leftPx;
  const { firsts } = view.coverage;
  const hasChildren = firsts[spanIndex] !== firsts[spanIndex + 1];
  context.fillStyle = hasChildren ? (theme.serviceLight[color] ?? solid) : solid;
  context.beginPath();
  context.roundRect(bar.leftPx, topPx, widthPx, BAR_HEIGHT_PX, Math.min(RADIUS_PX, widthPx / 2));
  context.fill();
  if (hasChildren) drawSelfTime(context, options, solid);
  if (view.errors[spanIndex] === 1) drawErrorOutline(context, options);
}

function drawSelfTime(context: DrawContext, options: Bar, solid: string): void {
  const { view, spanIndex, bar, scale, topPx } = options;
  context.fillStyle = solid;
  context.beginPath();
  walkSelfStretches(view.coverage, spanIndex, { bar, scale }, ({ leftPx, rightPx }, selfShare) => {
    const widthPx = rightPx - leftPx;
    if (selfShare < 1) {
      context.globalAlpha = selfShare;
      context.fillRect(leftPx, topPx, widthPx, BAR_HEIGHT_PX);
      context.globalAlpha = 1;
      return;
    }
    const left = leftPx <= bar.leftPx ? RADIUS_PX : 0;
    const right = rightPx >= bar.rightPx ? RADIUS_PX : 0;
    context.roundRect(leftPx, topPx, widthPx, BAR_HEIGHT_PX, [left, right, right, left]);
  });
  context.fill();
}

function drawErrorOutline(context: DrawContext, { bar, topPx, theme }: Bar): void {
  context.strokeStyle = theme.error;
  context.lineWidth = 1.5;
  context.beginPath();
  context.roundRect(
    bar.leftPx - 1.25,
    topPx - 1.25,
    bar.rightPx - bar.leftPx + 2.5,
    BAR_HEIGHT_PX + 2.5,
    RADIUS_PX + 1.25,
  );
  context.stroke();
}

export interface EventRow {
  readonly view: TraceView;
  readonly spanIndex: number;
  readonly scale: TimeScale;
  readonly viewWidthPx: number;
  readonly middlePx: number;
  readonly theme: CanvasTheme;
}

/** Small diamonds at the moments of the span's events, halves that point outward for those beyond its edges; exceptions in the colour of errors. */
export function drawEvents(context: DrawContext, options: EventRow): void {
  const { view, spanIndex, scale, viewWidthPx, middlePx, theme } = options;
  walkEvents(view, spanIndex, { scale, viewWidthPx }, (xPx, at, side) => {
    context.beginPath();
    context.moveTo(xPx, middlePx - EVENT_RADIUS_PX);
    if (side !== 'before') context.lineTo(xPx + EVENT_RADIUS_PX, middlePx);
    context.lineTo(xPx, middlePx + EVENT_RADIUS_PX);
    if (side !== 'after') context.lineTo(xPx - EVENT_RADIUS_PX, middlePx);
    context.closePath();
    context.strokeStyle = theme.background;
    context.lineWidth = 2;
    context.stroke();
    context.fillStyle = view.events.exceptions[at] === 1 ? theme.error : theme.text;
    context.fill();
  });
}

export interface OutsideMark {
  readonly side: 'before' | 'after';
  readonly middlePx: number;
  readonly widthPx: number;
  readonly ink: string;
}

/** Points to where a span is that lies outside of the view. */
export function drawOutside(
  context: DrawContext,
  { side, middlePx, widthPx, ink }: OutsideMark,
): void {
  const direction = side === 'before' ? -1 : 1;
  const tipPx = side === 'before' ? 4 : widthPx - 4;
  context.strokeStyle = ink;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(tipPx - direction * CHEVRON_PX, middlePx - CHEVRON_PX);
  context.lineTo(tipPx, middlePx);
  context.lineTo(tipPx - direction * CHEVRON_PX, middlePx + CHEVRON_PX);
  context.stroke();
}
