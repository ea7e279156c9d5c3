import type { SearchQuery, SearchResponse, TraceSummaryJson } from '@clew/api';
import { durationNano, unixNano } from '@clew/model';
import type { TraceSearch, TraceSearchResult } from '../../query/trace-queries.ts';

/** The API's search parameters in the terms of the query layer. */
export function searchFromQuery(query: SearchQuery): TraceSearch {
  const { service, spanName, attribute, status, limit, cursor } = query;
  const { minDuration, maxDuration, start, end } = query;
  return {
    service,
    spanName,
    attributes: attribute,
    status,
    minDurationNano: minDuration === undefined ? undefined : durationNano(minDuration),
    maxDurationNano: maxDuration === undefined ? undefined : durationNano(maxDuration),
    startUnixNano: start === undefined ? undefined : unixNano(start),
    endUnixNano: end === undefined ? undefined : unixNano(end),
    limit,
    cursor,
  };
}

/** A page of a search as the API shows it. */
export function searchToJson({ traces, nextCursor }: TraceSearchResult): SearchResponse {
  return {
    traces: traces.map((trace): TraceSummaryJson => ({
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
    })),
    ...(nextCursor === undefined ? {} : { nextCursor }),
  };
}
