import type { ClewClient, FoundSpanJson, TotalResponse, TraceSummaryJson } from '@clew/api';
import {
  keepPreviousData,
  useInfiniteQuery,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import {
  chosenOrder,
  namesOrder,
  toConditions,
  toSearchRequest,
} from '../../state/search-state.ts';
import type { ResolvedSearchState } from '../../state/search-state.ts';

/** What was found, and the search that found it: while a new one is under way, that is not the one in the form. */
export type SearchAnswer = TracesAnswer | SpansAnswer;

interface Answer {
  readonly asked: ResolvedSearchState;
  /** So that what is missing is older; of traces by their newest match. */
  readonly isNewestFirst: boolean;
  /** There are more behind those that are loaded. */
  readonly hasMore: boolean;
}

export interface TracesAnswer extends Answer {
  readonly kind: 'traces';
  /** All pages so far. */
  readonly traces: readonly TraceSummaryJson[];
}

export interface SpansAnswer extends Answer {
  readonly kind: 'spans';
  readonly spans: readonly FoundSpanJson[];
}

export interface SearchOutcome {
  readonly answer: SearchAnswer | undefined;
  /** The answer is an earlier one, while this question is under way or because it failed. */
  readonly isOutdated: boolean;
  /** How many traces there are, once it is known; when they are not all shown. */
  readonly total: TotalResponse | undefined;
  readonly isSearching: boolean;
  readonly isLoadingMore: boolean;
  /** Stopped by the reader before an answer came. */
  readonly isCancelled: boolean;
  readonly error: Error | undefined;
  /** What failed is loading more of the answer, which still holds. */
  readonly isMoreFailed: boolean;
  readonly loadMore: () => void;
  readonly searchAgain: () => void;
  readonly cancel: () => void;
}

/** Asks the server, page by page: for traces or for spans, and for nothing where the list has something else. */
export function useSearch(client: ClewClient, state: ResolvedSearchState): SearchOutcome {
  const queryClient = useQueryClient();
  const isOfSpans = state.show === 'spans';
  const isAsked = state.show === undefined || isOfSpans;
  const request = toSearchRequest(state);
  const queryKey = ['search', isOfSpans ? 'spans' : 'traces', request];
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) =>
      askForPage(client, state, { request: { ...request, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    enabled: isAsked,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const pages = query.data?.pages;
  const newest = useMemo(() => (pages === undefined ? undefined : joinPages(pages)), [pages]);
  const answer = useKeptAnswer(newest, query.isError);
  const isMoreFailed = query.isFetchNextPageError;
  const isAskedAnew = query.isRefetching && !query.isFetchingNextPage;
  const isFailed = query.isError && !isMoreFailed;
  const isOutdated = [query.isPlaceholderData, isAskedAnew, isFailed].includes(true);
  const isCounted = answer?.kind === 'traces' && answer.hasMore && !isOutdated;
  const total = useTotal(client, state, isCounted);
  return {
    answer,
    isOutdated,
    total,
    isSearching: query.isFetching && !query.isFetchingNextPage,
    isLoadingMore: query.isFetchingNextPage,
    isCancelled:
      isAsked && query.fetchStatus === 'idle' && (query.isPending || query.isPlaceholderData),
    error: query.error ?? undefined,
    isMoreFailed,
    loadMore: () => void query.fetchNextPage(),
    searchAgain: () => void query.refetch(),
    cancel: () => void queryClient.cancelQueries({ queryKey }),
  };
}

/** A question that failed leaves what was there before. */
function useKeptAnswer(
  newest: SearchAnswer | undefined,
  isFailed: boolean,
): SearchAnswer | undefined {
  const [kept, setKept] = useState<SearchAnswer>();
  if (newest !== undefined && newest !== kept) setKept(newest);
  return newest ?? (isFailed ? kept : undefined);
}

/** Counting may take longer than finding the first, so it is a question of its own, asked behind the other. */
function useTotal(
  client: ClewClient,
  state: ResolvedSearchState,
  isWanted: boolean,
): TotalResponse | undefined {
  const conditions = toConditions(state);
  const { data } = useQuery({
    queryKey: ['total', conditions],
    queryFn: ({ signal }) => client.countTraces(conditions, { signal }),
    enabled: isWanted,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return isWanted ? data : undefined;
}

type Page =
  | (Omit<TracesAnswer, 'hasMore'> & { readonly nextCursor: string | undefined })
  | (Omit<SpansAnswer, 'hasMore'> & { readonly nextCursor: string | undefined });

async function askForPage(
  client: ClewClient,
  asked: ResolvedSearchState,
  {
    request,
    signal,
  }: {
    readonly request: Parameters<ClewClient['searchTraces']>[0];
    readonly signal: AbortSignal;
  },
): Promise<Page> {
  const isNewestFirst = chosenOrder(asked) === undefined && !namesOrder(asked);
  if (asked.show === 'spans') {
    const { spans, nextCursor } = await client.searchSpans(request, { signal });
    return { kind: 'spans', asked, spans, isNewestFirst, nextCursor };
  }
  const { traces, nextCursor } = await client.searchTraces(request, { signal });
  return { kind: 'traces', asked, traces, isNewestFirst, nextCursor };
}

/** All pages are of one question, so they are all of the same kind. */
function joinPages(pages: readonly Page[]): SearchAnswer | undefined {
  const last = pages.at(-1);
  if (last === undefined) return undefined;
  const { nextCursor, ...rest } = last;
  const hasMore = nextCursor !== undefined;
  if (rest.kind === 'spans') {
    const spans = pages.flatMap((page) => (page.kind === 'spans' ? page.spans : []));
    return { ...rest, spans, hasMore };
  }
  const traces = pages.flatMap((page) => (page.kind === 'traces' ? page.traces : []));
  return { ...rest, traces, hasMore };
}
