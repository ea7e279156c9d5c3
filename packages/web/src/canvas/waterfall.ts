/**
 * The waterfall: one bar per row. Draws what it is given and keeps nothing: culls rows before it computes where a bar
 * lies, bars before it cares for their inside, and texts by the room they have.
 */
import { formatDuration } from '../base/format.ts';
import type { TimeRange } from '../base/time-range.ts';
import type { TimeScale } from '../base/time-scale.ts';
import type { TimeTicks } from '../base/time-ticks.ts';
import type { CollapsedSpans, SpanRows } from '../trace/span-rows.ts';
import type { PathStretches } from '../trace/trace-insight.ts';
import type { TraceView } from '../trace/trace-view.ts';
import { drawBar, drawEvents, drawOutside } from './bar.ts';
import { BAR_HEIGHT_PX, layoutBar } from './bar-geometry.ts';
import type { BarStretch } from './bar-geometry.ts';
import type { CanvasTheme } from './canvas-theme.ts';
import type { DrawContext } from './draw-context.ts';
import { SIGN_RADIUS_PX, drawErrorSign } from './error-sign.ts';
import { drawPathLine } from './path-line.ts';
import { rowTopPx, visibleRows } from './row-window.ts';
import type { RowWindow } from './row-window.ts';
import type { TextMeasurer } from './text-measurer.ts';

export interface WaterfallFrame {
  readonly view: TraceView;
  readonly rows: SpanRows;
  readonly collapsed: CollapsedSpans;
  /** The critical path, where it is drawn. */
  readonly path: PathStretches | undefined;
  /** 1 for the spans that show the finding that is looked at. */
  readonly evidence: Uint8Array | undefined;
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
const SIGN_WIDTH_PX = 2 * SIGN_RADIUS_PX + 4;
const FADE_PX = 18;

/** Between a label at the edge of the view and the edge. */
const EDGE_GAP_PX = 6;

export function drawWaterfall(context: DrawContext, frame: WaterfallFrame): void {
  const { window, rows, theme } = frame;
  drawEvidence(context, frame);
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
  if (frame.cursorPx !== undefined && frame.draft === undefined) {
    drawCursor(context, frame, frame.cursorPx);
  }
}

/** Rows that show a finding lie on a ground of their own. */
function drawEvidence(context: DrawContext, frame: WaterfallFrame): void {
  const { window, rows, evidence, theme } = frame;
  if (evidence === undefined) return;
  const { first, end } = visibleRows(window);
  for (let row = first; row < end; row++) {
    if (evidence[rows.spanIndexes[row] ?? 0] === 1)
      drawRowBand(context, frame, { row, color: theme.warningSoft });
  }
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
  const isError = view.errors[spanIndex] === 1;
  const bar = layoutBar(view, spanIndex, scale, widthPx);
  if (bar === 'before' || bar === 'after') {
    const color = theme.serviceSolid[view.colors[spanIndex] ?? 0] ?? theme.text;
    drawOutside(context, { side: bar, middlePx, widthPx, ink: isError ? theme.error : color });
    return;
  }
  const topPx = middlePx - BAR_HEIGHT_PX / 2;
  drawBar(context, { view, spanIndex, bar, scale, topPx, theme });
  if (frame.path !== undefined) drawPath(context, frame, { row, spanIndex, topPx }, frame.path);
  const words = formatDuration(view.durationsNs[spanIndex] ?? 0);
  const needPx = frame.text.measure(context, theme.font, words) + (isError ? SIGN_WIDTH_PX : 0);
  const label = placeLabel(bar, needPx, widthPx);
  drawFades(context, frame, { row, bar, label, needPx });
  drawEvents(context, { view, spanIndex, scale, middlePx, theme, viewWidthPx: widthPx });
  if (label === undefined) return;
  drawLabel(context, frame, { row, label, words, isError, middlePx });
}

function drawPath(
  context: DrawContext,
  { collapsed, scale, widthPx, theme }: WaterfallFrame,
  { spanIndex, topPx }: Row & { readonly topPx: number },
  path: PathStretches,
): void {
  const isCollapsed = collapsed[spanIndex] === 1;
  drawPathLine(context, {
    path,
    spanIndex,
    isCollapsed,
    scale,
    viewWidthPx: widthPx,
    barTopPx: topPx,
    theme,
  });
}

/** Where the duration of a bar stands: beside it, or at the edge of the view beyond which the bar goes on. */
export interface LabelPlace {
  readonly leftPx: number;
  readonly place: 'beside' | 'leftEdge' | 'rightEdge';
}

/**
 * Finds room for a label that is `needPx` wide: right of the bar, else left of it, else at an edge at which the bar is cut
 * and fades out anyway. There is none for a label that is wider than what is left beside a bar that ends in view.
 */
export function placeLabel(
  bar: BarStretch,
  needPx: number,
  viewWidthPx: number,
): LabelPlace | undefined {
  const rightOf = bar.rightPx + LABEL_GAP_PX;
  if (!bar.isCutRight && rightOf + needPx <= viewWidthPx) {
    return { leftPx: rightOf, place: 'beside' };
  }
  const leftOf = bar.leftPx - LABEL_GAP_PX - needPx;
  if (!bar.isCutLeft && leftOf >= 0) return { leftPx: leftOf, place: 'beside' };
  if (viewWidthPx < 2 * (needPx + FADE_PX)) return undefined;
  if (bar.isCutRight) return { leftPx: viewWidthPx - needPx - EDGE_GAP_PX, place: 'rightEdge' };
  return bar.isCutLeft ? { leftPx: EDGE_GAP_PX, place: 'leftEdge' } : undefined;
}

interface Fades {
  readonly row: number;
  readonly bar: BarStretch;
  readonly label: LabelPlace | undefined;
  readonly needPx: number;
}

/** Lets the bar run out into the colour of its row where the span goes on beyond the view, before the label if one is there. */
function drawFades(context: DrawContext, frame: WaterfallFrame, fades: Fades): void {
  const { bar, label, needPx, row } = fades;
  const { widthPx, theme, selectedRow, hoverRow } = frame;
  if (!bar.isCutLeft && !bar.isCutRight) return;
  const isEvidence = frame.evidence?.[frame.rows.spanIndexes[row] ?? 0] === 1;
  const plain = isEvidence ? theme.warningSoft : theme.background;
  const hovered = row === hoverRow ? theme.hover : plain;
  const ground = row === selectedRow ? theme.selected : hovered;
  const labelPx = needPx + EDGE_GAP_PX + LABEL_GAP_PX;
  if (bar.isCutLeft) {
    const fromPx = label?.place === 'leftEdge' ? labelPx : 0;
    drawFade(context, frame, { row, ground, edgePx: 0, fromPx, toPx: fromPx + FADE_PX });
  }
  if (bar.isCutRight) {
    const fromPx = widthPx - (label?.place === 'rightEdge' ? labelPx : 0);
    drawFade(context, frame, { row, ground, edgePx: widthPx, fromPx, toPx: fromPx - FADE_PX });
  }
}

interface Fade {
  readonly row: number;
  readonly ground: string;
  /** From the edge of the view to `fromPx` nothing is left of the bar, from there to `toPx` it comes back. */
  readonly edgePx: number;
  readonly fromPx: number;
  readonly toPx: number;
}

function drawFade(
  context: DrawContext,
  { window }: WaterfallFrame,
  { row, ground, edgePx, fromPx, toPx }: Fade,
): void {
  const topPx = rowTopPx(window, row) + 1;
  const heightPx = window.rowHeightPx - 2;
  const gradient = context.createLinearGradient(fromPx, 0, toPx, 0);
  gradient.addColorStop(0, ground);
  gradient.addColorStop(1, transparent(ground));
  context.fillStyle = gradient;
  context.fillRect(Math.min(edgePx, toPx), topPx, Math.abs(toPx - edgePx), heightPx);
}

/** `oklch(L C H)` with no opacity: fading to the keyword `transparent` would pass through grey in some browsers. */
function transparent(color: string): string {
  return color.replace(/^(oklch\([^/)]+)\)$/, '$1 / 0)');
}

interface Label {
  readonly row: number;
  readonly label: LabelPlace;
  readonly words: string;
  readonly isError: boolean;
  readonly middlePx: number;
}

function drawLabel(context: DrawContext, frame: WaterfallFrame, label: Label): void {
  const { theme, selectedRow } = frame;
  const { leftPx } = label.label;
  if (label.isError) {
    drawErrorSign(context, theme, { xPx: leftPx + SIGN_RADIUS_PX, yPx: label.middlePx });
  }
  context.fillStyle = label.row === selectedRow ? theme.text : theme.textMuted;
  context.fillText(label.words, leftPx + (label.isError ? SIGN_WIDTH_PX : 0), label.middlePx + 0.5);
}

function drawCursor(context: DrawContext, { theme, window }: WaterfallFrame, xPx: number): void {
  context.fillStyle = theme.textFaint;
  context.fillRect(Math.round(xPx), 0, 1, window.heightPx);
}
