import type { FrameScheduler } from '../../../../base/frame-scheduler.ts';
import { scrollTopFor } from '../../../../base/scroll-position.ts';
import { CanvasSurface } from '../../../../canvas/canvas-surface.ts';
import type { CanvasTheme } from '../../../../canvas/canvas-theme.ts';
import {
  FLAME_ROW_PX,
  countFlameRows,
  drawFlame,
  flameFrameAt,
  flameFramePx,
} from '../../../../canvas/flame.ts';
import type { FlameWindow } from '../../../../canvas/flame.ts';
import { captionHeightPx, drawCaption } from '../../../../canvas/picture/caption.ts';
import type { Caption } from '../../../../canvas/picture/caption.ts';
import { drawPart } from '../../../../canvas/picture/picture.ts';
import type { Picture } from '../../../../canvas/picture/picture.ts';
import { TextMeasurer } from '../../../../canvas/text-measurer.ts';
import { Store } from '../../../../state/store.ts';
import type { Readable } from '../../../../state/store.ts';
import type { FlameLayout } from '../../../../trace/flame/layout-flame.ts';
import type { CallPaths } from '../../../../trace/flame/merge-call-paths.ts';
import { messages } from '../../../../messages/messages.ts';
import { drawOnChange } from '../../timeline/timeline-context.ts';

/** A picture is looked at elsewhere, so that one of a narrow screen is drawn wider. */
const MIN_PICTURE_WIDTH_PX = 960;

export interface FlameElements {
  readonly scroller: HTMLElement;
  readonly canvas: HTMLCanvasElement;
}

/** What the picture shows. */
export interface FlamePicture {
  readonly paths: CallPaths;
  readonly layout: FlameLayout;
  readonly zoomed: number | undefined;
  readonly selected: number | undefined;
  readonly found: Uint8Array | undefined;
}

export interface FlameHover {
  readonly frame: number;
  /** Within the scroller. */
  readonly xPx: number;
  readonly yPx: number;
}

export interface FlameOptions {
  readonly elements: FlameElements;
  readonly scheduler: FrameScheduler;
  readonly picture: Readable<FlamePicture>;
  readonly theme: Readable<CanvasTheme>;
  readonly onClick: (frame: number) => void;
  readonly onZoomOut: () => void;
  readonly onScroll: (topPx: number) => void;
}

/** The canvas of the flame graph while it is on the page: draws when something changes, and tells what the pointer is on. */
export class FlameController {
  readonly hover = new Store<FlameHover | undefined>(undefined);
  readonly #options: FlameOptions;
  readonly #surface: CanvasSurface;
  readonly #text = new TextMeasurer();
  readonly #scrollTopPx = new Store(0);
  readonly #sizePx = new Store({ widthPx: 0, heightPx: 0 });
  readonly #abort = new AbortController();
  readonly #observer: ResizeObserver;
  readonly #drawing: Disposable;
  readonly #stop: () => void;

  constructor(options: FlameOptions) {
    this.#options = options;
    const { elements, scheduler, picture, theme } = options;
    this.#surface = new CanvasSurface(elements.canvas);
    this.#observer = new ResizeObserver(() => this.#measure());
    this.#observer.observe(elements.scroller);
    this.#listen();
    this.#stop = picture.subscribe(() => this.#measure());
    this.#measure();
    const drawn = [picture, theme, this.hover, this.#scrollTopPx, this.#sizePx];
    this.#drawing = drawOnChange(scheduler, drawn, () => this.#draw());
    void this.#redrawWithFonts();
  }

  /** Scrolls the row of a frame into view. */
  reveal(frame: number): void {
    const { scroller } = this.#options.elements;
    const { row } = flameFramePx(this.#window(), frame);
    const place = { topPx: Math.max(0, row) * FLAME_ROW_PX, heightPx: FLAME_ROW_PX };
    scroller.scrollTop = scrollTopFor(place, scroller.scrollTop, this.#sizePx.get().heightPx);
  }

  scrollTo(topPx: number): void {
    this.#options.elements.scroller.scrollTop = topPx;
  }

  /** All of its rows, up to `maxRows`, at the width it has. */
  makePicture(caption: Caption, maxRows: number): Picture {
    const { picture, theme: themeStore } = this.#options;
    const { selected, found } = picture.get();
    const theme = themeStore.get();
    const shown = this.#window();
    const widthPx = Math.max(shown.widthPx, MIN_PICTURE_WIDTH_PX);
    const count = Math.min(shown.rows.rowCount, maxRows);
    const isCut = count < shown.rows.rowCount;
    const part = {
      leftPx: 0,
      topPx: captionHeightPx(caption),
      widthPx,
      heightPx: count * FLAME_ROW_PX,
    };
    const rows = { ...shown.rows, scrollTopPx: 0, heightPx: part.heightPx };
    const facts = isCut
      ? messages.exported.facts([
          caption.facts,
          messages.exported.cut(1, count, shown.rows.rowCount),
        ])
      : caption.facts;
    const text = this.#text;
    const words = messages.trace.flame;
    const window = { ...shown, rows, widthPx };
    const frame = { ...window, words, theme, text, selected, found, hovered: undefined };
    return {
      title: caption.title,
      widthPx,
      heightPx: part.topPx + part.heightPx,
      background: theme.background,
      draw: (context) => {
        drawCaption(context, { ...caption, facts }, { widthPx, theme, text });
        drawPart(context, part, (canvas) => drawFlame(canvas, frame));
      },
    };
  }

  [Symbol.dispose](): void {
    this.#abort.abort();
    this.#observer.disconnect();
    this.#stop();
    this.#drawing[Symbol.dispose]();
  }

  #window(): FlameWindow {
    const { paths, layout, zoomed } = this.#options.picture.get();
    const { widthPx, heightPx } = this.#sizePx.get();
    return {
      paths,
      layout,
      zoomed,
      widthPx,
      rows: {
        rowCount: countFlameRows(paths, zoomed),
        rowHeightPx: FLAME_ROW_PX,
        scrollTopPx: this.#scrollTopPx.get(),
        heightPx,
      },
    };
  }

  #measure(): void {
    const { scroller, canvas } = this.#options.elements;
    const { paths, zoomed } = this.#options.picture.get();
    const contentPx = countFlameRows(paths, zoomed) * FLAME_ROW_PX;
    scroller.style.setProperty('--spacer-height', `${contentPx}px`);
    scroller.style.setProperty('--view-height', `${scroller.clientHeight}px`);
    this.#sizePx.set({ widthPx: canvas.clientWidth, heightPx: scroller.clientHeight });
    this.#scrollTopPx.set(scroller.scrollTop);
  }

  #draw(): void {
    const { picture, theme } = this.#options;
    const { selected, found } = picture.get();
    this.#surface.resize({ ...this.#sizePx.get(), devicePixelRatio });
    drawFlame(this.#surface.begin(), {
      ...this.#window(),
      words: messages.trace.flame,
      theme: theme.get(),
      text: this.#text,
      hovered: this.hover.get()?.frame,
      selected,
      found,
    });
  }

  /** Texts that were measured before the fonts had come are measured anew. */
  async #redrawWithFonts(): Promise<void> {
    await document.fonts.ready;
    this.#text.clear();
    this.#sizePx.set({ ...this.#sizePx.get() });
  }

  #listen(): void {
    const { elements, onClick, onZoomOut } = this.#options;
    const { scroller, canvas } = elements;
    const { signal } = this.#abort;
    const frameAt = (event: MouseEvent) =>
      flameFrameAt(this.#window(), { xPx: event.offsetX, yPx: event.offsetY });
    canvas.addEventListener(
      'pointermove',
      (event) => {
        const frame = frameAt(event);
        canvas.dataset['over'] = frame === undefined ? 'ground' : 'frame';
        const box = scroller.getBoundingClientRect();
        const point = { xPx: event.clientX - box.left, yPx: event.clientY - box.top };
        this.hover.set(frame === undefined ? undefined : { frame, ...point });
      },
      { signal },
    );
    canvas.addEventListener('pointerleave', () => this.hover.set(undefined), { signal });
    canvas.addEventListener(
      'click',
      (event) => {
        const frame = frameAt(event);
        if (frame === undefined) onZoomOut();
        else onClick(frame);
      },
      { signal },
    );
    scroller.addEventListener(
      'scroll',
      () => {
        this.hover.set(undefined);
        this.#scrollTopPx.set(scroller.scrollTop);
        this.#options.onScroll(Math.round(scroller.scrollTop));
      },
      { signal, passive: true },
    );
  }
}
