import type { DrawContext } from '../../../../canvas/draw-context.ts';
import type { Shape } from './shape-of.ts';

export interface ShapeColors {
  readonly services: readonly string[];
  readonly error: string;
}

export interface ShapeSize {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Rows thinner than this run into each other. */
const MIN_ROW_PX = 2;
const MAX_ROW_PX = 5;
const MIN_BAR_PX = 1;

/**
 * Draws each span as a bar, later ones further down. Where there are more spans than rows, neighbours share one. Failed spans come last, so
 * that they are seen.
 */
export function drawShape(
  context: DrawContext,
  shape: Shape,
  { widthPx, heightPx }: ShapeSize,
  colors: ShapeColors,
): void {
  const count = shape.starts.length;
  const rowCount = Math.min(count, Math.floor(heightPx / MIN_ROW_PX));
  const rowPx = Math.min(MAX_ROW_PX, heightPx / Math.max(1, rowCount));
  const topPx = (heightPx - rowPx * rowCount) / 2;
  for (const isFailed of [0, 1]) {
    for (let i = 0; i < count; i++) {
      if (shape.errors[i] !== isFailed) continue;
      const row = Math.floor((i * rowCount) / count);
      const left = (shape.starts[i] ?? 0) * widthPx;
      const width = Math.max(MIN_BAR_PX, (shape.ends[i] ?? 0) * widthPx - left);
      context.fillStyle =
        isFailed === 1 ? colors.error : (colors.services[shape.colors[i] ?? 0] ?? colors.error);
      context.fillRect(
        Math.min(left, widthPx - MIN_BAR_PX),
        topPx + row * rowPx,
        width,
        Math.max(1, rowPx - (rowPx > 3 ? 1 : 0.5)),
      );
    }
  }
}
