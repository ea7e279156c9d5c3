import type { TraceSummaryJson } from '@clew/api';
import { useRouter } from '@tanstack/react-router';
import { formatQueryString } from '../../state/query-string.ts';
import {
  formatSearchState,
  nanosFromMs,
  renewSearchState,
  resolveSearchState,
} from '../../state/search-state.ts';
import type { ResolvedSearchState, SearchState } from '../../state/search-state.ts';
import type { ScatterRange } from './scatter/scatter-points.ts';
import type { SearchPageProps } from './search-page.tsx';

export interface SearchActions {
  /** Asks anew; a range given by looking back counts from now. */
  readonly search: (state: SearchState) => void;
  /** Asks the same again, from now. */
  readonly refresh: () => void;
  /** Keeps everything but the time. */
  readonly narrow: (range: ScatterRange) => void;
  readonly open: (trace: TraceSummaryJson, inNewTab: boolean) => void;
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
  const router = useRouter();
  const show = (next: ResolvedSearchState) => {
    if (isSame(next, state)) onSearchAgain();
    else onSearchChange(formatSearchState(next), { replace: isSameQuestion(next, state) });
  };
  return {
    search: (next) => show(resolveSearchState(next, Date.now())),
    refresh: () => show(renewSearchState(state, Date.now())),
    narrow: ({ startMs, endMs }) => {
      const times = { start: nanosFromMs(startMs), end: nanosFromMs(endMs) };
      if (BigInt(times.start) < BigInt(times.end))
        show({ ...state, ...times, lookback: undefined });
    },
    open: ({ traceId, matchedSpanId }, inNewTab) => {
      const target = {
        to: '/trace/$traceId',
        params: { traceId },
        search: { span: matchedSpanId },
      } as const;
      if (inNewTab) window.open(router.buildLocation(target).href, '_blank', 'noopener');
      else void router.navigate(target);
    },
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
