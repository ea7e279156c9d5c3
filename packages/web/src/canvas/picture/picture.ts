import type { DrawContext } from '../draw-context.ts';

/** A picture that stands for itself: drawn to a canvas or written as SVG, by the same code. */
export interface Picture {
  /** What it shows, for those who cannot see it. */
  readonly title: string;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly background: string;
  /** Draws on the background, which is there already. */
  readonly draw: (context: DrawContext) => void;
}

/** Draws something into a part of a picture: its own corner is 0, 0, and nothing goes beyond its size. */
export function drawPart(
  context: DrawContext,
  part: {
    readonly leftPx: number;
    readonly topPx: number;
    readonly widthPx: number;
    readonly heightPx: number;
  },
  draw: (context: DrawContext) => void,
): void {
  context.save();
  context.translate(part.leftPx, part.topPx);
  context.beginPath();
  context.rect(0, 0, part.widthPx, part.heightPx);
  context.clip();
  draw(context);
  context.restore();
}

/** The font of another size, and weight, in the same family. */
export function resizeFont(font: string, size: string): string {
  return font.replace(/^\S+/, size);
}
