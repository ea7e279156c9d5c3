import type { ClewClient, TraceSummaryJson } from '@clew/api';
import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { toSearchRequest } from '../../state/search-state.ts';
import type { ResolvedSearchState } from '../../state/search-state.ts';

export interface SearchOutcome {
  /** All pages so far, newest match first; `undefined` until an answer has come. */
  readonly traces: readonly TraceSummaryJson[] | undefined;
  /** The traces answer an earlier question, while this one is under way. */
  readonly isOutdated: boolean;
  readonly isSearching: boolean;
  readonly isLoadingMore: boolean;
  /** Stopped by the reader before an answer came. */
  readonly isCancelled: boolean;
  readonly hasMore: boolean;
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
    queryFn: ({ pageParam, signal }) =>
      client.searchTraces({ ...request, cursor: pageParam }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const pages = query.data?.pages;
  const traces = useMemo(() => pages?.flatMap((page) => page.traces), [pages]);
  return {
    traces,
    isOutdated: query.isPlaceholderData || (query.isRefetching && !query.isFetchingNextPage),
    isSearching: query.isFetching && !query.isFetchingNextPage,
    isLoadingMore: query.isFetchingNextPage,
    isCancelled: query.fetchStatus === 'idle' && (query.isPending || query.isPlaceholderData),
    hasMore: query.hasNextPage,
    error: query.error ?? undefined,
    loadMore: () => void query.fetchNextPage(),
    searchAgain: () => void query.refetch(),
    cancel: () => void queryClient.cancelQueries({ queryKey }),
  };
}
