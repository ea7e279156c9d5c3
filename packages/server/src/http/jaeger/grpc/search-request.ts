import { InvalidQueryError, unixNano } from '@clew/model';
import { decodeMessage } from '@clew/protocol';
import type { MessageType } from '@clew/protocol';
import { DEFAULT_TRACES } from '../search-terms.ts';
import type { SearchTerms } from '../search-terms.ts';
import { TIMESTAMP, toDurationNano, toUnixNano } from './timestamp.ts';

export interface GrpcSearch {
  readonly terms: SearchTerms;
  readonly isRaw: boolean;
}

/**
 * `TraceQueryParameters`; what version 3 calls attributes are tags in version 2, and only it has a filter, an expression of its own
 * language.
 */
const TRACE_QUERY = {
  serviceName: { number: 1, type: 'string' },
  operationName: { number: 2, type: 'string' },
  attributes: { number: 3, type: 'string', map: true },
  startTimeMin: { number: 4, type: TIMESTAMP },
  startTimeMax: { number: 5, type: TIMESTAMP },
  durationMin: { number: 6, type: TIMESTAMP },
  durationMax: { number: 7, type: TIMESTAMP },
  searchDepth: { number: 8, type: 'int32' },
  rawTraces: { number: 9, type: 'bool' },
  filter: { number: 10, type: 'bytes' },
} as const satisfies MessageType;

const FIND_TRACES_REQUEST = {
  query: { number: 1, type: TRACE_QUERY },
} as const satisfies MessageType;

/** Reads a search of either version. Throws `DecodeError` and `InvalidQueryError`. */
export function decodeSearch(message: Uint8Array): GrpcSearch {
  const { query } = decodeMessage(FIND_TRACES_REQUEST, message, 'jaeger query');
  if (query === undefined) throw refuse('missing query');
  if (query.filter !== undefined) throw refuse('query.filter is not supported: use attributes');
  const { searchDepth = 0 } = query;
  if (searchDepth < 0) throw refuse('search depth must be greater than 0');
  const startUnixNano = toUnixNano(query.startTimeMin);
  const endUnixNano = toUnixNano(query.startTimeMax);
  if (startUnixNano !== undefined && endUnixNano !== undefined && startUnixNano > endUnixNano)
    throw refuse('start_time_min must be before start_time_max');
  const terms = {
    service: query.serviceName,
    operation: query.operationName,
    tags: Object.entries(query.attributes ?? {}).map(([key, value]) => ({ key, value })),
    minDurationNano: toDurationNano(query.durationMin),
    maxDurationNano: toDurationNano(query.durationMax),
    startUnixNano,
    // Jaeger's end is part of the range.
    endUnixNano: endUnixNano === undefined ? undefined : unixNano(endUnixNano + 1n),
    limit: searchDepth === 0 ? DEFAULT_TRACES : searchDepth,
  };
  return { terms, isRaw: query.rawTraces ?? false };
}

function refuse(message: string): InvalidQueryError {
  return new InvalidQueryError(message, { parameter: 'query' });
}
