import { lookbackToMs, msFromNanos } from '../../../state/search-state.ts';
import type { Lookback, ResolvedSearchState, SearchState } from '../../../state/search-state.ts';

/** A search that asks less than another one. */
export interface WiderSearch {
  readonly label: string;
  readonly state: SearchState;
}

const FURTHER: readonly { readonly lookback: Lookback; readonly label: string }[] = [
  { lookback: '1h', label: 'Last hour' },
  { lookback: '1d', label: 'Last day' },
  { lookback: '7d', label: 'Last 7 days' },
];

/** Ways to find more: first further back, then one condition less each. */
export function widen(state: ResolvedSearchState): readonly WiderSearch[] {
  return [...lookFurtherBack(state), ...leaveOneOut(state)];
}

function lookFurtherBack(state: ResolvedSearchState): readonly WiderSearch[] {
  const lengthMs = msFromNanos(state.end) - msFromNanos(state.start);
  return FURTHER.filter(({ lookback }) => lookbackToMs(lookback) > lengthMs * 1.01).map(
    ({ lookback, label }) => ({
      label,
      state: { ...state, lookback, start: undefined, end: undefined },
    }),
  );
}

function leaveOneOut(state: ResolvedSearchState): readonly WiderSearch[] {
  const ways: WiderSearch[] = [];
  if (state.spanName !== undefined) {
    ways.push({ label: 'Any span name', state: { ...state, spanName: undefined } });
  }
  for (const condition of state.attribute) {
    const attribute = state.attribute.filter((one) => one !== condition);
    ways.push({ label: `Without ${condition}`, state: { ...state, attribute } });
  }
  if (state.status !== undefined) {
    ways.push({ label: 'Any status', state: { ...state, status: undefined } });
  }
  if (state.minDuration !== undefined || state.maxDuration !== undefined) {
    const anyDuration = { minDuration: undefined, maxDuration: undefined };
    ways.push({ label: 'Any duration', state: { ...state, ...anyDuration } });
  }
  if (state.service !== undefined) {
    ways.push({ label: 'Any service', state: { ...state, service: undefined } });
  }
  return ways;
}
