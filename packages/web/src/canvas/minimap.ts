import type { TimeScale } from '../base/time-scale.ts';
import type { TimeRange } from '../base/time-range.ts';
import type { CanvasTheme } from './canvas-theme.ts';
import type { DrawContext, RasterContext } from './draw-context.ts';

export interface MinimapFrame {
  /** The picture of all spans; see `minimap-raster.ts`. */
  readonly picture: CanvasImageSource;
  /** Of the whole trace. */
  readonly scale: TimeScale;
  readonly heightPx: number;
  readonly widthPx: number;
  /** Room above and below the picture. */
  readonly paddingPx: number;
  readonly theme: CanvasTheme;
  /** The part of the trace that the waterfall shows; `undefined` when it shows all. */
  readonly visible: TimeRange | undefined;
  readonly cursorPx: number | undefined;
  /** The range that is being drawn up with the pointer. */
  readonly draft: TimeRange | undefined;
}

export function drawMinimap(context: RasterContext, frame: MinimapFrame): void {
  const { picture, scale, heightPx, paddingPx, theme, visible } = frame;
  const { leftPx, widthPx } = scale.px;
  if (frame.draft !== undefined) drawDraft(context, frame, frame.draft);
  context.drawImage(picture, leftPx, paddingPx, widthPx, heightPx - 2 * paddingPx);
  if (visible !== undefined) drawWindow(context, frame, visible);
  if (frame.cursorPx === undefined) return;
  context.fillStyle = theme.textFaint;
  context.fillRect(Math.round(frame.cursorPx), 0, 1, heightPx);
}

function drawDraft(context: DrawContext, frame: MinimapFrame, draft: TimeRange): void {
  const { scale, theme, heightPx } = frame;
  context.fillStyle = theme.accentSoft;
  const widthPx = scale.toWidthPx(draft.endNs - draft.startNs);
  context.fillRect(scale.toPx(draft.startNs), 0, widthPx, heightPx);
}

/** Everything outside of the window steps back; the edges can be taken hold of. */
function drawWindow(context: DrawContext, frame: MinimapFrame, visible: TimeRange): void {
  const { scale, heightPx, widthPx, theme } = frame;
  const leftPx = Math.round(scale.toPx(visible.startNs));
  const rightPx = Math.max(leftPx + 2, Math.round(scale.toPx(visible.endNs)));
  context.fillStyle = theme.veil;
  context.fillRect(0, 0, leftPx, heightPx);
  context.fillRect(rightPx, 0, widthPx - rightPx, heightPx);
  context.fillStyle = theme.accent;
  context.fillRect(leftPx - 1, 0, 1, heightPx);
  context.fillRect(rightPx, 0, 1, heightPx);
  for (const edgePx of [leftPx - 0.5, rightPx + 0.5]) {
    context.beginPath();
    context.roundRect(edgePx - 2.5, heightPx / 2 - 8, 5, 16, 2.5);
    context.fill();
  }
}

/** What a press on the minimap takes hold of. */
export type MinimapGrip = 'start' | 'end' | 'window' | 'outside';

const GRIP_PX = 6;

/** Tells what is under the pointer. While all is visible there is nothing to move, so every press selects a range. */
export function gripAt(
  { scale, visible }: Pick<MinimapFrame, 'scale' | 'visible'>,
  xPx: number,
): MinimapGrip {
  if (visible === undefined) return 'outside';
  const startPx = scale.toPx(visible.startNs);
  const endPx = scale.toPx(visible.endNs);
  const toStart = Math.abs(xPx - startPx);
  const toEnd = Math.abs(xPx - endPx);
  if (Math.min(toStart, toEnd) <= GRIP_PX) return toStart < toEnd ? 'start' : 'end';
  return xPx > startPx && xPx < endPx ? 'window' : 'outside';
}
