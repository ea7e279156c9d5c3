import type uPlot from 'uplot';
import { boundsOfBucket, timesOfColumn } from './heatmap.ts';
import { placeFailed } from './place-failed.ts';
import type { RectPx } from './place-failed.ts';
import type { CellPlace, Heatmap } from './heatmap.ts';
import type { PictureTheme } from './picture-theme.ts';

/**
 * Draws the cells: the more spans, the stronger the accent, by the logarithm, so that a single span is seen beside ten
 * thousand. The failed ones lie on it in red from below, as much of it as
 * their share.
 */
export function drawCells(plot: uPlot, heatmap: Heatmap, theme: PictureTheme): void {
  const { ctx } = plot;
  ctx.save();
  clip(plot);
  const strongest = Math.log(1 + heatmap.maxSpanCount);
  for (const cell of heatmap.cells) {
    const share = strongest === 0 ? 0 : Math.log(1 + cell.spanCount) / strongest;
    const rect = rectOf(plot, heatmap, cell, cell);
    ctx.globalAlpha = theme.leastAlpha + (1 - theme.leastAlpha) * share;
    ctx.fillStyle = theme.accent;
    ctx.fillRect(rect.left, rect.top, rect.width, rect.height);
  }
  ctx.globalAlpha = 1;
  ctx.fillStyle = theme.error;
  for (const cell of heatmap.cells) {
    if (cell.errorCount === 0) continue;
    const share = cell.errorCount / cell.spanCount;
    const rect = rectOf(plot, heatmap, cell, cell);
    const { left, top, width, height } = placeFailed(rect, share, devicePixelRatio);
    ctx.fillRect(left, top, width, height);
  }
  ctx.restore();
}

/** Frames the cells between two corners. */
export function drawFrame(
  plot: uPlot,
  heatmap: Heatmap,
  {
    corners: [a, b],
    theme,
  }: { readonly corners: readonly [CellPlace, CellPlace]; readonly theme: PictureTheme },
): void {
  const { ctx } = plot;
  const { left, top, width, height } = rectOf(plot, heatmap, a, b);
  ctx.save();
  clip(plot);
  ctx.lineWidth = 2 * devicePixelRatio;
  ctx.strokeStyle = theme.text;
  ctx.strokeRect(left, top, width, height);
  ctx.restore();
}

/** A line through the whole height: when something in the list began. */
export function drawMoment(plot: uPlot, unixMs: number, theme: PictureTheme): void {
  const { ctx, bbox } = plot;
  const x = Math.round(plot.valToPos(unixMs, 'x', true));
  ctx.save();
  clip(plot);
  ctx.fillStyle = theme.text;
  ctx.fillRect(x, bbox.top, Math.max(1, devicePixelRatio), bbox.height);
  ctx.restore();
}

function clip({ ctx, bbox }: uPlot): void {
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
}

/** The cells between two corners, with a gap to the next ones where there is room for one. */
function rectOf(plot: uPlot, heatmap: Heatmap, a: CellPlace, b: CellPlace): RectPx {
  const first = timesOfColumn(heatmap, Math.min(a.column, b.column));
  const last = timesOfColumn(heatmap, Math.max(a.column, b.column));
  const left = Math.round(plot.valToPos(first.startMs, 'x', true));
  const right = Math.round(plot.valToPos(last.endMs, 'x', true));
  const top = yOf(plot, Math.max(a.bucket, b.bucket));
  const bottom = yOf(plot, Math.min(a.bucket, b.bucket) - 1);
  const gapX = right - left > 4 * devicePixelRatio ? devicePixelRatio : 0;
  const gapY = bottom - top > 4 * devicePixelRatio ? devicePixelRatio : 0;
  return {
    left,
    top,
    width: Math.max(1, right - left - gapX),
    height: Math.max(1, bottom - top - gapY),
  };
}

/** Where the longest duration of a bucket is. */
function yOf(plot: uPlot, bucket: number): number {
  const ns = bucket < 0 ? 0.5 : boundsOfBucket(bucket)[1];
  return Math.round(plot.valToPos(ns, 'y', true));
}
