/**
 * The waterfall: one bar per row. Draws what it is given and keeps nothing: culls rows before it computes where a bar
 * lies, bars before it cares for their inside, and texts by the room they have.
 */
import { formatDuration } from '../base/format.ts';
import type { TimeRange } from '../base/time-range.ts';
import type { TimeScale } from '../base/time-scale.ts';
import type { TimeTicks } from '../base/time-ticks.ts';
import type { SpanRows } from '../trace/span-rows.ts';
import type { TraceView } from '../trace/trace-view.ts';
import { drawBar, drawEvents, drawOutside } from './bar.ts';
import { BAR_HEIGHT_PX, layoutBar } from './bar-geometry.ts';
import type { BarStretch } from './bar-geometry.ts';
import type { CanvasTheme } from './canvas-theme.ts';
import type { DrawContext } from './draw-context.ts';
import { rowTopPx, visibleRows } from './row-window.ts';
import type { RowWindow } from './row-window.ts';
import type { TextMeasurer } from './text-measurer.ts';

export interface WaterfallFrame {
  readonly view: TraceView;
  readonly rows: SpanRows;
  readonly window: RowWindow;
  readonly scale: TimeScale;
  readonly ticks: TimeTicks;
  readonly widthPx: number;
  readonly theme: CanvasTheme;
  readonly text: TextMeasurer;
  readonly hoverRow: number | undefined;
  readonly selectedRow: number | undefined;
  /** Where the pointer is in time, drawn as a line through all rows. */
  readonly cursorPx: number | undefined;
  /** The range that is being drawn up with the pointer. */
  readonly draft: TimeRange | undefined;
}

const LABEL_GAP_PX = 6;
const SIGN_RADIUS_PX = 5.5;
const FADE_PX = 18;

export function drawWaterfall(context: DrawContext, frame: WaterfallFrame): void {
  const { window, rows, theme } = frame;
  drawRowBand(context, frame, { row: frame.hoverRow, color: theme.hover });
  drawRowBand(context, frame, { row: frame.selectedRow, color: theme.selected });
  if (frame.draft !== undefined) drawDraft(context, frame, frame.draft);
  drawGrid(context, frame);
  context.font = theme.font;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  const { first, end } = visibleRows(window);
  for (let row = first; row < end; row++) {
    drawRow(context, frame, { row, spanIndex: rows.spanIndexes[row] ?? 0 });
  }
  if (frame.cursorPx !== undefined) drawCursor(context, frame, frame.cursorPx);
}

function drawRowBand(
  context: DrawContext,
  { window, widthPx }: WaterfallFrame,
  { row, color }: { readonly row: number | undefined; readonly color: string },
): void {
  if (row === undefined) return;
  context.fillStyle = color;
  context.fillRect(0, rowTopPx(window, row), widthPx, window.rowHeightPx);
}

function drawGrid(context: DrawContext, { ticks, scale, theme, window }: WaterfallFrame): void {
  context.fillStyle = theme.line;
  for (let i = 0; i < ticks.count; i++) {
    const xPx = Math.round(scale.toPx(ticks.firstNs + i * ticks.stepNs));
    context.fillRect(xPx, 0, 1, window.heightPx);
  }
}

function drawDraft(
  context: DrawContext,
  { scale, theme, window }: WaterfallFrame,
  draft: TimeRange,
): void {
  const leftPx = scale.toPx(draft.startNs);
  const rightPx = scale.toPx(draft.endNs);
  context.fillStyle = theme.accentSoft;
  context.fillRect(leftPx, 0, rightPx - leftPx, window.heightPx);
  context.fillStyle = theme.accent;
  context.fillRect(Math.round(leftPx), 0, 1, window.heightPx);
  context.fillRect(Math.round(rightPx), 0, 1, window.heightPx);
}

interface Row {
  readonly row: number;
  readonly spanIndex: number;
}

function drawRow(context: DrawContext, frame: WaterfallFrame, { row, spanIndex }: Row): void {
  const { view, scale, widthPx, theme, window } = frame;
  const middlePx = Math.round(rowTopPx(window, row) + window.rowHeightPx / 2);
  const color = view.colors[spanIndex] ?? 0;
  const bar = layoutBar(view, spanIndex, scale, widthPx);
  if (bar === 'before' || bar === 'after') {
    const isError = view.errors[spanIndex] === 1;
    const ink = isError ? theme.error : (theme.serviceSolid[color] ?? theme.text);
    drawOutside(context, { side: bar, middlePx, widthPx, ink });
    return;
  }
  const topPx = middlePx - BAR_HEIGHT_PX / 2;
  drawBar(context, { view, spanIndex, bar, scale, topPx, theme });
  if (bar.isCutLeft || bar.isCutRight) drawFade(context, frame, { row, bar });
  drawEvents(context, { view, spanIndex, scale, middlePx, theme, viewWidthPx: widthPx });
  drawLabel(context, frame, { row, spanIndex, bar, middlePx });
}

/** Lets the bar run out into the colour of its row, where the span goes on beyond the view. */
function drawFade(
  context: DrawContext,
  { window, widthPx, theme, selectedRow, hoverRow }: WaterfallFrame,
  { row, bar }: { readonly row: number; readonly bar: BarStretch },
): void {
  const topPx = rowTopPx(window, row);
  const hovered = row === hoverRow ? theme.hover : theme.background;
  const ground = row === selectedRow ? theme.selected : hovered;
  for (const [isCut, edgePx, innerPx] of [
    [bar.isCutLeft, 0, FADE_PX],
    [bar.isCutRight, widthPx, widthPx - FADE_PX],
  ] as const) {
    if (!isCut) continue;
    const gradient = context.createLinearGradient(edgePx, 0, innerPx, 0);
    gradient.addColorStop(0, ground);
    gradient.addColorStop(1, transparent(ground));
    context.fillStyle = gradient;
    context.fillRect(Math.min(edgePx, innerPx), topPx, FADE_PX, window.rowHeightPx);
  }
}

/** `oklch(L C H)` with no opacity: fading to the keyword `transparent` would pass through grey in some browsers. */
function transparent(color: string): string {
  return color.replace(/^(oklch\([^/)]+)\)$/, '$1 / 0)');
}

interface Label extends Row {
  readonly bar: BarStretch;
  readonly middlePx: number;
}

/** The duration: right of the bar, else left of it, else on it, else (the bar is wide and the text wider) not at all. */
function drawLabel(context: DrawContext, frame: WaterfallFrame, label: Label): void {
  const { view, theme, text, widthPx, selectedRow } = frame;
  const { spanIndex, bar, row, middlePx } = label;
  const isError = view.errors[spanIndex] === 1;
  const words = formatDuration(view.durationsNs[spanIndex] ?? 0);
  const signPx = isError ? 2 * SIGN_RADIUS_PX + 4 : 0;
  const needPx = text.measure(context, theme.font, words) + signPx;
  const place = placeLabel(bar, needPx, widthPx);
  if (place === undefined) return;
  if (place.isOnBar) {
    context.fillStyle = theme.background;
    context.beginPath();
    context.roundRect(place.leftPx - 4, middlePx - 7, needPx + 8, 14, 3);
    context.fill();
  }
  if (isError) drawErrorSign(context, theme, { xPx: place.leftPx + SIGN_RADIUS_PX, yPx: middlePx });
  context.fillStyle = row === selectedRow ? theme.text : theme.textMuted;
  context.fillText(words, place.leftPx + signPx, middlePx + 0.5);
}

/** Answers the left edge of a label that is `needPx` wide. */
export function placeLabel(
  bar: BarStretch,
  needPx: number,
  viewWidthPx: number,
): { readonly leftPx: number; readonly isOnBar: boolean } | undefined {
  const rightOf = bar.rightPx + LABEL_GAP_PX;
  if (!bar.isCutRight && rightOf + needPx <= viewWidthPx)
    return { leftPx: rightOf, isOnBar: false };
  const leftOf = bar.leftPx - LABEL_GAP_PX - needPx;
  if (!bar.isCutLeft && leftOf >= 0) return { leftPx: leftOf, isOnBar: false };
  const right = Math.min(bar.rightPx, viewWidthPx) - (bar.isCutRight ? FADE_PX + 4 : 8) - needPx;
  const left = Math.max(bar.leftPx, 0) + (bar.isCutLeft ? FADE_PX + 4 : 8);
  return right >= left ? { leftPx: right, isOnBar: true } : undefined;
}

/** A disc with an exclamation mark, drawn rather than written: it must look the same in every font. */
function drawErrorSign(
  context: DrawContext,
  theme: CanvasTheme,
  { xPx, yPx }: { readonly xPx: number; readonly yPx: number },
): void {
  context.fillStyle = theme.error;
  context.beginPath();
  context.arc(xPx, yPx, SIGN_RADIUS_PX, 0, 2 * Math.PI);
  context.fill();
  context.fillStyle = theme.background;
  context.fillRect(xPx - 0.75, yPx - 3.25, 1.5, 4);
  context.fillRect(xPx - 0.75, yPx + 1.75, 1.5, 1.5);
}

function drawCursor(context: DrawContext, { theme, window }: WaterfallFrame, xPx: number): void {
  context.fillStyle = theme.textFaint;
  context.fillRect(Math.round(xPx), 0, 1, window.heightPx);
}
