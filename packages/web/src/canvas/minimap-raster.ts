/**
 * All spans of a trace as a picture of a few dozen rows: computed once per trace, size and theme, however many spans
 * there are. Spans go in the order of the tree, so the picture has the shape of the unfolded waterfall; where several
 * share a row of pixels, the later one is on top, then the critical path, and failed spans are on top of all.
 */
import type { PathStretches } from '../trace/trace-insight.ts';
import type { TraceView } from '../trace/trace-view.ts';

/** Packed as the bytes of an `ImageData` lie in memory: red in the lowest byte, opacity in the highest. */
export type PackedColor = number;

export interface MinimapRaster {
  /** In pixels of the device. */
  readonly width: number;
  readonly height: number;
  readonly serviceColors: Uint32Array;
  readonly errorColor: PackedColor;
  readonly pathColor: PackedColor;
  /** The critical path, where it is drawn. */
  readonly path?: PathStretches | undefined;
}

/** A few spans must not become fat blocks: rows are at most this high, of which the last pixel row is a gap. */
const MAX_ROW_HEIGHT = 5;

/** One pixel is lost among a hundred thousand; a failed span is at least this wide. */
const MIN_ERROR_WIDTH = 3;

export function rasterizeMinimap(view: TraceView, raster: MinimapRaster): Uint32Array {
  const pixels = new Uint32Array(raster.width * raster.height);
  const { order } = view.tree;
  for (let position = 0; position < order.length; position++) {
    const index = order[position] ?? 0;
    const color = raster.serviceColors[view.colors[index] ?? 0] ?? 0;
    fillSpan(pixels, { view, raster, index, position, color, minWidth: 1 });
  }
  if (raster.path !== undefined) fillPath(pixels, view, raster, raster.path);
  if (view.errorCount === 0) return pixels;
  for (let position = 0; position < order.length; position++) {
    const index = order[position] ?? 0;
    if (view.errors[index] !== 1) continue;
    const color = raster.errorColor;
    fillSpan(pixels, { view, raster, index, position, color, minWidth: MIN_ERROR_WIDTH });
  }
  return pixels;
}

/** On the lower edge of its span where a row has several pixels. */
function fillPath(
  pixels: Uint32Array,
  view: TraceView,
  { width, height, pathColor }: MinimapRaster,
  path: PathStretches,
): void {
  const { order } = view.tree;
  const pxPerNs = view.durationNs > 0 ? width / view.durationNs : 0;
  for (let position = 0; position < order.length; position++) {
    const index = order[position] ?? 0;
    const end = path.firsts[index + 1] ?? 0;
    const { top, bottom } = minimapRow(view.spanCount, height, position);
    const y = Math.min(height, Math.max(top + 1, bottom)) - 1;
    for (let at = path.firsts[index] ?? 0; at < end; at++) {
      const left = Math.max(0, Math.floor((path.startsNs[at] ?? 0) * pxPerNs));
      const right = Math.ceil((path.endsNs[at] ?? 0) * pxPerNs);
      const to = Math.min(width, Math.max(right, left + 1));
      if (to > left) pixels.fill(pathColor, y * width + left, y * width + to);
    }
  }
}

/** The rows of pixels of the span at a position of the tree's order: from `top` up to, not including, `bottom`. */
export function minimapRow(
  spanCount: number,
  height: number,
  position: number,
): { readonly top: number; readonly bottom: number } {
  const rowHeight = Math.min(height / Math.max(spanCount, 1), MAX_ROW_HEIGHT);
  const top = Math.floor(position * rowHeight);
  const gap = rowHeight >= 3 ? 1 : 0;
  return { top, bottom: Math.max(top + 1, Math.floor((position + 1) * rowHeight) - gap) };
}

interface SpanFill {
  readonly view: TraceView;
  readonly raster: MinimapRaster;
  readonly index: number;
  readonly position: number;
  readonly color: PackedColor;
  readonly minWidth: number;
}

function fillSpan(pixels: Uint32Array, fill: SpanFill): void {
  const { view, raster, index, position, color, minWidth } = fill;
  const { width, height } = raster;
  const pxPerNs = view.durationNs > 0 ? width / view.durationNs : 0;
  const offsetNs = view.offsetsNs[index] ?? 0;
  const end = Math.ceil((offsetNs + (view.durationsNs[index] ?? 0)) * pxPerNs);
  const left = Math.min(Math.floor(offsetNs * pxPerNs), width - minWidth);
  const right = Math.min(Math.max(end, left + minWidth), width);
  const { top, bottom } = minimapRow(view.spanCount, height, position);
  for (let y = top; y < bottom; y++) pixels.fill(color, y * width + left, y * width + right);
}
