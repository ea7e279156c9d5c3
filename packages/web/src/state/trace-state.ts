/**
 * What a person sees and does on the trace page, as plain stores: the canvases subscribe to what they draw, React to what
 * changes by a click. The stores hang together by the methods here, which keep them true to one view of the trace.
 */
import {
  boundsOf,
  clampTimeRange,
  isSameTimeRange,
  revealInTimeRange,
} from '../base/time-range.ts';
import type { TimeRange } from '../base/time-range.ts';
import { expandAncestors, expandAll } from '../trace/collapse.ts';
import { layoutRows } from '../trace/span-rows.ts';
import type { CollapsedSpans, SpanRows } from '../trace/span-rows.ts';
import { transferCollapsed, transferSpan } from '../trace/transfer.ts';
import type { TraceView } from '../trace/trace-view.ts';
import { Store } from './store.ts';
import { DEFAULT_OPTIONS } from './view-options.ts';
import type { TracePageName, ViewOptions } from './view-options.ts';

/** Which spans are folded away, and the rows that are left. */
export interface Folding {
  readonly collapsed: CollapsedSpans;
  readonly rows: SpanRows;
}

/** What the pointer is on; each part alone may be missing. */
export interface Hover {
  readonly spanIndex?: number | undefined;
  /** Index into the view's events. */
  readonly event?: number | undefined;
  readonly timeNs?: number | undefined;
  /** On a bar or a mark of the waterfall, and not only in its row. */
  readonly at?: 'bar' | 'ground' | undefined;
}

export const DETAIL_TABS = ['attributes', 'events', 'links', 'resource'] as const;
export type DetailTab = (typeof DETAIL_TABS)[number];

/** What the page shows at first. */
export interface TraceStart {
  readonly page?: TracePageName | undefined;
  readonly options?: ViewOptions | undefined;
  readonly collapsed?: CollapsedSpans | undefined;
  readonly range?: TimeRange | undefined;
  readonly spanIndex?: number | undefined;
  readonly isDetailOpen: boolean;
  readonly tab: DetailTab;
}

export class TraceState {
  readonly view: Store<TraceView>;
  readonly folding: Store<Folding>;
  readonly range: Store<TimeRange>;
  readonly selection: Store<number | undefined>;
  readonly isDetailOpen: Store<boolean>;
  readonly tab: Store<DetailTab>;
  /** Which of the pictures of the trace is shown. */
  readonly page: Store<TracePageName>;
  readonly options: Store<ViewOptions>;
  readonly hover = new Store<Hover>({});
  /** The range that is being drawn up with the pointer. */
  readonly draftRange = new Store<TimeRange | undefined>(undefined);
  /** Asks the waterfall to scroll to a span; a new object each time. */
  readonly revealRequest = new Store<{ readonly spanIndex: number } | undefined>(undefined);

  constructor(view: TraceView, start: TraceStart) {
    this.view = new Store(view);
    this.folding = new Store(fold(view, start.collapsed ?? expandAll(view.tree)));
    this.range = new Store(clampTimeRange(start.range ?? this.bounds, this.bounds));
    this.selection = new Store<number | undefined>(undefined);
    this.isDetailOpen = new Store(start.isDetailOpen);
    this.tab = new Store(start.tab);
    this.page = new Store(start.page ?? 'timeline');
    this.options = new Store(start.options ?? DEFAULT_OPTIONS);
    if (start.spanIndex !== undefined) this.#showAtStart(start.spanIndex, start.range);
  }

  get bounds(): TimeRange {
    return boundsOf(this.view.get().durationNs);
  }

  /** Takes over a newer answer: what was selected, folded and visible stays so, found again by id and by clock. */
  replaceView(view: TraceView): void {
    const before = this.view.get();
    if (view === before) return;
    const wasAll = isSameTimeRange(this.range.get(), this.bounds);
    const shiftNs = Number(before.startUnixNano - view.startUnixNano);
    const { startNs, endNs } = this.range.get();
    const selected = transferSpan(before, view, this.selection.get());
    const collapsed = transferCollapsed(before, view, this.folding.get().collapsed);
    this.hover.set({});
    this.selection.set(undefined);
    this.view.set(view);
    this.folding.set(fold(view, collapsed));
    const range = wasAll ? this.bounds : { startNs: startNs + shiftNs, endNs: endNs + shiftNs };
    this.range.set(clampTimeRange(range, this.bounds));
    this.selection.set(selected);
  }

  /** Takes over what an address says; where it says nothing of the range or the folding, they stay as they are. */
  apply({ collapsed, range, spanIndex, isDetailOpen, tab, page, options }: TraceStart): void {
    this.page.set(page ?? 'timeline');
    this.options.set(options ?? DEFAULT_OPTIONS);
    if (collapsed !== undefined) this.setCollapsed(collapsed);
    this.tab.set(tab);
    if (spanIndex === undefined) this.clearSelection();
    else this.select(spanIndex);
    this.isDetailOpen.set(isDetailOpen);
    if (range !== undefined) this.setRange(range);
  }

  setOptions(change: Partial<ViewOptions>): void {
    this.options.set({ ...this.options.get(), ...change });
  }

  setRange(range: TimeRange): void {
    this.range.set(clampTimeRange(range, this.bounds));
  }

  setCollapsed(collapsed: CollapsedSpans): void {
    if (collapsed !== this.folding.get().collapsed)
      this.folding.set(fold(this.view.get(), collapsed));
  }

  /** Selects a span and brings it into sight: unfolds what hides it, scrolls, and moves the range when it lies outside. */
  select(spanIndex: number): void {
    const { tree } = this.view.get();
    this.setCollapsed(expandAncestors(tree, this.folding.get().collapsed, spanIndex));
    this.selection.set(spanIndex);
    this.range.set(revealInTimeRange(this.range.get(), this.rangeOf(spanIndex), this.bounds));
    this.revealRequest.set({ spanIndex });
  }

  clearSelection(): void {
    this.isDetailOpen.set(false);
    this.selection.set(undefined);
  }

  rangeOf(spanIndex: number): TimeRange {
    const { offsetsNs, durationsNs } = this.view.get();
    const startNs = offsetsNs[spanIndex] ?? 0;
    return { startNs, endNs: startNs + (durationsNs[spanIndex] ?? 0) };
  }

  /** A span with a little of what is around it. */
  closeRangeOf(spanIndex: number): TimeRange {
    const { startNs, endNs } = this.rangeOf(spanIndex);
    const marginNs = Math.max((endNs - startNs) * 0.05, 50);
    return clampTimeRange({ startNs: startNs - marginNs, endNs: endNs + marginNs }, this.bounds);
  }

  /** A link that says a range is believed: its sender saw just that, even when the span lies outside. */
  #showAtStart(spanIndex: number, range: TimeRange | undefined): void {
    this.select(spanIndex);
    if (range !== undefined) this.setRange(range);
  }
}

function fold(view: TraceView, collapsed: CollapsedSpans): Folding {
  return { collapsed, rows: layoutRows(view.tree, collapsed) };
}
