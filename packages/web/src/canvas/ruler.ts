import { formatDuration } from '../base/format.ts';
import type { TimeRange } from '../base/time-range.ts';
import type { TimeScale } from '../base/time-scale.ts';
import { computeTicks, formatTick } from '../base/time-ticks.ts';
import type { TimeTicks } from '../base/time-ticks.ts';
import type { CanvasTheme } from './canvas-theme.ts';
import type { DrawContext } from './draw-context.ts';
import type { TextMeasurer } from './text-measurer.ts';

export interface RulerFrame {
  readonly scale: TimeScale;
  readonly ticks: TimeTicks;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly theme: CanvasTheme;
  readonly text: TextMeasurer;
  /** Where the pointer is in time. */
  readonly cursorPx: number | undefined;
  /** The range that is being drawn up with the pointer; its length is said in its middle. */
  readonly draft: TimeRange | undefined;
}

const LABEL_GAP_PX = 4;
const MIN_TICK_SPACING_PX = 68;
const TICK_LABEL_MARGIN_PX = 14;
const PILL_PADDING_PX = 5;

/** Chooses ticks as close to each other as their labels let them be. */
export function chooseTicks(
  context: DrawContext,
  { scale, widthPx, theme, text }: Pick<RulerFrame, 'scale' | 'widthPx' | 'theme' | 'text'>,
): TimeTicks {
  const { range, px } = scale;
  const close = computeTicks(range, px.widthPx, MIN_TICK_SPACING_PX);
  context.font = theme.font;
  const longest = formatTick(range.endNs, close.stepNs);
  const needPx = text.measure(context, theme.font, longest) + TICK_LABEL_MARGIN_PX;
  const spacingPx = Math.min(Math.max(needPx, MIN_TICK_SPACING_PX), widthPx);
  return computeTicks(visibleRange(scale, widthPx), widthPx, spacingPx);
}

/** The scale's range and what is drawn beside it, up to the edges of the view. */
function visibleRange(scale: TimeScale, widthPx: number): TimeRange {
  return { startNs: Math.max(0, scale.toNs(0)), endNs: scale.toNs(widthPx) };
}

/** The time ruler: a line and a label per tick, and the pointer's time in front of them. */
export function drawRuler(context: DrawContext, frame: RulerFrame): void {
  const { scale, ticks, widthPx, heightPx, theme, text } = frame;
  context.font = theme.font;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  if (frame.draft !== undefined) drawDraftGround(context, frame, frame.draft);
  for (let i = 0; i < ticks.count; i++) {
    const ns = ticks.firstNs + i * ticks.stepNs;
    const xPx = Math.round(scale.toPx(ns));
    context.fillStyle = theme.lineStrong;
    context.fillRect(xPx, heightPx - 8, 1, 8);
    const words = formatTick(ns, ticks.stepNs);
    const room = widthPx - xPx - LABEL_GAP_PX;
    if (text.measure(context, theme.font, words) > room) continue;
    context.fillStyle = theme.textMuted;
    context.fillText(words, xPx + LABEL_GAP_PX, heightPx / 2);
  }
  if (frame.draft !== undefined) drawDraftLength(context, frame, frame.draft);
  else if (frame.cursorPx !== undefined) drawCursorTime(context, frame, frame.cursorPx);
}

function drawDraftGround(context: DrawContext, frame: RulerFrame, draft: TimeRange): void {
  const { scale, theme, heightPx } = frame;
  const widthPx = scale.toWidthPx(draft.endNs - draft.startNs);
  context.fillStyle = theme.accentSoft;
  context.fillRect(scale.toPx(draft.startNs), 0, widthPx, heightPx);
}

function drawDraftLength(context: DrawContext, frame: RulerFrame, draft: TimeRange): void {
  const words = formatDuration(draft.endNs - draft.startNs);
  const atPx = frame.scale.toPx((draft.startNs + draft.endNs) / 2);
  drawPill(context, frame, { words, atPx, ground: frame.theme.accent });
}

/** Written to the pixel: the pointer tells no finer time than the pixel it is on. */
function drawCursorTime(context: DrawContext, frame: RulerFrame, cursorPx: number): void {
  const { scale } = frame;
  const nsPerPx = scale.toDurationNs(1);
  const stepNs = Math.max(1, 10 ** Math.floor(Math.log10(nsPerPx)));
  const words = formatTick(Math.round(scale.toNs(cursorPx) / stepNs) * stepNs, stepNs);
  drawPill(context, frame, { words, atPx: cursorPx, ground: frame.theme.text });
}

interface Pill {
  readonly words: string;
  readonly atPx: number;
  readonly ground: string;
}

/** Words on a ground of their own, centred as far as the edges let them. */
function drawPill(context: DrawContext, frame: RulerFrame, { words, atPx, ground }: Pill): void {
  const { widthPx, heightPx, theme, text } = frame;
  const pillPx = text.measure(context, theme.font, words) + 2 * PILL_PADDING_PX;
  const leftPx = Math.min(Math.max(atPx - pillPx / 2, 0), widthPx - pillPx);
  context.fillStyle = ground;
  context.beginPath();
  context.roundRect(leftPx, 2, pillPx, heightPx - 4, 3);
  context.fill();
  context.fillStyle = theme.background;
  context.fillText(words, leftPx + PILL_PADDING_PX, heightPx / 2 + 0.5);
}
