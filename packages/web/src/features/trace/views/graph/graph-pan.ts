import type { GraphPlace } from '../../../../state/place-state.ts';
import type { Store } from '../../../../state/store.ts';
import { isFramed } from '../../../../ui/embed.tsx';
import { fitPicture } from './fit-picture.ts';

const MIN_SCALE = 0.05;
const MAX_SCALE = 3;
const WHEEL_FACTOR = 0.0022;
/** A hand is not steady: less than this is a click. */
const CLICK_SLACK_PX = 4;
/** Fingers closer than this are taken for this far apart, or the zoom would leap. */
const MIN_PINCH_PX = 20;

interface Finger {
  readonly xPx: number;
  readonly yPx: number;
}

export interface GraphPanOptions {
  readonly frame: HTMLElement;
  readonly content: SVGGElement;
  readonly size: { readonly widthPx: number; readonly heightPx: number };
  /** Is told where the picture is, and tells where it should be; undefined for all of it. */
  readonly place: Store<GraphPlace | undefined>;
}

/** Moves and zooms a picture by pointer and wheel: writes the transform itself, without rendering anything. */
export class GraphPan implements Disposable {
  readonly #frame: HTMLElement;
  readonly #content: SVGGElement;
  readonly #size: { readonly widthPx: number; readonly heightPx: number };
  readonly #place: Store<GraphPlace | undefined>;
  readonly #stop: () => void;
  readonly #abort = new AbortController();
  readonly #observer: ResizeObserver;
  readonly #fingers = new Map<number, Finger>();
  #xPx = 0;
  #yPx = 0;
  #scale = 1;
  /** What it told last. */
  #told: GraphPlace | undefined | 'nothing' = 'nothing';
  /** Until somebody moved it, the picture keeps to the middle of its frame. */
  #isTouched = false;

  constructor({ frame, content, size, place }: GraphPanOptions) {
    this.#frame = frame;
    this.#content = content;
    this.#size = size;
    this.#place = place;
    this.#stop = place.subscribe(() => this.#goTo(place.get()));
    this.#observer = new ResizeObserver(() => {
      if (!this.#isTouched) this.#fit();
    });
    this.#observer.observe(frame);
    this.#goTo(place.get());
    const { signal } = this.#abort;
    frame.addEventListener('pointerdown', this.#onDown, { signal });
    frame.addEventListener('pointermove', this.#onMove, { signal });
    frame.addEventListener('pointerup', this.#onEnd, { signal });
    frame.addEventListener('pointercancel', this.#onEnd, { signal });
    frame.addEventListener('wheel', this.#onWheel, { signal, passive: false });
    frame.addEventListener('dblclick', () => this.fit(), { signal });
  }

  /** Around a point of the frame, else around its middle. */
  zoom(factor: number, atXPx?: number, atYPx?: number): void {
    const xPx = atXPx ?? this.#frame.clientWidth / 2;
    const yPx = atYPx ?? this.#frame.clientHeight / 2;
    const scale = Math.min(Math.max(this.#scale * factor, MIN_SCALE), MAX_SCALE);
    this.#xPx = xPx - ((xPx - this.#xPx) * scale) / this.#scale;
    this.#yPx = yPx - ((yPx - this.#yPx) * scale) / this.#scale;
    this.#scale = scale;
    this.#isTouched = true;
    this.#write();
  }

  moveBy(xPx: number, yPx: number): void {
    this.#xPx += xPx;
    this.#yPx += yPx;
    this.#isTouched = true;
    this.#write();
  }

  /** Shows all, as large as it fits. */
  fit(): void {
    this.#isTouched = false;
    this.#fit();
  }

  [Symbol.dispose](): void {
    this.#abort.abort();
    this.#observer.disconnect();
    this.#stop();
  }

  #fit(): void {
    const { clientWidth, clientHeight } = this.#frame;
    const { widthPx, heightPx } = this.#size;
    if (clientWidth === 0 || clientHeight === 0 || widthPx === 0) return;
    const frame = { widthPx: clientWidth, heightPx: clientHeight };
    const { scale, xPx, yPx } = fitPicture({ widthPx, heightPx }, frame);
    this.#scale = scale;
    this.#xPx = xPx;
    this.#yPx = yPx;
    this.#write();
  }

  #write(): void {
    const place = `translate(${this.#xPx.toFixed(1)} ${this.#yPx.toFixed(1)})`;
    this.#content.setAttribute('transform', `${place} scale(${this.#scale.toFixed(4)})`);
    const { clientWidth, clientHeight } = this.#frame;
    const told = this.#isTouched
      ? {
          xPx: (clientWidth / 2 - this.#xPx) / this.#scale,
          yPx: (clientHeight / 2 - this.#yPx) / this.#scale,
          scale: this.#scale,
        }
      : undefined;
    this.#told = told;
    this.#place.set(told);
  }

  /** Where somebody else wants it to be: an address. */
  #goTo(place: GraphPlace | undefined): void {
    if (place === this.#told) return;
    this.#isTouched = place !== undefined;
    if (place === undefined) {
      this.#fit();
      return;
    }
    const { clientWidth, clientHeight } = this.#frame;
    this.#scale = Math.min(Math.max(place.scale, MIN_SCALE), MAX_SCALE);
    this.#xPx = clientWidth / 2 - place.xPx * this.#scale;
    this.#yPx = clientHeight / 2 - place.yPx * this.#scale;
    this.#write();
  }

  readonly #onDown = (event: PointerEvent): void => {
    if (event.button === 0) this.#fingers.set(event.pointerId, pointOf(event));
  };

  /** A press that moves takes the pointer, so that its end is no click on a node. */
  readonly #onMove = (event: PointerEvent): void => {
    const last = this.#fingers.get(event.pointerId);
    if (last === undefined) return;
    const now = pointOf(event);
    const isDrag = this.#frame.hasPointerCapture(event.pointerId);
    if (!isDrag && Math.hypot(now.xPx - last.xPx, now.yPx - last.yPx) < CLICK_SLACK_PX) return;
    if (!isDrag) this.#frame.setPointerCapture(event.pointerId);
    const before = describePinch(this.#fingers);
    this.#fingers.set(event.pointerId, now);
    const after = describePinch(this.#fingers);
    this.moveBy(after.xPx - before.xPx, after.yPx - before.yPx);
    if (this.#fingers.size < 2) return;
    const box = this.#frame.getBoundingClientRect();
    this.zoom(after.spanPx / before.spanPx, after.xPx - box.left, after.yPx - box.top);
  };

  readonly #onEnd = (event: PointerEvent): void => {
    this.#fingers.delete(event.pointerId);
  };

  readonly #onWheel = (event: WheelEvent): void => {
    const isZoom = event.ctrlKey || event.metaKey;
    if (!isZoom && isFramed()) return;
    event.preventDefault();
    if (!isZoom) {
      this.moveBy(-event.deltaX, -event.deltaY);
      return;
    }
    const box = this.#frame.getBoundingClientRect();
    const factor = Math.exp(-event.deltaY * WHEEL_FACTOR);
    this.zoom(factor, event.clientX - box.left, event.clientY - box.top);
  };
}

function pointOf({ clientX, clientY }: PointerEvent): Finger {
  return { xPx: clientX, yPx: clientY };
}

/** The middle of the fingers, and how far apart two are. */
function describePinch(fingers: ReadonlyMap<number, Finger>): Finger & { readonly spanPx: number } {
  const [a = { xPx: 0, yPx: 0 }, b = a] = fingers.values();
  return {
    xPx: (a.xPx + b.xPx) / 2,
    yPx: (a.yPx + b.yPx) / 2,
    spanPx: Math.max(Math.hypot(a.xPx - b.xPx, a.yPx - b.yPx), MIN_PINCH_PX),
  };
}
