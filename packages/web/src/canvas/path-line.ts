/**
 * The critical path on a row of the waterfall: a line on the lower edge of the bar, over what of the path is the span's own. A row
 * that hides others shows where the path runs through them, too.
 */
import { upperBound } from '../base/binary-search.ts';
import type { TimeScale } from '../base/time-scale.ts';
import type { PathStretches } from '../trace/trace-insight.ts';
import { BAR_HEIGHT_PX, MIN_BAR_WIDTH_PX } from './bar-geometry.ts';
import type { CanvasTheme } from './canvas-theme.ts';
import type { DrawContext } from './draw-context.ts';

export const PATH_LINE_PX = 3;

/** Below the bar's lower edge, so that the line is seen beside the colour of the bar. */
const OVERHANG_PX = 1;

/** Stretches nearer to each other than this are drawn as one. */
const JOIN_PX = 0.5;

export interface PathRow {
  readonly path: PathStretches;
  readonly spanIndex: number;
  /** What is below the span has no rows of its own. */
  readonly isCollapsed: boolean;
  readonly scale: TimeScale;
  readonly viewWidthPx: number;
  readonly barTopPx: number;
  readonly theme: CanvasTheme;
}

export function drawPathLine(context: DrawContext, row: PathRow): void {
  if (row.path.isOnPath[row.spanIndex] !== 1) return;
  context.fillStyle = row.theme.warningMark;
  const topPx = row.barTopPx + BAR_HEIGHT_PX + OVERHANG_PX - PATH_LINE_PX;
  walkPathStretches(row, (leftPx, rightPx) => {
    context.fillRect(leftPx, topPx, rightPx - leftPx, PATH_LINE_PX);
  });
}

/** Walks the stretches of the path in a row that are in view. A span may have 100,000: no more steps than pixels are taken. */
function walkPathStretches(row: PathRow, visit: (leftPx: number, rightPx: number) => void): void {
  const { path, spanIndex, scale, viewWidthPx } = row;
  const show = (startNs: number, endNs: number): number => {
    const leftPx = Math.max(0, scale.toPx(startNs));
    const rightPx = Math.min(viewWidthPx, Math.max(scale.toPx(endNs), leftPx + MIN_BAR_WIDTH_PX));
    if (rightPx > leftPx) visit(leftPx, rightPx);
    return rightPx;
  };
  if (row.isCollapsed) {
    show(path.fromsNs[spanIndex] ?? 0, path.tosNs[spanIndex] ?? 0);
    return;
  }
  const { startsNs, endsNs } = path;
  const from = path.firsts[spanIndex] ?? 0;
  const to = path.firsts[spanIndex + 1] ?? 0;
  let at = upperBound({ values: endsNs, from, to }, scale.toNs(0));
  while (at < to && scale.toPx(startsNs[at] ?? 0) <= viewWidthPx) {
    const untilPx = show(startsNs[at] ?? 0, endsNs[at] ?? 0);
    // What ends within the same pixel adds nothing to see.
    const next = upperBound({ values: endsNs, from, to }, scale.toNs(untilPx + JOIN_PX));
    at = Math.max(at + 1, next);
  }
}
