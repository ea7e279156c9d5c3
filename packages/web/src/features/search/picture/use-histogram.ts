import type { ClewClient } from '@clew/api';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, useSyncExternalStore } from 'react';
import { msFromNanos, toConditions } from '../../../state/search-state.ts';
import type { ResolvedSearchState } from '../../../state/search-state.ts';
import { stepFor, toHeatmap } from './heatmap.ts';
import type { Heatmap } from './heatmap.ts';

export interface HistogramOutcome {
  /** The last one that came, while another is under way. */
  readonly heatmap: Heatmap | undefined;
  readonly isOutdated: boolean;
  readonly error: Error | undefined;
  readonly askAgain: () => void;
}

/** Asks for the picture of all that a search finds, beside the search. */
export function useHistogram(client: ClewClient, state: ResolvedSearchState): HistogramOutcome {
  const range = { startMs: msFromNanos(state.start), endMs: msFromNanos(state.end) };
  const step = stepFor(range, useColumnCount());
  const request = { ...toConditions(state), step };
  const query = useQuery({
    queryKey: ['histogram', request],
    queryFn: async ({ signal }) => ({
      range,
      histogram: await client.readHistogram(request, { signal }),
    }),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const { data, error } = query;
  return {
    heatmap: useMemo(() => data && toHeatmap(data.histogram, data.range), [data]),
    isOutdated: query.isPlaceholderData || query.isRefetching,
    error: error ?? undefined,
    askAgain: () => void query.refetch(),
  };
}

/** As many as the width has room for: told by the window alone, so that the question is ready before the page is. */
function useColumnCount(): number {
  return useSyncExternalStore(subscribeToWidth, readColumnCount);
}

function subscribeToWidth(listener: () => void): () => void {
  window.addEventListener('resize', listener);
  return () => window.removeEventListener('resize', listener);
}

function readColumnCount(): number {
  if (window.innerWidth < 700) return 60;
  return window.innerWidth < 1800 ? 120 : 240;
}
