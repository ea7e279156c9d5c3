import type {
  SearchOrder,
  SearchQuery,
  SearchResponse,
  SpanConditions,
  TotalQuery,
  TraceSummaryJson,
} from '@clew/api';
import { InvalidQueryError, durationNano, unixNano } from '@clew/model';
import { searchOfForm } from '@clew/traceql';
import type { SearchForm, SearchQuery as TraceqlSearch } from '@clew/traceql';
import { readSearch } from '../../query/read-search.ts';
import type { TraceSearch, TraceSearchResult } from '../../query/trace-queries.ts';
import type { FoundTrace, TraceConditions, TraceOrder } from '../../query/trace-queries.ts';

/** The search for the spans that are asked for. Throws `QuerySyntaxError` for a `q` that is no search. */
export function searchOfConditions(conditions: SpanConditions): TraceqlSearch {
  const { q } = conditions;
  return q === undefined ? searchOfForm(formOf(conditions)) : readSearch(q);
}

/**
 * The API's search parameters in the terms of the query layer. Throws `QuerySyntaxError` for a `q` that is no search, and
 * `InvalidQueryError` for two orders.
 */
export function searchFromQuery(query: SearchQuery): TraceSearch {
  const { order, limit, cursor } = query;
  const conditions = conditionsFromQuery(query);
  refuseTwoOrders(conditions.search, order);
  return {
    ...conditions,
    order: order === undefined ? undefined : ORDERS[order],
    limit,
    cursor,
  };
}

/** Throws `InvalidQueryError` where both `q` and the parameter say in which order answers come. */
export function refuseTwoOrders(search: TraceqlSearch, order: string | undefined): void {
  if (order === undefined || search.order === undefined) return;
  const message = 'order: expected the parameter or an "order by" in q, not both';
  throw new InvalidQueryError(message, { parameter: 'order' });
}

/** Which traces are meant, without which of them to show. Throws as `searchFromQuery` does. */
export function conditionsFromQuery(
  query: TotalQuery,
): Omit<TraceSearch, 'order' | 'limit' | 'cursor'> {
  const { start, end } = query;
  return {
    search: searchOfConditions(query),
    traces: traceConditionsOf(query),
    startUnixNano: start === undefined ? undefined : unixNano(start),
    endUnixNano: end === undefined ? undefined : unixNano(end),
  };
}

const ORDERS: Readonly<Record<SearchOrder, TraceOrder>> = {
  newest: { by: 'start', direction: 'desc' },
  oldest: { by: 'start', direction: 'asc' },
  slowest: { by: 'duration', direction: 'desc' },
  fastest: { by: 'duration', direction: 'asc' },
  mostSpans: { by: 'spanCount', direction: 'desc' },
  mostErrors: { by: 'errorCount', direction: 'desc' },
};

function formOf(conditions: SpanConditions): SearchForm {
  const { service, spanName, attribute, status, minDuration, maxDuration } = conditions;
  return {
    service,
    spanName,
    attributes: attribute,
    status,
    minDurationNano: minDuration,
    maxDurationNano: maxDuration,
  };
}

/** Undefined where nothing is asked of the trace as a whole. */
function traceConditionsOf(query: TotalQuery): TraceConditions | undefined {
  const { traceMinDuration, traceMaxDuration, traceMinSpans, traceMaxSpans } = query;
  const conditions: TraceConditions = {
    minDurationNano: traceMinDuration === undefined ? undefined : durationNano(traceMinDuration),
    maxDurationNano: traceMaxDuration === undefined ? undefined : durationNano(traceMaxDuration),
    minSpanCount: traceMinSpans,
    maxSpanCount: traceMaxSpans,
    services: query.traceService.length === 0 ? undefined : query.traceService,
    hasError: query.traceHasError,
  };
  return Object.values(conditions).every((each) => each === undefined) ? undefined : conditions;
}

/** A page of a search as the API shows it. */
export function searchToJson({ traces, scanned, nextCursor }: TraceSearchResult): SearchResponse {
  return {
    traces: traces.map(traceSummaryToJson),
    scanned: { ...scanned, startUnixNano: scanned.startUnixNano?.toString() },
    ...(nextCursor === undefined ? {} : { nextCursor }),
  };
}

export function traceSummaryToJson(trace: FoundTrace): TraceSummaryJson {
  return {
    traceId: trace.traceId,
    rootService: trace.rootService,
    rootSpanName: trace.rootSpanName,
    startUnixNano: trace.startUnixNano.toString(),
    durationNano: trace.durationNano.toString(),
    spanCount: trace.spanCount,
    errorCount: trace.errorCount,
    services: trace.services,
    matchedStartUnixNano: trace.matchedStartUnixNano.toString(),
    matchedSpanId: trace.matchedSpanId,
  };
}
