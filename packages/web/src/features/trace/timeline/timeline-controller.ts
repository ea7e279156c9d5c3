import type { FrameScheduler } from '../../../base/frame-scheduler.ts';
import { panTimeRange, zoomTimeRange } from '../../../base/time-range.ts';
import type { TimeRange } from '../../../base/time-range.ts';
import type { CanvasTheme } from '../../../canvas/canvas-theme.ts';
import type { Caption } from '../../../canvas/picture/caption.ts';
import type { Picture } from '../../../canvas/picture/picture.ts';
import { TextMeasurer } from '../../../canvas/text-measurer.ts';
import { Store } from '../../../state/store.ts';
import type { Readable } from '../../../state/store.ts';
import type { RowsInView } from '../../../trace/navigation.ts';
import type { TraceState } from '../../../state/trace-state.ts';
import { listenToMinimap, listenToRuler } from './pointer/listen-to-ranges.ts';
import { listenToWaterfall } from './pointer/listen-to-waterfall.ts';
import { listenToWheel } from './pointer/listen-to-wheel.ts';
import { makeTimelinePicture } from './pictures/make-picture.ts';
import { mountMinimap } from './pictures/mount-minimap.ts';
import { mountTooltip } from './pictures/mount-tooltip.ts';
import { mountTree } from './tree/mount-tree.ts';
import { mountTreePicture } from './pictures/mount-tree-picture.ts';
import { mountRuler, mountWaterfall } from './pictures/mount-waterfall.ts';
import { RangeAnimator } from './range-animator.ts';
import type { TimelineContext } from './timeline-context.ts';
import type { TimelineElements } from './timeline-elements.ts';
import { TimelineLayout } from './timeline-layout.ts';

export interface TimelineOptions {
  readonly elements: TimelineElements;
  readonly state: TraceState;
  readonly scheduler: FrameScheduler;
  readonly theme: CanvasTheme;
  readonly matches: Readable<Uint8Array | undefined>;
}

/**
 * In the order in which they are drawn: the rows of the tree last, because a canvas that is told its font, and a tooltip that is
 * measured, make the browser lay out at once whatever has changed before.
 */
const PARTS = [
  mountTreePicture,
  mountWaterfall,
  mountRuler,
  mountMinimap,
  mountTooltip,
  mountTree,
  listenToWaterfall,
  listenToRuler,
  listenToMinimap,
  listenToWheel,
] as const;

/**
 * The timeline while it is on the page: ties the stores to the pictures and the pointer to the stores. Each part stands for
 * itself; what they share is the context.
 */
export class TimelineController {
  readonly #context: TimelineContext;
  readonly #parts: readonly Disposable[];

  constructor({ elements, state, scheduler, theme, matches }: TimelineOptions) {
    const isMotionReduced = () => matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.#context = {
      elements,
      state,
      scheduler,
      matches,
      layout: new TimelineLayout(elements, state),
      animator: new RangeAnimator(state, scheduler, isMotionReduced),
      theme: new Store(theme),
      text: new TextMeasurer(),
    };
    this.#parts = PARTS.map((part) => part(this.#context));
    void this.#redrawWithFonts();
  }

  get pageRows(): number {
    return this.#context.layout.pageRows;
  }

  get rowsInView(): RowsInView {
    return this.#context.layout.rowsInView;
  }

  setTheme(theme: CanvasTheme): void {
    this.#context.theme.set(theme);
  }

  /** Zooms around the pointer's time, else the middle of the selected span where it is visible, else the middle. */
  zoom(factor: number): void {
    const { state, animator } = this.#context;
    const range = animator.target;
    const spanIndex = state.selection.get();
    const selected = spanIndex === undefined ? range : state.rangeOf(spanIndex);
    const anchors = [state.hover.get().timeNs, middleOf(selected), middleOf(range)];
    const atNs = anchors.find((ns) => ns !== undefined && isInside(ns, range)) ?? range.startNs;
    animator.moveTo(zoomTimeRange(range, { atNs, factor }, state.bounds));
  }

  /** Pans by a share of what is visible. */
  pan(share: number): void {
    const { state, animator } = this.#context;
    const range = animator.target;
    const deltaNs = (range.endNs - range.startNs) * share;
    animator.moveTo(panTimeRange(range, deltaNs, state.bounds));
  }

  zoomToAll(): void {
    this.#context.animator.moveTo(this.#context.state.bounds);
  }

  zoomToRange(range: TimeRange): void {
    this.#context.animator.moveTo(range);
  }

  /** Shows the selected span from edge to edge. */
  zoomToSelection(): void {
    const { state, animator } = this.#context;
    const spanIndex = state.selection.get();
    if (spanIndex !== undefined) animator.moveTo(state.closeRangeOf(spanIndex));
  }

  /** The timeline as it is, to be saved; of its rows no more than `maxRows`. */
  makePicture(caption: Caption, maxRows: number): Picture {
    return makeTimelinePicture(this.#context, caption, maxRows);
  }

  focus(): void {
    this.#context.elements.scroller.focus({ preventScroll: true });
  }

  [Symbol.dispose](): void {
    for (const part of this.#parts) part[Symbol.dispose]();
    this.#context.animator[Symbol.dispose]();
    this.#context.layout[Symbol.dispose]();
  }

  /** Texts that were measured before the fonts had come are measured anew. */
  async #redrawWithFonts(): Promise<void> {
    await document.fonts.ready;
    const { text, theme } = this.#context;
    text.clear();
    theme.set({ ...theme.get() });
  }
}

function middleOf({ startNs, endNs }: TimeRange): number {
  return (startNs + endNs) / 2;
}

function isInside(ns: number, { startNs, endNs }: TimeRange): boolean {
  return ns >= startNs && ns <= endNs;
}
