import type { DrawContext } from './draw-context.ts';

const MAX_ENTRIES = 4_000;

/**
 * Widths of texts, measured once. Durations repeat a lot, so that a frame rarely measures anything; when the cache is
 * full it starts anew, which costs one frame a few measurements.
 */
export class TextMeasurer {
  readonly #widthsPx = new Map<string, number>();
  #font = '';

  /** The context's font must be `font` already. */
  measure(context: DrawContext, font: string, text: string): number {
    if (font !== this.#font || this.#widthsPx.size > MAX_ENTRIES) {
      this.#widthsPx.clear();
      this.#font = font;
    }
    const known = this.#widthsPx.get(text);
    if (known !== undefined) return known;
    const widthPx = context.measureText(text).width;
    this.#widthsPx.set(text, widthPx);
    return widthPx;
  }

  /** Forgets all widths: a web font has arrived. */
  clear(): void {
    this.#widthsPx.clear();
  }
}
