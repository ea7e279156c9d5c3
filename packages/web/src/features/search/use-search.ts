import type { ClewClient, SearchResponse, TraceSummaryJson } from '@clew/api';
import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { toSearchRequest } from '../../state/search-state.ts';
import type { ResolvedSearchState } from '../../state/search-state.ts';

/** Traces, and the search that found them: while a new one is under way, that is not the one in the form. */
export interface SearchAnswer {
  readonly asked: ResolvedSearchState;
  /** All pages so far. */
  readonly traces: readonly TraceSummaryJson[];
  /** There are more behind them. */
  readonly hasMore: boolean;
  /** By their newest match, so that what is missing is older. */
  readonly isNewestFirst: boolean;
}

export interface SearchOutcome {
  readonly answer: SearchAnswer | undefined;
  /** The answer is an earlier one, while this question is under way. */
  readonly isOutdated: boolean;
  readonly isSearching: boolean;
  readonly isLoadingMore: boolean;
  /** Stopped by the reader before an answer came. */
  readonly isCancelled: boolean;
  readonly error: Error | undefined;
  readonly loadMore: () => void;
  readonly searchAgain: () => void;
  readonly cancel: () => void;
}

/** Asks the server, page by page. */
export function useSearch(client: ClewClient, state: ResolvedSearchState): SearchOutcome {
  const queryClient = useQueryClient();
  const request = toSearchRequest(state);
  const queryKey = ['search', request];
  const query = useInfiniteQuery({
    queryKey,
    queryFn: async ({ pageParam, signal }) => ({
      asked: state,
      response: await client.searchTraces({ ...request, cursor: pageParam }, { signal }),
    }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ response }) => response.nextCursor,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const pages = query.data?.pages;
  const answer = useMemo(() => (pages === undefined ? undefined : joinPages(pages)), [pages]);
  return {
    answer,
    isOutdated: query.isPlaceholderData || (query.isRefetching && !query.isFetchingNextPage),
    isSearching: query.isFetching && !query.isFetchingNextPage,
    isLoadingMore: query.isFetchingNextPage,
    isCancelled: query.fetchStatus === 'idle' && (query.isPending || query.isPlaceholderData),
    error: query.error ?? undefined,
    loadMore: () => void query.fetchNextPage(),
    searchAgain: () => void query.refetch(),
    cancel: () => void queryClient.cancelQueries({ queryKey }),
  };
}

interface Page {
  readonly asked: ResolvedSearchState;
  readonly response: SearchResponse;
}

function joinPages(pages: readonly Page[]): SearchAnswer | undefined {
  const last = pages.at(-1);
  if (last === undefined) return undefined;
  return {
    asked: last.asked,
    traces: pages.flatMap(({ response }) => response.traces),
    hasMore: last.response.nextCursor !== undefined,
    isNewestFirst: last.asked.order === undefined && !ORDER_BY.test(last.asked.q ?? ''),
  };
}

/** A query that names its own order. */
const ORDER_BY = /\|\s*order\s+by\b/;
