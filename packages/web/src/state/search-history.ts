import { z } from 'zod';
import { formatQueryString } from './query-string.ts';
import { formatSearchState, parseSearchState } from './search-state.ts';
import type { SearchState } from './search-state.ts';
import { StoredValue } from './stored-value.ts';
import type { ValueStorage } from './stored-value.ts';

/** A search that is kept in this browser, as its address says it. */
export interface KeptSearch {
  /** The search parameters; without `start` and `end` where the range is one of looking back. */
  readonly values: Readonly<Record<string, string | readonly string[]>>;
}

export interface SavedSearch extends KeptSearch {
  readonly name: string;
}

export interface KeptSearches {
  /** In the order of their names. */
  readonly saved: readonly SavedSearch[];
  /** Newest first. */
  readonly recent: readonly KeptSearch[];
}

const MAX_RECENT = 20;
const MAX_SAVED = 200;

const values = z.record(z.string(), z.union([z.string(), z.array(z.string())]));
const schema = z.object({
  saved: z.array(z.object({ name: z.string().min(1), values })).catch([]),
  recent: z.array(z.object({ values })).catch([]),
});

/** What was searched for, by itself and by name; shared by the tabs of a browser. */
export class SearchHistory extends StoredValue<KeptSearches> {
  constructor(storage: ValueStorage) {
    super(storage, { key: 'clew.searches', schema, fallback: { saved: [], recent: [] } });
  }

  /** Keeps a search that asks something. Another time or order of the same conditions takes the place of the one before. */
  remember(state: SearchState): void {
    const question = questionOf(state);
    if (question === '') return;
    this.change(({ saved, recent }) => {
      const others = recent.filter(
        (each) => questionOf(parseSearchState(each.values)) !== question,
      );
      return { saved, recent: [keep(state), ...others].slice(0, MAX_RECENT) };
    });
  }

  /** A name that is there already gets the new search. */
  save(name: string, state: SearchState): void {
    this.change(({ saved, recent }) => {
      const others = saved.filter((each) => each.name !== name);
      const all = [...others, { name, ...keep(state) }].slice(-MAX_SAVED);
      return { saved: all.sort((a, b) => a.name.localeCompare(b.name)), recent };
    });
  }

  remove(name: string): void {
    this.change(({ saved, recent }) => ({
      saved: saved.filter((each) => each.name !== name),
      recent,
    }));
  }

  forgetRecent(): void {
    this.change(({ saved }) => ({ saved, recent: [] }));
  }
}

function keep(state: SearchState): KeptSearch {
  const isRelative = state.lookback !== undefined;
  const kept = formatSearchState(
    isRelative ? { ...state, start: undefined, end: undefined } : state,
  );
  return { values: kept as KeptSearch['values'] };
}

/** What a search asks of spans, whenever and in whatever order; empty where it asks nothing. */
function questionOf(state: SearchState): string {
  const { q, service, spanName, attribute, status, minDuration, maxDuration } = state;
  return formatQueryString({ q, service, spanName, attribute, status, minDuration, maxDuration });
}
