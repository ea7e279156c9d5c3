import type {
  FoundSpanJson,
  SpanOrder as NamedOrder,
  SpanSearchQuery,
  SpanSearchResponse,
  SpanTailQuery,
} from '@clew/api';
import { QuerySyntaxError, unixNano } from '@clew/model';
import type { Span } from '@clew/model';
import { findBeyondSpan } from '@clew/traceql';
import type { SearchQuery } from '@clew/traceql';
import type { TailRequest } from '../../query/span-tails.ts';
import type { SpanOrder, SpanSearch, SpanSearchResult } from '../../query/trace-queries.ts';
import { refuseTwoOrders, searchOfConditions } from './search-json.ts';
import { attributeToJson } from '@clew/api';

/** The API's search parameters in the terms of the query layer. Throws `InvalidQueryError` for two orders. */
export function spanSearchFromQuery(query: SpanSearchQuery): SpanSearch {
  const { order, start, end, limit, cursor } = query;
  const search = searchOfConditions(query);
  refuseTwoOrders(search, order);
  return {
    search: { ...search, order: undefined },
    order: order === undefined ? orderOfSearch(search) : ORDERS[order],
    startUnixNano: start === undefined ? undefined : unixNano(start),
    endUnixNano: end === undefined ? undefined : unixNano(end),
    limit,
    cursor,
  };
}

const ORDERS: Readonly<Record<NamedOrder, SpanOrder>> = {
  newest: { by: 'start', direction: 'desc' },
  oldest: { by: 'start', direction: 'asc' },
  slowest: { by: 'duration', direction: 'desc' },
  fastest: { by: 'duration', direction: 'asc' },
};

/** What TraceQL orders traces by, spans have too. */
function orderOfSearch({ order }: SearchQuery): SpanOrder | undefined {
  return order === undefined ? undefined : { by: order.by, direction: order.direction };
}

/** The conditions of a tail, likewise. Throws `QuerySyntaxError` for a `q` that orders otherwise or asks for more than a span by itself. */
export function tailFromQuery(query: SpanTailQuery): Omit<TailRequest, 'signal'> {
  const { q = '', backlog, maxSpansPerSecond } = query;
  const search = searchOfConditions(query);
  refuseOrder(search, q);
  const beyond = findBeyondSpan(search);
  if (beyond !== undefined) {
    const message =
      'a tail takes what can be said of a span by itself, and this asks for its trace';
    throw new QuerySyntaxError(message, { text: q, position: beyond.start });
  }
  // There is a look a second.
  return { search, backlog, maxSpansPerLook: maxSpansPerSecond };
}

function refuseOrder({ order }: SearchQuery, text: string): void {
  if (order === undefined || (order.by === 'start' && order.direction === 'desc')) return;
  const position = order.range.start;
  throw new QuerySyntaxError('a tail brings the newest spans', { text, position });
}

/** A page of a search as the API shows it. */
export function spansToJson({ spans, nextCursor }: SpanSearchResult): SpanSearchResponse {
  return {
    spans: spans.map(foundSpanToJson),
    ...(nextCursor === undefined ? {} : { nextCursor }),
  };
}

export function foundSpanToJson(span: Span): FoundSpanJson {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    ...(span.parentSpanId === undefined ? {} : { parentSpanId: span.parentSpanId }),
    service: span.resource.service,
    name: span.name,
    kind: span.kind,
    startUnixNano: span.startUnixNano.toString(),
    durationNano: span.durationNano.toString(),
    status: span.status,
    statusMessage: span.statusMessage,
    attributes: span.attributes.map(attributeToJson),
    resourceAttributes: span.resource.attributes.map(attributeToJson),
  };
}
