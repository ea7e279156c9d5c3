import { formatQueryString } from '../../state/query-string.ts';
import {
  formatSearchState,
  renewSearchState,
  resolveSearchState,
} from '../../state/search-state.ts';
import type { ResolvedSearchState, SearchState } from '../../state/search-state.ts';
import type { HeatmapBox } from './picture/heatmap.ts';
import { narrowSearch, zoomOut } from './picture/narrow-search.ts';
import type { SearchPageProps } from './search-page.tsx';

export interface SearchActions {
  /** Asks anew; a range given by looking back counts from now. */
  readonly search: (state: SearchState) => void;
  /** Asks the same again, from now. */
  readonly refresh: () => void;
  /** Shows the same answer in another way. */
  readonly show: (state: ResolvedSearchState) => void;
  /** Asks for a part of the picture. */
  readonly narrow: (box: HeatmapBox) => void;
  /** Asks for twice as long a time. */
  readonly zoomOut: () => void;
}

/** What one can do on the page. Each step is one step back, except asking the same question again. */
export function useSearchActions({
  state,
  onSearchChange,
  onSearchAgain,
}: Pick<SearchPageProps, 'onSearchChange'> & {
  readonly state: ResolvedSearchState;
  readonly onSearchAgain: () => void;
}): SearchActions {
  const show = (next: ResolvedSearchState) => {
    if (isSame(next, state)) onSearchAgain();
    else onSearchChange(formatSearchState(next), { replace: isSameQuestion(next, state) });
  };
  return {
    search: (next) => show(resolveSearchState(next, Date.now())),
    refresh: () => show(renewSearchState(state, Date.now())),
    show,
    narrow: (box) => {
      const next = narrowSearch(state, box);
      if (BigInt(next.start) < BigInt(next.end)) show(next);
    },
    zoomOut: () => show(zoomOut(state, Date.now())),
  };
}

function isSame(a: SearchState, b: SearchState): boolean {
  return toText(a) === toText(b);
}

/** The same conditions, looking back as far, from another moment. */
function isSameQuestion(a: SearchState, b: SearchState): boolean {
  if (a.lookback === undefined) return false;
  const anyTime = { start: undefined, end: undefined };
  return isSame({ ...a, ...anyTime }, { ...b, ...anyTime });
}

function toText(state: SearchState): string {
  const entries = Object.entries(formatSearchState(state)).sort(([a], [b]) => (a < b ? -1 : 1));
  return formatQueryString(Object.fromEntries(entries));
}
