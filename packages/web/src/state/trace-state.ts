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
import { colorByValue, colorSpans } from '../trace/color-spans.ts';
import type { Coloring } from '../trace/color-spans.ts';
import { isSameAttribute } from '../trace/span-attribute.ts';
import type { AttributeValues, SpanAttribute } from '../trace/span-attribute.ts';
import { collapseByRule } from '../trace/fold-rule.ts';
import type { FoldRule } from '../trace/fold-rule.ts';
import { layoutRows } from '../trace/span-rows.ts';
import type { CollapsedSpans, SpanRows } from '../trace/span-rows.ts';
import type { ClockMode } from '../trace/correct-clocks.ts';
import type { TraceInsight } from '../trace/trace-insight.ts';
import { transferCollapsed, transferSpan } from '../trace/transfer.ts';
import type { TraceView } from '../trace/trace-view.ts';
import type { FoldLoss } from './fold-url.ts';
import { InsightState } from './insight-state.ts';
import type { InsightStart, PathMode } from './insight-state.ts';
import { PlaceState } from './place-state.ts';
import type { PlaceStart, ScrollPlace } from './place-state.ts';
import { Store } from './store.ts';
import { DEFAULT_OPTIONS } from './view-options.ts';
import type { TracePageName, ViewOptions } from './view-options.ts';

/** Which spans are folded away, and the rows that are left. */
export interface Folding {
  readonly collapsed: CollapsedSpans;
  readonly rows: SpanRows;
  /** What all that is collapsed follows from; undefined once a span has been folded or unfolded by hand. */
  readonly rule: FoldRule | undefined;
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
export interface TraceStart extends InsightStart {
  readonly page?: TracePageName | undefined;
  readonly options?: ViewOptions | undefined;
  readonly collapsed?: CollapsedSpans | undefined;
  /** What `collapsed` follows from, if it does. */
  readonly foldRule?: FoldRule | undefined;
  /** Why `collapsed` is missing though something was folded. */
  readonly foldLoss?: FoldLoss | undefined;
  readonly range?: TimeRange | undefined;
  readonly spanIndex?: number | undefined;
  readonly isDetailOpen: boolean;
  readonly tab: DetailTab;
  readonly coloring?: Coloring | undefined;
  readonly clock?: ClockMode | undefined;
  readonly places?: PlaceStart | undefined;
}

/** By a click or a leap, or from one row to the next. */
export type SelectedBy = 'jump' | 'step';

export class TraceState {
  /** In the colours that were chosen. */
  readonly view: Store<TraceView>;
  readonly coloring: Store<Coloring>;
  /** Of the attribute that colours stand for, once they are known. */
  readonly colorValues = new Store<AttributeValues | undefined>(undefined);
  /** Which times are wanted; those of `view` follow once it is replaced. */
  readonly clock: Store<ClockMode>;
  readonly insights: InsightState;
  readonly folding: Store<Folding>;
  /** What an address could not restore of the folding; until somebody folds, or has read it. */
  readonly foldLoss: Store<FoldLoss | undefined>;
  readonly range: Store<TimeRange>;
  readonly selection: Store<number | undefined>;
  readonly isDetailOpen: Store<boolean>;
  readonly tab: Store<DetailTab>;
  /** Which of the pictures of the trace is shown. */
  readonly page: Store<TracePageName>;
  readonly options: Store<ViewOptions>;
  readonly places: PlaceState;
  readonly hover = new Store<Hover>({});
  /** The range that is being drawn up with the pointer. */
  readonly draftRange = new Store<TimeRange | undefined>(undefined);
  /** Asks the waterfall to scroll to a span; a new object each time, taken away once that is done. */
  readonly revealRequest = new Store<{ readonly spanIndex: number } | undefined>(undefined);

  /** Asks the waterfall to scroll to where it was; a new object each time. Without a place, to the top. */
  readonly scrollRequest = new Store<{ readonly place: ScrollPlace | undefined } | undefined>(
    undefined,
  );
  /** How the last selection came about. */
  selectedBy: SelectedBy = 'jump';
  /** Until the analysis is there, which may take rows away. */
  #startScroll: ScrollPlace | undefined;

  /** As it came, in the colours of services. */
  #answer: TraceView;

  constructor(view: TraceView, start: TraceStart) {
    this.#answer = view;
    this.coloring = new Store(start.coloring ?? 'service');
    this.view = new Store(paint(view, this.coloring.get()));
    this.clock = new Store(start.clock ?? 'corrected');
    this.insights = new InsightState(start);
    this.folding = new Store(
      layoutFolding(view, foldedAtStart(start) ?? { collapsed: expandAll(view.tree) }),
    );
    this.foldLoss = new Store(start.foldLoss);
    this.range = new Store(clampTimeRange(start.range ?? this.bounds, this.bounds));
    this.selection = new Store<number | undefined>(undefined);
    this.isDetailOpen = new Store(start.isDetailOpen);
    this.tab = new Store(start.tab);
    this.page = new Store(start.page ?? 'timeline');
    this.options = new Store(start.options ?? DEFAULT_OPTIONS);
    this.places = new PlaceState(start.places ?? {});
    if (start.spanIndex !== undefined) this.#showAtStart(start.spanIndex, start);
    this.#startScroll = start.places?.scroll;
  }

  /** The view that an analysis is of. */
  get answer(): TraceView {
    return this.#answer;
  }

  get bounds(): TimeRange {
    return boundsOf(this.view.get().durationNs);
  }

  /** Takes over a newer answer: what was selected, folded and visible stays so, found again by id and by clock. */
  replaceView(view: TraceView): void {
    if (view === this.#answer) return;
    const before = this.view.get();
    this.#answer = view;
    const wasAll = isSameTimeRange(this.range.get(), this.bounds);
    const shiftNs = Number(before.startUnixNano - view.startUnixNano);
    const { startNs, endNs } = this.range.get();
    const selected = transferSpan(before, view, this.selection.get());
    const folded = transferFolded(before, view, this.folding.get());
    const scroll = this.places.scroll.get();
    const top = transferSpan(before, view, scroll?.spanIndex);
    this.hover.set({});
    this.places.event.set(undefined);
    this.places.scroll.set(
      scroll === undefined || top === undefined ? undefined : { ...scroll, spanIndex: top },
    );
    this.selection.set(undefined);
    this.insights.set(view, undefined);
    this.colorValues.set(undefined);
    this.view.set(paint(view, this.coloring.get()));
    this.folding.set(layoutFolding(view, folded));
    const range = wasAll ? this.bounds : { startNs: startNs + shiftNs, endNs: endNs + shiftNs };
    this.range.set(clampTimeRange(range, this.bounds));
    this.selection.set(selected);
  }

  /** Takes over what an address says: all of it, and what it says nothing of is as by default. */
  apply(start: TraceStart): void {
    const { foldLoss, range, spanIndex, isDetailOpen, tab, coloring } = start;
    const { page, options } = start;
    const places = start.places ?? {};
    this.page.set(page ?? 'timeline');
    this.options.set(options ?? DEFAULT_OPTIONS);
    this.setColoring(coloring ?? 'service');
    this.clock.set(start.clock ?? 'corrected');
    this.insights.apply(this.view.get(), start);
    this.#fold(foldedAtStart(start) ?? this.folding.get());
    // What was too much for the address is still as it was.
    this.foldLoss.set(foldLoss === 'changed' ? foldLoss : undefined);
    this.tab.set(tab);
    if (spanIndex === undefined) this.clearSelection();
    else this.select(spanIndex);
    this.isDetailOpen.set(isDetailOpen);
    this.setRange(range ?? this.bounds);
    this.places.apply(places);
    this.scrollRequest.set({ place: places.scroll });
    const isRevealed = places.scroll === undefined && spanIndex !== undefined;
    this.revealRequest.set(isRevealed ? { spanIndex } : undefined);
  }

  setOptions(change: Partial<ViewOptions>): void {
    this.options.set({ ...this.options.get(), ...change });
  }

  setRange(range: TimeRange): void {
    this.range.set(clampTimeRange(range, this.bounds));
  }

  setCollapsed(collapsed: CollapsedSpans): void {
    if (collapsed === this.folding.get().collapsed) return;
    this.foldLoss.set(undefined);
    this.#fold({ collapsed });
  }

  /** Folds what follows from a rule, and unfolds all else. */
  foldByRule(rule: FoldRule): void {
    this.foldLoss.set(undefined);
    this.#fold({ collapsed: collapseByRule(this.view.get(), rule), rule });
  }

  /** Chooses what the colours of bars stand for. Those of an attribute come with its values; until then bars keep theirs. */
  setColoring(coloring: Coloring): void {
    if (isSameColoring(coloring, this.coloring.get())) return;
    this.colorValues.set(undefined);
    this.coloring.set(coloring);
    if (typeof coloring === 'string') this.view.set(paint(this.#answer, coloring));
  }

  /** Takes the values of an attribute; those of another than colours stand for, or of another answer, are no use any more. */
  setColorValues(of: SpanAttribute, values: AttributeValues): void {
    const isFitting = values.indexes.length === this.#answer.spanCount;
    if (!isFitting || !isSameColoring(of, this.coloring.get())) return;
    if (values === this.colorValues.get()) return;
    this.colorValues.set(values);
    this.view.set({ ...this.#answer, colors: colorByValue(this.#answer, values).colors });
  }

  /** Takes the analysis of the view that is shown; one of another view is no use any more. */
  setInsight(of: TraceView, insight: TraceInsight): void {
    if (of !== this.#answer) return;
    this.insights.set(this.view.get(), insight);
    if (this.insights.shown !== undefined) this.#fold(this.folding.get());
    const selected = this.selection.get();
    if (selected !== undefined) this.#showRowOf(selected);
    const place = this.#startScroll;
    this.#startScroll = undefined;
    if (place !== undefined && this.insights.shown !== undefined) this.scrollRequest.set({ place });
  }

  /** Shows the critical path, hides it, or hides what is not on it. */
  setPathMode(mode: PathMode): void {
    if (mode === this.insights.path.get()) return;
    this.insights.path.set(mode);
    this.#fold(this.folding.get());
    const selected = this.selection.get();
    if (selected !== undefined) this.revealRequest.set({ spanIndex: selected });
  }

  /** Selects a span and brings it into sight: unfolds what hides it, scrolls, and moves the range when it lies outside. */
  select(spanIndex: number, by: SelectedBy = 'jump'): void {
    const { tree } = this.view.get();
    this.selectedBy = by;
    // The timeline has yet to scroll there, wherever it was.
    if (this.page.get() !== 'timeline') this.places.scroll.set(undefined);
    this.places.forgetOtherTables(this.page.get());
    this.#showRowOf(spanIndex);
    this.setCollapsed(expandAncestors(tree, this.folding.get().collapsed, spanIndex));
    this.selection.set(spanIndex);
    this.range.set(revealInTimeRange(this.range.get(), this.rangeOf(spanIndex), this.bounds));
    this.revealRequest.set({ spanIndex });
  }

  clearSelection(): void {
    this.selectedBy = 'jump';
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

  /** A span beside the critical path has a row only where all have. */
  #showRowOf(spanIndex: number): void {
    const { shown } = this.insights;
    if (shown !== undefined && shown[spanIndex] !== 1) this.setPathMode('shown');
  }

  #fold(folded: Folded): void {
    this.folding.set(layoutFolding(this.view.get(), folded, this.insights.shown));
  }

  /** A link that says a range, or a row, is believed: its sender saw just that, even when the span lies outside. */
  #showAtStart(spanIndex: number, { range, places }: TraceStart): void {
    const scroll = places?.scroll;
    this.select(spanIndex);
    if (range !== undefined) this.setRange(range);
    if (places?.tables !== undefined) this.places.tables.set(places.tables);
    if (scroll === undefined) return;
    this.places.scroll.set(scroll);
    this.revealRequest.set(undefined);
  }
}

/** What is folded, without the rows. */
interface Folded {
  readonly collapsed: CollapsedSpans;
  readonly rule?: FoldRule | undefined;
}

function foldedAtStart({ collapsed, foldRule }: TraceStart): Folded | undefined {
  return collapsed === undefined ? undefined : { collapsed, rule: foldRule };
}

/** A rule folds what has arrived since, too, as it does when the page is loaded anew. */
function transferFolded(from: TraceView, to: TraceView, { collapsed, rule }: Folded): Folded {
  return rule === undefined
    ? { collapsed: transferCollapsed(from, to, collapsed) }
    : { collapsed: collapseByRule(to, rule), rule };
}

function layoutFolding(view: TraceView, { collapsed, rule }: Folded, shown?: Uint8Array): Folding {
  return { collapsed, rule, rows: layoutRows(view.tree, collapsed, shown) };
}

/** As far as the columns know what colours stand for; else in the colours of services. */
function paint(view: TraceView, coloring: Coloring): TraceView {
  if (coloring === 'service' || typeof coloring !== 'string') return view;
  return { ...view, colors: colorSpans(view, coloring).colors };
}

function isSameColoring(a: Coloring, b: Coloring): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b;
  return isSameAttribute(a, b);
}
