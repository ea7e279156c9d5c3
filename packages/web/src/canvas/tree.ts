/** The tree of spans for pictures that are saved; on the page its rows are elements, see `features/trace/timeline/tree/`. */
import { formatCount } from '../base/format.ts';
import { hasChildRow } from '../trace/span-rows.ts';
import type { CollapsedSpans, SpanRows } from '../trace/span-rows.ts';
import { nameOf, serviceOf } from '../trace/trace-view.ts';
import type { TraceView } from '../trace/trace-view.ts';
import type { CanvasTheme } from './canvas-theme.ts';
import type { DrawContext } from './draw-context.ts';
import { drawErrorSign } from './error-sign.ts';
import { fitText } from './fit-text.ts';
import { resizeFont } from './picture/picture.ts';
import { rowTopPx, visibleRows } from './row-window.ts';
import type { RowWindow } from './row-window.ts';
import type { TextMeasurer } from './text-measurer.ts';
import { computeIndent, indentPx } from './tree-indent.ts';
import type { TreeIndent } from './tree-indent.ts';

export interface TreeFrame {
  readonly view: TraceView;
  readonly rows: SpanRows;
  readonly collapsed: CollapsedSpans;
  readonly window: RowWindow;
  readonly widthPx: number;
  readonly theme: CanvasTheme;
  readonly text: TextMeasurer;
  readonly selectedSpan: number | undefined;
  /** 1 for the spans that are looked for. */
  readonly matches: Uint8Array | undefined;
  /** 1 for the spans that show the finding that is looked at. */
  readonly evidence: Uint8Array | undefined;
  /** For a span that has none. */
  readonly noName: string;
}

const LEFT_PX = 6;
const CARET_PX = 17;
const MARK_GAP_PX = 10;
const WORD_GAP_PX = 8;
const SIGN_ROOM_PX = 26;
const PILL_PADDING_PX = 5;

export function drawTree(context: DrawContext, frame: TreeFrame): void {
  const { view, rows, window, widthPx } = frame;
  const { first, end } = visibleRows(window);
  let minDepth = Number.POSITIVE_INFINITY;
  for (let row = first; row < end; row++) {
    minDepth = Math.min(minDepth, view.tree.depths[rows.spanIndexes[row] ?? 0] ?? 0);
  }
  const indent = computeIndent(widthPx, view.tree.maxDepth, first < end ? minDepth : 0);
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  for (let row = first; row < end; row++) {
    drawRow(context, frame, { row, spanIndex: rows.spanIndexes[row] ?? 0, indent });
  }
}

interface TreeRow {
  readonly row: number;
  readonly spanIndex: number;
  readonly indent: TreeIndent;
}

function drawRow(context: DrawContext, frame: TreeFrame, place: TreeRow): void {
  const { view, rows, collapsed, window, widthPx, theme } = frame;
  const { row, spanIndex, indent } = place;
  const topPx = rowTopPx(window, row);
  const middlePx = topPx + window.rowHeightPx / 2;
  drawGround(context, frame, spanIndex, topPx);
  const stepsPx = indentPx(indent, view.tree.depths[spanIndex] ?? 0);
  context.fillStyle = theme.line;
  for (let xPx = 0; xPx < stepsPx; xPx += indent.stepPx) {
    context.fillRect(LEFT_PX + 8 + xPx, topPx, 1, window.rowHeightPx);
  }
  let leftPx = LEFT_PX + stepsPx;
  const isCollapsed = collapsed[spanIndex] === 1;
  if (isCollapsed || hasChildRow(view.tree, rows, row)) {
    drawCaret(context, { xPx: leftPx + CARET_PX / 2, yPx: middlePx, isCollapsed, theme });
  }
  leftPx += CARET_PX;
  context.fillStyle = theme.serviceSolid[view.colors[spanIndex] ?? 0] ?? theme.text;
  context.beginPath();
  context.roundRect(leftPx, middlePx - 6, 4, 12, 2);
  context.fill();
  const isFailed = view.errors[spanIndex] === 1;
  const rightPx = widthPx - (isFailed ? SIGN_ROOM_PX : WORD_GAP_PX);
  drawWords(context, frame, { spanIndex, leftPx: leftPx + MARK_GAP_PX, rightPx, middlePx });
  if (isFailed) drawErrorSign(context, theme, { xPx: widthPx - 14, yPx: middlePx });
}

function drawGround(
  context: DrawContext,
  frame: TreeFrame,
  spanIndex: number,
  topPx: number,
): void {
  const { theme, window, widthPx, selectedSpan, evidence } = frame;
  const isSelected = spanIndex === selectedSpan;
  if (!isSelected && evidence?.[spanIndex] !== 1) return;
  context.fillStyle = isSelected ? theme.selected : theme.warningSoft;
  context.fillRect(0, topPx, widthPx, window.rowHeightPx);
}

function drawCaret(
  context: DrawContext,
  caret: {
    readonly xPx: number;
    readonly yPx: number;
    readonly isCollapsed: boolean;
    readonly theme: CanvasTheme;
  },
): void {
  const { xPx, yPx, isCollapsed, theme } = caret;
  const [along, across] = [2, 3.5];
  const at = (a: number, b: number): [number, number] =>
    isCollapsed ? [xPx + a, yPx + b] : [xPx + b, yPx + a];
  context.strokeStyle = theme.textFaint;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(...at(-along, -across));
  context.lineTo(...at(along, 0));
  context.lineTo(...at(-along, across));
  context.stroke();
}

interface Words {
  readonly spanIndex: number;
  readonly leftPx: number;
  readonly rightPx: number;
  readonly middlePx: number;
}

/** The name, how many spans are folded away below it, and the service as far as there is room. */
function drawWords(context: DrawContext, frame: TreeFrame, words: Words): void {
  const { view, theme, text, collapsed } = frame;
  const { spanIndex, leftPx, rightPx, middlePx } = words;
  const font = resizeFont(theme.font, '13px');
  context.font = font;
  const fullName = nameOf(view, spanIndex);
  const name = fitText(
    context,
    { font, text },
    fullName === '' ? frame.noName : fullName,
    rightPx - leftPx,
  );
  const nameWidthPx = text.measure(context, font, name);
  if (frame.matches?.[spanIndex] === 1) {
    context.fillStyle = theme.warningSoft;
    context.fillRect(leftPx - 2, middlePx - 9, nameWidthPx + 4, 18);
    context.fillStyle = theme.warningMark;
    context.fillRect(leftPx, middlePx + 7, nameWidthPx, 2);
  }
  context.fillStyle = view.errors[spanIndex] === 1 ? theme.error : theme.text;
  context.fillText(name, leftPx, middlePx + 0.5);
  let usedPx = leftPx + nameWidthPx;
  if (collapsed[spanIndex] === 1) usedPx = drawHidden(context, frame, { ...words, leftPx: usedPx });
  context.font = theme.font;
  const service = serviceOf(view, spanIndex);
  const roomPx = rightPx - usedPx - WORD_GAP_PX;
  context.fillStyle = theme.textFaint;
  const shown = fitText(context, { font: theme.font, text }, service, roomPx);
  context.fillText(shown, usedPx + WORD_GAP_PX, middlePx + 0.5);
}

/** A pill with the number of spans below; red where one of them failed. Answers where it ends. */
function drawHidden(context: DrawContext, frame: TreeFrame, words: Words): number {
  const { view, theme, text } = frame;
  const { spanIndex, leftPx, rightPx, middlePx } = words;
  const isFailedBelow = (view.errorsBelow[spanIndex] ?? 0) > 0;
  const count = formatCount(view.tree.descendantCounts[spanIndex] ?? 0);
  const label = isFailedBelow ? `! ${count}` : count;
  const font = resizeFont(theme.font, '11px');
  context.font = font;
  const pillPx = text.measure(context, font, label) + 2 * PILL_PADDING_PX;
  if (leftPx + 6 + pillPx > rightPx) return leftPx;
  context.fillStyle = theme.hover;
  context.beginPath();
  context.roundRect(leftPx + 6, middlePx - 7, pillPx, 14, 7);
  context.fill();
  context.fillStyle = isFailedBelow ? theme.error : theme.textMuted;
  context.fillText(label, leftPx + 6 + PILL_PADDING_PX, middlePx + 0.5);
  return leftPx + 6 + pillPx;
}
