import type { PlaceState } from '../../../state/place-state.ts';
import { isSameMark } from '../../../state/span-mark.ts';
import type { SpanMark } from '../../../state/span-mark.ts';
import { Store } from '../../../state/store.ts';
import type { TraceState } from '../../../state/trace-state.ts';
import type { TraceView } from '../../../trace/trace-view.ts';
import { findNext } from '../../../trace/find-next.ts';

/** The part of a search that only the server can do. */
export type ServerSearch =
  | { readonly status: 'idle' | 'searching' }
  | {
      readonly status: 'failed';
      /** Why, in words. */
      readonly message: string;
      /** A query that was probably meant, where it was one that cannot be read. */
      readonly suggestion?: string | undefined;
    };

/** Spans that somebody pointed at, and what they have in common. */
export interface PointedSpans {
  readonly spans: Uint32Array;
  readonly label: string;
  readonly mark: SpanMark;
}

/** What the find box has found, or what somebody pointed at in one of the pictures. */
export class FindState {
  readonly text: Store<string>;
  /** 1 for each span found; `undefined` while nothing is looked for. */
  readonly matches = new Store<Uint8Array | undefined>(undefined);
  readonly count = new Store(0);
  /** What the matches are of; while one types, the box is ahead of it. */
  readonly sought = new Store('');
  /** What the server is still asked, or why it did not answer. */
  readonly server = new Store<ServerSearch>({ status: 'idle' });
  /** What the spans have in common, where they were pointed at: a service, a row of the statistics. */
  readonly label = new Store<string | undefined>(undefined);

  readonly #places: PlaceState;
  /** What the marks are of that were pointed at, and in which answer. */
  #pointed: { readonly mark: SpanMark; readonly view: TraceView } | undefined;

  constructor(places: PlaceState) {
    this.#places = places;
    this.text = places.findText;
  }

  set(sought: string, matches: Uint8Array | undefined): void {
    this.sought.set(sought);
    this.label.set(undefined);
    if (this.#pointed !== undefined || sought !== '') this.#places.mark.set(undefined);
    this.#pointed = undefined;
    this.#mark(matches);
  }

  /** Marks spans that were pointed at, in the place of what was typed. */
  point(state: TraceState, { spans, label, mark }: PointedSpans): void {
    const view = state.view.get();
    const marks = new Uint8Array(view.spanCount);
    for (const index of spans) marks[index] = 1;
    this.#pointed = { mark, view };
    this.#places.mark.set(mark);
    this.label.set(label);
    this.text.set('');
    this.#mark(marks);
  }

  isMarked(mark: SpanMark, view: TraceView): boolean {
    return this.#pointed?.view === view && isSameMark(this.#pointed.mark, mark);
  }

  /** Takes the marks away that were pointed at, and leaves those of what is typed. */
  unmark(): void {
    if (this.#pointed !== undefined) this.set('', undefined);
  }

  clear(): void {
    this.text.set('');
    this.set('', undefined);
    this.#places.mark.set(undefined);
  }

  /** Selects the next span found, going round. */
  step(state: TraceState, direction: 1 | -1): void {
    const marks = this.matches.get();
    if (marks === undefined) return;
    const { tree } = state.view.get();
    const next = findNext(tree, { marks, from: state.selection.get(), direction });
    if (next !== undefined) state.select(next);
  }

  #mark(matches: Uint8Array | undefined): void {
    this.count.set(matches?.reduce((sum, one) => sum + one, 0) ?? 0);
    this.matches.set(matches);
  }
}
