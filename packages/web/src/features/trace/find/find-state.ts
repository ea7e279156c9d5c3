import { Store } from '../../../state/store.ts';
import type { TraceState } from '../../../state/trace-state.ts';
import { findNext } from '../../../trace/find-next.ts';

/** The part of a search that only the server can do. */
export type ServerSearch =
  | { readonly status: 'idle' | 'searching' }
  | { readonly status: 'failed'; readonly message: string };

/** What the find box has found, or what somebody pointed at in one of the pictures. */
export class FindState {
  readonly text = new Store('');
  /** 1 for each span found; `undefined` while nothing is looked for. */
  readonly matches = new Store<Uint8Array | undefined>(undefined);
  readonly count = new Store(0);
  /** What the matches are of; while one types, the box is ahead of it. */
  readonly sought = new Store('');
  /** What the server is still asked, or why it did not answer. */
  readonly server = new Store<ServerSearch>({ status: 'idle' });
  /** What the spans have in common, where they were pointed at: a service, a row of the statistics. */
  readonly label = new Store<string | undefined>(undefined);

  set(sought: string, matches: Uint8Array | undefined): void {
    this.sought.set(sought);
    this.label.set(undefined);
    this.#mark(matches);
  }

  /** Marks spans that were pointed at, in the place of what was typed. */
  point(state: TraceState, spanIndexes: Uint32Array, label: string): void {
    const marks = new Uint8Array(state.view.get().spanCount);
    for (const index of spanIndexes) marks[index] = 1;
    this.label.set(label);
    this.text.set('');
    this.#mark(marks);
  }

  clear(): void {
    this.text.set('');
    this.set('', undefined);
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
