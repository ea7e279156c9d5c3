import type { RasterContext } from './draw-context.ts';

/**
 * A canvas that is drawn to in CSS pixels, whatever the density of the screen: the only place that knows the device's
 * pixels.
 */
export class CanvasSurface {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  #widthPx = 0;
  #heightPx = 0;
  #devicePixelRatio = 1;

  constructor(canvas: HTMLCanvasElement) {
    const context = canvas.getContext('2d');
    if (context === null) throw new Error('the browser has no 2D canvas');
    this.#canvas = canvas;
    this.#context = context;
  }

  get widthPx(): number {
    return this.#widthPx;
  }

  get heightPx(): number {
    return this.#heightPx;
  }

  get devicePixelRatio(): number {
    return this.#devicePixelRatio;
  }

  /** Sets the size of the picture; the size on the page is the style sheet's. Answers whether anything changed. */
  resize(size: {
    readonly widthPx: number;
    readonly heightPx: number;
    readonly devicePixelRatio: number;
  }): boolean {
    const width = Math.round(size.widthPx * size.devicePixelRatio);
    const height = Math.round(size.heightPx * size.devicePixelRatio);
    this.#widthPx = size.widthPx;
    this.#heightPx = size.heightPx;
    this.#devicePixelRatio = size.devicePixelRatio;
    if (this.#canvas.width === width && this.#canvas.height === height) return false;
    this.#canvas.width = width;
    this.#canvas.height = height;
    return true;
  }

  /** Empties the canvas and answers the context to draw the new picture with. */
  begin(): RasterContext {
    const context = this.#context;
    context.setTransform(this.#devicePixelRatio, 0, 0, this.#devicePixelRatio, 0, 0);
    context.clearRect(0, 0, this.#widthPx, this.#heightPx);
    return context;
  }
}
