import type { DrawContext } from './draw-context.ts';

const MAX_ENTRIES = 4_000;

/**
 * Widths of texts, measured once. Durations repeat a lot, so that a frame rarely measures anything; when the widths of a font are
 * too many they start anew, which costs one frame a few measurements.
 */
export class TextMeasurer {
  readonly #widthsPx = new Map<string, Map<string, number>>();

  /** The context's font must be `font` already. */
  measure(context: DrawContext, font: string, text: string): number {
    let widthsPx = this.#widthsPx.get(font);
    if (widthsPx === undefined || widthsPx.size > MAX_ENTRIES) {
      widthsPx = new Map();
      this.#widthsPx.set(font, widthsPx);
    }
    const known = widthsPx.get(text);
    if (known !== undefined) return known;
    const widthPx = context.measureText(text).width;
    widthsPx.set(text, widthPx);
    return widthPx;
  }

  /** Forgets all widths: a web font has arrived. */
  clear(): void {
    this.#widthsPx.clear();
  }
}
