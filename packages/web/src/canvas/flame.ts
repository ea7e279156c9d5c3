/**
 * The flame graph: a row per depth, a frame per path of calls. Draws what is visible and nothing else: in each row, the first visible
 * frame is found by binary search, and so is the next one that is wide enough to be seen, so that a row of a million slivers costs as
 * many steps as it has pixels.
 */
import { visibleText } from '../base/visible-text.ts';
import { formatDuration } from '../base/format.ts';
import { upperBound } from '../base/binary-search.ts';
import type { FlameLayout } from '../trace/flame/layout-flame.ts';
import type { CallPaths } from '../trace/flame/merge-call-paths.ts';
import type { CanvasTheme } from './canvas-theme.ts';
import type { DrawContext } from './draw-context.ts';
import { fitText } from './fit-text.ts';
import { rowAt, rowTopPx, visibleRows } from './row-window.ts';
import type { RowWindow } from './row-window.ts';
import type { TextMeasurer } from './text-measurer.ts';

/** Which part of a flame graph is shown, and where. */
export interface FlameWindow {
  readonly paths: CallPaths;
  readonly layout: FlameLayout;
  /** The frame that fills the width; undefined for the whole. It is in the first row. */
  readonly zoomed: number | undefined;
  readonly rows: RowWindow;
  readonly widthPx: number;
}

/** What stands before a time in a frame, with the time. */
export interface FlameWords {
  readonly ofSelf: (duration: string) => string;
  readonly ofTotal: (duration: string) => string;
}

export interface FlameFrame extends FlameWindow {
  readonly words: FlameWords;
  readonly theme: CanvasTheme;
  readonly text: TextMeasurer;
  readonly hovered: number | undefined;
  readonly selected: number | undefined;
  /** 1 for the frames with a span that is looked for; without it, none stands back. */
  readonly found: Uint8Array | undefined;
}

export const FLAME_ROW_PX = 22;

const GAP_PX = 1;
const PADDING_PX = 5;
const MIN_LABEL_PX = 28;
const WORD_GAP_PX = 10;
const MIN_FRAME_PX = 0.6;

/** How many rows there are below the frame that is zoomed to, itself included. */
export function countFlameRows(
  { depths, maxDepth }: CallPaths,
  zoomed: number | undefined,
): number {
  return maxDepth + 1 - (zoomed === undefined ? 0 : (depths[zoomed] ?? 0));
}

export function drawFlame(context: DrawContext, frame: FlameFrame): void {
  context.font = frame.theme.font;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  const { first, end } = visibleRows(frame.rows);
  for (let row = first; row < end; row++) drawRow(context, frame, row);
  drawOutline(context, frame, frame.selected, frame.theme.accent);
  if (frame.hovered !== frame.selected) {
    drawOutline(context, frame, frame.hovered, frame.theme.textMuted);
  }
}

/** The frame under a point; undefined beside all frames. */
export function flameFrameAt(
  window: FlameWindow,
  point: { readonly xPx: number; readonly yPx: number },
): number | undefined {
  const row = rowAt(window.rows, point.yPx);
  if (row === undefined) return undefined;
  const { layout } = window;
  const scale = scaleOf(window);
  const depth = row + scale.topDepth;
  const from = layout.firsts[depth] ?? 0;
  const to = layout.firsts[depth + 1] ?? 0;
  const at = scale.left + point.xPx / scale.pxPerUnit;
  const slot = upperBound({ values: layout.rowLefts, from, to }, at) - 1;
  const frame = slot < from ? undefined : layout.rows[slot];
  if (frame === undefined || !isWithin(window, frame, point.xPx)) return undefined;
  return frame;
}

/** Where a frame lies on the screen, from side to side, cut to what is visible. */
export function flameFramePx(
  window: FlameWindow,
  frame: number,
): { readonly leftPx: number; readonly rightPx: number; readonly row: number } {
  const { layout, paths, widthPx } = window;
  const scale = scaleOf(window);
  const left = layout.lefts[frame] ?? 0;
  const leftPx = (left - scale.left) * scale.pxPerUnit;
  const rightPx = leftPx + (layout.widths[frame] ?? 0) * scale.pxPerUnit;
  return {
    leftPx: Math.max(0, leftPx),
    rightPx: Math.min(widthPx, rightPx),
    row: (paths.depths[frame] ?? 0) - scale.topDepth,
  };
}

interface FlameScale {
  readonly left: number;
  readonly pxPerUnit: number;
  /** The depth of the first row. */
  readonly topDepth: number;
}

function scaleOf({ layout, paths, zoomed, widthPx }: FlameWindow): FlameScale {
  const width = zoomed === undefined ? layout.width : (layout.widths[zoomed] ?? 0);
  return {
    left: zoomed === undefined ? 0 : (layout.lefts[zoomed] ?? 0),
    pxPerUnit: widthPx / Math.max(width, Number.MIN_VALUE),
    topDepth: zoomed === undefined ? 0 : (paths.depths[zoomed] ?? 0),
  };
}

function isWithin(window: FlameWindow, frame: number, xPx: number): boolean {
  const { leftPx, rightPx } = flameFramePx(window, frame);
  return xPx >= leftPx && xPx <= Math.max(rightPx, leftPx + 1);
}

function drawRow(context: DrawContext, frame: FlameFrame, row: number): void {
  const { layout, widthPx } = frame;
  const scale = scaleOf(frame);
  const depth = row + scale.topDepth;
  const from = layout.firsts[depth] ?? 0;
  const to = layout.firsts[depth + 1] ?? 0;
  const values = layout.rowLefts;
  const end = scale.left + widthPx / scale.pxPerUnit;
  let slot = Math.max(from, upperBound({ values, from, to }, scale.left) - 1);
  while (slot < to && (values[slot] ?? 0) < end) {
    const index = layout.rows[slot] ?? 0;
    const { leftPx, rightPx } = flameFramePx(frame, index);
    if (rightPx - leftPx >= MIN_FRAME_PX) {
      drawFrame(context, frame, { index, leftPx, rightPx, row });
      slot++;
      continue;
    }
    // Slivers: one mark for all of a pixel, and on to what begins behind it.
    const nextPx = Math.max(leftPx, 0) + 1;
    if (rightPx > 0) drawSliver(context, frame, { index, leftPx, rightPx: nextPx, row });
    const next = upperBound({ values, from: slot + 1, to }, scale.left + nextPx / scale.pxPerUnit);
    slot = Math.max(slot + 1, next - 1);
  }
}

interface Box {
  readonly index: number;
  readonly leftPx: number;
  readonly rightPx: number;
  readonly row: number;
}

function drawSliver(context: DrawContext, frame: FlameFrame, box: Box): void {
  const { theme, paths } = frame;
  context.fillStyle = theme.serviceLight[paths.colors[box.index] ?? 0] ?? theme.lineStrong;
  const topPx = rowTopPx(frame.rows, box.row);
  context.fillRect(box.leftPx, topPx, 1, FLAME_ROW_PX - GAP_PX);
}

function drawFrame(context: DrawContext, frame: FlameFrame, box: Box): void {
  const { theme, paths, found } = frame;
  const topPx = rowTopPx(frame.rows, box.row);
  const widthPx = Math.max(box.rightPx - box.leftPx - GAP_PX, 0.5);
  const heightPx = FLAME_ROW_PX - GAP_PX;
  const color = paths.colors[box.index] ?? 0;
  context.fillStyle = theme.serviceLight[color] ?? theme.lineStrong;
  context.fillRect(box.leftPx, topPx, widthPx, heightPx);
  // How much of it is the frame's own, along its lower edge.
  const ownPx = widthPx * ownShare(frame, box.index);
  context.fillStyle = theme.serviceSolid[color] ?? theme.text;
  context.fillRect(box.leftPx, topPx + heightPx - 3, ownPx, 3);
  if ((paths.errorCounts[box.index] ?? 0) > 0 && widthPx > 6) {
    context.fillStyle = theme.error;
    context.fillRect(box.leftPx, topPx, 3, heightPx);
  }
  if (widthPx >= MIN_LABEL_PX) drawLabel(context, frame, { ...box, topPx, widthPx });
  if (found !== undefined && found[box.index] !== 1) {
    context.fillStyle = theme.veil;
    context.fillRect(box.leftPx, topPx, widthPx, heightPx);
  }
}

/** Of total time, which counts once what ran side by side, own time may be more: it is compared with what counts it as often, too. */
function ownShare({ layout, paths }: FlameFrame, index: number): number {
  const valueNs = (layout.by === 'self' ? layout.valuesNs : paths.totalsNs)[index] ?? 0;
  return valueNs === 0 ? 0 : Math.min(1, (paths.selfTimesNs[index] ?? 0) / valueNs);
}

function drawLabel(
  context: DrawContext,
  frame: FlameFrame,
  { index, leftPx, topPx, widthPx }: Box & { readonly topPx: number; readonly widthPx: number },
): void {
  const { theme, text, paths } = frame;
  const label = paths.labels[paths.operations[index] ?? 0];
  const name = label?.text === undefined || label.text === '' ? (label?.service ?? '') : label.text;
  const insetPx = (paths.errorCounts[index] ?? 0) > 0 ? PADDING_PX + 3 : PADDING_PX;
  const roomPx = widthPx - insetPx - PADDING_PX;
  const yPx = topPx + (FLAME_ROW_PX - GAP_PX) / 2 - 0.5;
  const shown = fitText(context, { font: theme.font, text }, name, roomPx);
  if (shown === '') return;
  context.fillStyle = theme.text;
  context.fillText(shown, leftPx + insetPx, yPx);
  if (shown !== name && shown !== visibleText(name)) return;
  // Then how long it took, and who did it, as far as there is room.
  let usedPx = text.measure(context, theme.font, shown) + WORD_GAP_PX;
  const service = name === label?.service ? '' : visibleText(label?.service ?? '');
  for (const words of [describeTime(frame, index), service]) {
    const needPx = text.measure(context, theme.font, words);
    if (words === '' || usedPx + needPx > roomPx) return;
    context.fillStyle = theme.textMuted;
    context.fillText(words, leftPx + insetPx + usedPx, yPx);
    usedPx += needPx + WORD_GAP_PX;
  }
}

/** What the frames are measured by; of self times its own, which those below do not have. */
function describeTime({ layout, paths, words }: FlameFrame, index: number): string {
  if (layout.by === 'self') return words.ofSelf(formatDuration(paths.selfTimesNs[index] ?? 0));
  return words.ofTotal(formatDuration(paths.elapsedNs[index] ?? 0));
}

function drawOutline(
  context: DrawContext,
  frame: FlameFrame,
  index: number | undefined,
  color: string,
): void {
  if (index === undefined) return;
  const { leftPx, rightPx, row } = flameFramePx(frame, index);
  if (rightPx <= leftPx || row < 0) return;
  context.strokeStyle = color;
  context.lineWidth = 2;
  context.beginPath();
  const topPx = rowTopPx(frame.rows, row);
  const widthPx = Math.max(rightPx - leftPx - GAP_PX - 2, 1);
  context.roundRect(leftPx + 1, topPx + 1, widthPx, FLAME_ROW_PX - GAP_PX - 2, 1);
  context.stroke();
}
