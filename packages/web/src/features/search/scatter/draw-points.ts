import type uPlot from 'uplot';
import { serviceColorIndex } from '../../../base/service-color.ts';
import type { ScatterPoint } from './scatter-points.ts';
import type { ScatterTheme } from './scatter-theme.ts';

/** Points with their places, in CSS pixels inside the plot; `xPx` ascends. */
export interface PlacedPoints {
  readonly points: readonly ScatterPoint[];
  readonly xPx: Float64Array;
  readonly yPx: Float64Array;
}

const MIN_RADIUS_PX = 3;
const MAX_RADIUS_PX = 6;

/** A trace of this many spans has the largest point. */
const MAX_RADIUS_SPANS = 1000;

export function placePoints(
  points: readonly ScatterPoint[],
  locate: (point: ScatterPoint) => { readonly xPx: number; readonly yPx: number },
): PlacedPoints {
  const xPx = new Float64Array(points.length);
  const yPx = new Float64Array(points.length);
  for (const [index, point] of points.entries()) {
    const place = locate(point);
    xPx[index] = place.xPx;
    yPx[index] = place.yPx;
  }
  return { points, xPx, yPx };
}

/**
 * Draws circles in the root service's colour, and on top of them, so that none is hidden, failed traces as red diamonds.
 */
export function drawPoints(
  { ctx, bbox }: uPlot,
  placed: PlacedPoints,
  { colors, hovered }: { readonly colors: ScatterTheme; readonly hovered: number | undefined },
): void {
  ctx.save();
  ctx.translate(bbox.left, bbox.top);
  ctx.scale(devicePixelRatio, devicePixelRatio);
  for (const isFailed of [false, true]) {
    for (const [index, { trace }] of placed.points.entries()) {
      if (trace.errorCount > 0 === isFailed) drawPoint(ctx, placed, index, colors);
    }
  }
  if (hovered !== undefined) drawRing(ctx, placed, hovered, colors);
  ctx.restore();
}

function drawPoint(
  ctx: CanvasRenderingContext2D,
  placed: PlacedPoints,
  index: number,
  colors: ScatterTheme,
): void {
  const trace = placed.points[index]?.trace;
  if (trace === undefined) return;
  const x = placed.xPx[index] ?? 0;
  const y = placed.yPx[index] ?? 0;
  const radius = radiusOf(trace.spanCount);
  ctx.beginPath();
  if (trace.errorCount > 0) diamond(ctx, x, y, radius + 1.5);
  else ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.globalAlpha = trace.errorCount > 0 ? 0.95 : 0.75;
  ctx.fillStyle =
    trace.errorCount > 0
      ? colors.error
      : (colors.services[serviceColorIndex(trace.rootService)] ?? colors.textMuted);
  ctx.fill();
  ctx.globalAlpha = 1;
  ctx.lineWidth = 1;
  ctx.strokeStyle = colors.surface;
  ctx.stroke();
}

function drawRing(
  ctx: CanvasRenderingContext2D,
  placed: PlacedPoints,
  index: number,
  colors: ScatterTheme,
): void {
  const radius = radiusOf(placed.points[index]?.trace.spanCount ?? 1);
  ctx.beginPath();
  ctx.arc(placed.xPx[index] ?? 0, placed.yPx[index] ?? 0, radius + 4, 0, 2 * Math.PI);
  ctx.lineWidth = 2;
  ctx.strokeStyle = colors.text;
  ctx.stroke();
}

function diamond(ctx: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  ctx.moveTo(x, y - radius);
  ctx.lineTo(x + radius, y);
  ctx.lineTo(x, y + radius);
  ctx.lineTo(x - radius, y);
  ctx.closePath();
}

function radiusOf(spanCount: number): number {
  const share = Math.log(Math.max(1, spanCount)) / Math.log(MAX_RADIUS_SPANS);
  return MIN_RADIUS_PX + (MAX_RADIUS_PX - MIN_RADIUS_PX) * Math.min(1, share);
}
