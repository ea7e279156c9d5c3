import type {
  ClewClient,
  QueryParameters,
  SearchResponse,
  TotalResponse,
  TraceSummaryJson,
} from '@clew/api';
import {
  keepPreviousData,
  useInfiniteQuery,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useMemo } from 'react';
import { namesOrder, toSearchRequest } from '../../state/search-state.ts';
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
  /** How many traces there are, once it is known; when they are not all shown. */
  readonly total: TotalResponse | undefined;
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
  const isOutdated = query.isPlaceholderData || (query.isRefetching && !query.isFetchingNextPage);
  const total = useTotal(client, request, answer?.hasMore === true && !isOutdated);
  return {
    answer,
    isOutdated,
    total,
    isSearching: query.isFetching && !query.isFetchingNextPage,
    isLoadingMore: query.isFetchingNextPage,
    isCancelled: query.fetchStatus === 'idle' && (query.isPending || query.isPlaceholderData),
    error: query.error ?? undefined,
    loadMore: () => void query.fetchNextPage(),
    searchAgain: () => void query.refetch(),
    cancel: () => void queryClient.cancelQueries({ queryKey }),
  };
}

/** Counting may take longer than finding the first, so it is a question of its own, asked behind the other. */
function useTotal(
  client: ClewClient,
  request: QueryParameters,
  isWanted: boolean,
): TotalResponse | undefined {
  const conditions = { ...request, limit: undefined, order: undefined };
  const { data } = useQuery({
    queryKey: ['total', conditions],
    queryFn: ({ signal }) => client.countTraces(conditions, { signal }),
    enabled: isWanted,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return isWanted ? data : undefined;
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
    isNewestFirst: last.asked.order === undefined && !namesOrder(last.asked),
  };
}
