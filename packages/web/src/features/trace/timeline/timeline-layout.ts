import { TimeScale } from '../../../base/time-scale.ts';
import type { RowWindow } from '../../../canvas/row-window.ts';
import { Store } from '../../../state/store.ts';
import type { ScrollPlace } from '../../../state/place-state.ts';
import type { RowsInView } from '../../../trace/navigation.ts';
import type { TraceState } from '../../../state/trace-state.ts';
import {
  scrollTopFor,
  spacerHeightPx,
  toContentTopPx,
  toElementTopPx,
} from '../../../base/scroll-position.ts';
import type { ScrollExtent } from '../../../base/scroll-position.ts';
import type { TimelineElements } from './timeline-elements.ts';

/** Sizes in CSS pixels, as the style sheet made them. */
export interface TimelineSizes {
  readonly treeWidthPx: number;
  readonly waterfallWidthPx: number;
  readonly heightPx: number;
  readonly minimapHeightPx: number;
}

export const ROW_HEIGHT_PX = 22;
export const RULER_HEIGHT_PX = 26;

/** Room before the first moment, so that the start of the trace can be seen to be one. */
export const LEFT_INSET_PX = 10;

/** Room after the last moment, for the durations of the bars that end with the trace. */
export const RIGHT_INSET_PX = 72;

/** Where everything of the timeline is: sizes, scroll position, and the scales and windows that follow from them. */
export class TimelineLayout {
  readonly sizes = new Store<TimelineSizes>({
    treeWidthPx: 0,
    waterfallWidthPx: 0,
    heightPx: 0,
    minimapHeightPx: 0,
  });
  /** How far the rows are scrolled. */
  readonly scrollTopPx = new Store(0);
  readonly #elements: TimelineElements;
  readonly #state: TraceState;
  readonly #observer: ResizeObserver;
  readonly #stops: (() => void)[] = [];

  constructor(elements: TimelineElements, state: TraceState) {
    this.#elements = elements;
    this.#state = state;
    this.#observer = new ResizeObserver(() => this.#measure());
    this.#observer.observe(elements.waterfall);
    this.#observer.observe(elements.scroller);
    elements.scroller.addEventListener('scroll', this.#onScroll, { passive: true });
    this.#stops.push(
      state.folding.subscribe(this.#fitSpacer),
      state.revealRequest.subscribe(this.#reveal),
      state.scrollRequest.subscribe(this.#restore),
    );
    // Making the rows as high as they are scrolls to their top.
    const place = state.places.scroll.get();
    this.#fitSpacer();
    this.#measure();
    if (place !== undefined) this.#scrollToPlace(place);
    this.#reveal();
  }

  get window(): RowWindow {
    return {
      rowCount: this.#state.folding.get().rows.spanIndexes.length,
      rowHeightPx: ROW_HEIGHT_PX,
      scrollTopPx: this.scrollTopPx.get(),
      heightPx: this.sizes.get().heightPx,
    };
  }

  /** Of what the waterfall and the ruler show. */
  get scale(): TimeScale {
    return new TimeScale(this.#state.range.get(), this.#pxRange());
  }

  /** Of the whole trace: the minimap's. */
  get overviewScale(): TimeScale {
    return new TimeScale(this.#state.bounds, this.#pxRange());
  }

  /** Rows that a press of Page Down goes on by. */
  get pageRows(): number {
    return Math.max(1, Math.floor(this.sizes.get().heightPx / ROW_HEIGHT_PX) - 1);
  }

  /** Rows that are whole in view, as far as there are rows. */
  get rowsInView(): RowsInView {
    const { rowCount, scrollTopPx, heightPx } = this.window;
    const first = Math.ceil(scrollTopPx / ROW_HEIGHT_PX);
    const last = Math.floor((scrollTopPx + heightPx) / ROW_HEIGHT_PX) - 1;
    return { first, last: Math.min(Math.max(first, last), rowCount - 1) };
  }

  scrollBy(deltaPx: number): void {
    this.#scrollTo(this.scrollTopPx.get() + deltaPx);
  }

  /** Brings the row of a span into view. */
  scrollToSpan(spanIndex: number): void {
    const row = this.#state.folding.get().rows.rowOfSpan[spanIndex] ?? 0;
    const { heightPx } = this.sizes.get();
    if (heightPx === 0) return;
    const place = { topPx: row * ROW_HEIGHT_PX, heightPx: ROW_HEIGHT_PX };
    this.#scrollTo(scrollTopFor(place, this.scrollTopPx.get(), heightPx));
  }

  [Symbol.dispose](): void {
    this.#observer.disconnect();
    this.#elements.scroller.removeEventListener('scroll', this.#onScroll);
    for (const stop of this.#stops) stop();
  }

  #pxRange(): { readonly leftPx: number; readonly widthPx: number } {
    const { waterfallWidthPx } = this.sizes.get();
    const widthPx = Math.max(1, waterfallWidthPx - LEFT_INSET_PX - RIGHT_INSET_PX);
    return { leftPx: LEFT_INSET_PX, widthPx };
  }

  #extent(): ScrollExtent {
    const { rows } = this.#state.folding.get();
    const contentHeightPx = rows.spanIndexes.length * ROW_HEIGHT_PX;
    return { contentHeightPx, viewHeightPx: this.sizes.get().heightPx };
  }

  #scrollTo(contentTopPx: number): void {
    this.#elements.scroller.scrollTop = toElementTopPx(this.#extent(), contentTopPx);
    this.#onScroll();
  }

  readonly #onScroll = (): void => {
    const topPx = toContentTopPx(this.#extent(), this.#elements.scroller.scrollTop);
    this.scrollTopPx.set(topPx);
    if (this.sizes.get().heightPx > 0) this.#tellPlace(topPx);
  };

  #tellPlace(topPx: number): void {
    const { spanIndexes } = this.#state.folding.get().rows;
    const row = Math.floor(topPx / ROW_HEIGHT_PX);
    const spanIndex = spanIndexes[row];
    if (spanIndex === undefined) return;
    const hiddenPx = topPx - row * ROW_HEIGHT_PX;
    const { scroll } = this.#state.places;
    const last = scroll.get();
    if (last?.spanIndex === spanIndex && last.hiddenPx === hiddenPx) return;
    scroll.set({ spanIndex, hiddenPx });
  }

  /** A row that is folded away is stood for by the one that hides it. */
  #scrollToPlace({ spanIndex, hiddenPx }: ScrollPlace): void {
    const row = this.#state.folding.get().rows.rowOfSpan[spanIndex] ?? 0;
    this.#scrollTo(row * ROW_HEIGHT_PX + hiddenPx);
  }

  readonly #restore = (): void => {
    const request = this.#state.scrollRequest.get();
    if (request === undefined) return;
    if (request.place === undefined) this.#scrollTo(0);
    else this.#scrollToPlace(request.place);
  };

  /** A selected row that was in view stays in view, also when the details take half of the screen. */
  readonly #measure = (): void => {
    const { waterfall, tree, root, scroller, minimap } = this.#elements;
    // The drawn part sticks to the scroller and is as high as it; the sticky element cannot know that by itself.
    root.style.setProperty('--view-height', `${scroller.clientHeight}px`);
    const before = this.sizes.get();
    const selected = this.#state.selection.get();
    const wasInView = selected !== undefined && (before.heightPx === 0 || this.#isInView(selected));
    this.sizes.set({
      treeWidthPx: tree.clientWidth,
      waterfallWidthPx: waterfall.clientWidth,
      heightPx: waterfall.clientHeight,
      minimapHeightPx: minimap.clientHeight,
    });
    this.#onScroll();
    if (wasInView) this.scrollToSpan(selected);
  };

  #isInView(spanIndex: number): boolean {
    const topPx = (this.#state.folding.get().rows.rowOfSpan[spanIndex] ?? 0) * ROW_HEIGHT_PX;
    const scrollTopPx = this.scrollTopPx.get();
    return topPx >= scrollTopPx - ROW_HEIGHT_PX && topPx <= scrollTopPx + this.sizes.get().heightPx;
  }

  readonly #fitSpacer = (): void => {
    const heightPx = spacerHeightPx(this.#extent());
    this.#elements.spacer.style.setProperty('--spacer-height', `${heightPx}px`);
    this.#onScroll();
  };

  readonly #reveal = (): void => {
    const request = this.#state.revealRequest.get();
    if (request === undefined || this.sizes.get().heightPx === 0) return;
    this.scrollToSpan(request.spanIndex);
    this.#state.revealRequest.set(undefined);
  };
}
