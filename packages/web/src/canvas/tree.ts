/**
 * The tree of spans: a line of text per row, drawn rather than made of elements. Forty rows of text that change with each frame of a
 * scroll take a browser longer to lay out than a frame has time; what reads the page finds the same rows as elements over this
 * picture, see `features/trace/timeline/tree/`.
 */
import { hasChildRow } from '../trace/span-rows.ts';
import type { CollapsedSpans, SpanRows } from '../trace/span-rows.ts';
import type { TraceView } from '../trace/trace-view.ts';
import type { CanvasTheme } from './canvas-theme.ts';
import type { DrawContext } from './draw-context.ts';
import { drawErrorSign } from './error-sign.ts';
import { rowAt, rowTopPx, visibleRows } from './row-window.ts';
import type { RowWindow } from './row-window.ts';
import type { TextMeasurer } from './text-measurer.ts';
import { computeIndent, indentPx } from './tree-indent.ts';
import type { TreeIndent } from './tree-indent.ts';
import { drawTreeWords } from './tree-words.ts';
import type { TreePill } from './tree-words.ts';

export interface TreeFrame {
  readonly view: TraceView;
  readonly rows: SpanRows;
  readonly collapsed: CollapsedSpans;
  readonly window: RowWindow;
  readonly widthPx: number;
  readonly theme: CanvasTheme;
  readonly text: TextMeasurer;
  readonly selectedSpan: number | undefined;
  readonly hoverSpan: number | undefined;
  /** 1 for the spans that are looked for. */
  readonly matches: Uint8Array | undefined;
  /** 1 for the spans that show the finding that is looked at. */
  readonly evidence: Uint8Array | undefined;
  readonly words: TreeTexts;
}

export interface TreeTexts {
  /** For a span that has none. */
  readonly noName: string;
  /** For a span whose parent has not come. */
  readonly parentMissing: string;
}

/** Where things are that can be pressed. */
export interface TreePlaces {
  readonly indent: TreeIndent;
  /** By row, where the number of the spans that are folded away stands. */
  readonly pills: ReadonlyMap<number, TreePill>;
}

const LEFT_PX = 6;
const CARET_PX = 17;
const MARK_GAP_PX = 10;
const EDGE_GAP_PX = 8;
const SIGN_ROOM_PX = 26;

export function drawTree(context: DrawContext, frame: TreeFrame): TreePlaces {
  const { rows, window } = frame;
  const { first, end } = visibleRows(window);
  const indent = fitIndent(frame, first, end);
  const pills = new Map<number, TreePill>();
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  for (let row = first; row < end; row++) {
    const pill = drawRow(context, frame, { row, spanIndex: rows.spanIndexes[row] ?? 0, indent });
    if (pill !== undefined) pills.set(row, pill);
  }
  return { indent, pills };
}

function fitIndent({ view, rows, widthPx }: TreeFrame, first: number, end: number): TreeIndent {
  let minDepth = Number.POSITIVE_INFINITY;
  for (let row = first; row < end; row++) {
    minDepth = Math.min(minDepth, view.tree.depths[rows.spanIndexes[row] ?? 0] ?? 0);
  }
  return computeIndent(widthPx, view.tree.maxDepth, first < end ? minDepth : 0);
}

interface TreeRow {
  readonly row: number;
  readonly spanIndex: number;
  readonly indent: TreeIndent;
}

/** Answers where the number of hidden spans stands, if there are any. */
function drawRow(context: DrawContext, frame: TreeFrame, place: TreeRow): TreePill | undefined {
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
  const rightPx = widthPx - (isFailed ? SIGN_ROOM_PX : EDGE_GAP_PX);
  if (isFailed) drawErrorSign(context, theme, { xPx: widthPx - 14, yPx: middlePx });
  return drawTreeWords(context, frame, {
    spanIndex,
    leftPx: leftPx + MARK_GAP_PX,
    rightPx,
    middlePx,
  });
}

/** What lies under a point of the tree. */
export interface TreeHit {
  readonly spanIndex: number;
  /** Whether a press folds or unfolds the span. */
  readonly isOnFold: boolean;
}

export function hitTestTree(
  { view, rows, collapsed, window }: Pick<TreeFrame, 'view' | 'rows' | 'collapsed' | 'window'>,
  { indent, pills }: TreePlaces,
  { xPx, yPx }: { readonly xPx: number; readonly yPx: number },
): TreeHit | undefined {
  const row = rowAt(window, yPx);
  if (row === undefined) return undefined;
  const spanIndex = rows.spanIndexes[row] ?? 0;
  const caretPx = xPx - LEFT_PX - indentPx(indent, view.tree.depths[spanIndex] ?? 0);
  const hasCaret = collapsed[spanIndex] === 1 || hasChildRow(view.tree, rows, row);
  const pill = pills.get(row);
  const isOnPill = pill !== undefined && xPx >= pill.leftPx && xPx <= pill.rightPx;
  const isOnCaret = hasCaret && caretPx >= 0 && caretPx <= CARET_PX;
  return { spanIndex, isOnFold: isOnCaret || isOnPill };
}

function drawGround(
  context: DrawContext,
  frame: TreeFrame,
  spanIndex: number,
  topPx: number,
): void {
  const { theme, window, widthPx } = frame;
  const color = groundOf(frame, spanIndex);
  if (color === undefined) return;
  context.fillStyle = theme[color];
  context.fillRect(0, topPx, widthPx, window.rowHeightPx);
}

function groundOf(
  { selectedSpan, hoverSpan, evidence }: TreeFrame,
  spanIndex: number,
): 'selected' | 'hover' | 'warningSoft' | undefined {
  if (spanIndex === selectedSpan) return 'selected';
  if (spanIndex === hoverSpan) return 'hover';
  return evidence?.[spanIndex] === 1 ? 'warningSoft' : undefined;
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
