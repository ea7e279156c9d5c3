import type { SpanMark } from './span-mark.ts';
import { isSameMark } from './span-mark.ts';
import { Store } from './store.ts';
import { keepScrollOf } from './table-scroll.ts';
import type { ScrolledPart, TableScroll } from './table-scroll.ts';
import type { TracePageName } from './view-options.ts';

/** How far the rows of the timeline are scrolled: which one is on top, and how much of it is hidden. */
export interface ScrollPlace {
  readonly spanIndex: number;
  readonly hiddenPx: number;
}

/** What of the graph is in the middle, in its own pixels, and how large it is. */
export interface GraphPlace {
  readonly xPx: number;
  readonly yPx: number;
  readonly scale: number;
}

export interface PlaceStart {
  readonly scroll?: ScrollPlace | undefined;
  readonly tables?: TableScroll | undefined;
  readonly graph?: GraphPlace | undefined;
  /** Index into the view's events. */
  readonly event?: number | undefined;
  readonly findText?: string | undefined;
  readonly mark?: SpanMark | undefined;
}

/** Where one is in the pictures, and what one looks for in them. */
export class PlaceState {
  /** Undefined until the timeline was shown. */
  readonly scroll: Store<ScrollPlace | undefined>;
  /** What was scrolled besides the timeline. */
  readonly tables: Store<TableScroll>;
  /** Asks all that is in `tables` to scroll there; a new object each time. */
  readonly tableRequest = new Store<object>({});
  /** Undefined while all of the graph is shown. */
  readonly graph: Store<GraphPlace | undefined>;
  /** The event that was last chosen in the table of events. */
  readonly event: Store<number | undefined>;
  readonly findText: Store<string>;
  readonly mark: Store<SpanMark | undefined>;

  constructor({ scroll, tables, graph, event, findText, mark }: PlaceStart) {
    this.scroll = new Store(scroll);
    this.tables = new Store(tables ?? {});
    this.graph = new Store(graph);
    this.event = new Store(event);
    this.findText = new Store(findText ?? '');
    this.mark = new Store(mark);
  }

  /** What an address says; where it says nothing, one is nowhere and looks for nothing. */
  apply({ scroll, tables, graph, event, findText, mark }: PlaceStart): void {
    this.scroll.set(scroll);
    this.tables.set(tables ?? {});
    this.tableRequest.set({});
    this.graph.set(graph);
    this.event.set(event);
    this.findText.set(findText ?? '');
    if (!isSameMark(mark, this.mark.get())) this.mark.set(mark);
  }

  tellTable(part: ScrolledPart, topPx: number): void {
    if (this.tables.get()[part] === topPx) return;
    this.tables.set({ ...this.tables.get(), [part]: topPx });
  }

  /** A span was selected in a picture. */
  forgetOtherTables(page: TracePageName): void {
    this.tables.set(keepScrollOf(page, this.tables.get()));
  }
}
