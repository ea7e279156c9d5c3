import type { CanvasTheme } from './canvas-theme.ts';
import type { DrawContext } from './draw-context.ts';

export const SIGN_RADIUS_PX = 5.5;

/** A disc with an exclamation mark, drawn rather than written: it must look the same in every font. */
export function drawErrorSign(
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
