import { durationNano } from '@clew/model';
import { decodeTempoSearchRequest } from '@clew/protocol';
import type { SearchQuery } from '@clew/traceql';
import { readSearch } from '../../query/read-search.ts';
import type { TraceSearch } from '../../query/trace-queries.ts';
import { parseLogfmt } from './logfmt.ts';
import {
  givenCount,
  givenDuration,
  givenText,
  givenTimeRange,
  refuse,
  toTimeRange,
} from './parameters.ts';
import type { TimeRange } from './parameters.ts';
import { searchOfTags } from './tag-search.ts';

/** A search as Tempo is asked for it. */
export interface TempoSearch {
  readonly search: TraceSearch;
  /** As many spans of each spanset are shown. */
  readonly spansPerSpanSet: number;
}

const DEFAULT_LIMIT = 20;
/** Tempo refuses more. */
const MAX_ASKED_LIMIT = 262_144;
/** More are not given, as spans of every trace are read for it. */
export const MAX_LIMIT = 10_000;
const DEFAULT_SPANS_PER_SPAN_SET = 3;
const MAX_SPANS_PER_SPAN_SET = 100;

/** Reads the parameters of `GET /api/search`. Throws `InvalidQueryError` and `QuerySyntaxError`. */
export function searchOfParameters(parameters: URLSearchParams): TempoSearch {
  const query = givenText(parameters, 'q');
  const tags = givenText(parameters, 'tags');
  if (query !== undefined && tags !== undefined) {
    throw refuse('tags', "invalid request: can't specify tags and q in the same query");
  }
  return toSearch({
    query: queryOf(query, tags === undefined ? undefined : parseLogfmt(tags)),
    minDurationNano: givenDuration(parameters, 'minDuration'),
    maxDurationNano: givenDuration(parameters, 'maxDuration'),
    time: givenTimeRange(parameters),
    limit: givenLimit(parameters),
    spansPerSpanSet: givenCount(parameters, 'spss') ?? DEFAULT_SPANS_PER_SPAN_SET,
  });
}

/** Reads a `SearchRequest` in protobuf, of which 0 is none. Throws as `searchOfParameters` does, and `DecodeError`. */
export function searchOfMessage(bytes: Uint8Array): TempoSearch {
  const asked = decodeTempoSearchRequest(bytes);
  const { minDurationMs = 0, maxDurationMs = 0, tags = {} } = asked;
  return toSearch({
    query: queryOf(asked.query || undefined, new Map(Object.entries(tags))),
    minDurationNano: minDurationMs === 0 ? undefined : BigInt(minDurationMs) * 1_000_000n,
    maxDurationNano: maxDurationMs === 0 ? undefined : BigInt(maxDurationMs) * 1_000_000n,
    time: toTimeRange(asked.start, asked.end),
    limit: asked.limit || DEFAULT_LIMIT,
    spansPerSpanSet: asked.spansPerSpanSet || DEFAULT_SPANS_PER_SPAN_SET,
  });
}

function queryOf(
  text: string | undefined,
  tags: ReadonlyMap<string, string> | undefined,
): SearchQuery {
  return text === undefined ? searchOfTags(tags ?? new Map()) : readSearch(text);
}

function givenLimit(parameters: URLSearchParams): number {
  const limit = givenCount(parameters, 'limit') ?? DEFAULT_LIMIT;
  if (limit > 0) return limit;
  throw refuse('limit', 'invalid limit: must be a positive number');
}

interface AskedSearch {
  readonly query: SearchQuery;
  readonly minDurationNano: bigint | undefined;
  readonly maxDurationNano: bigint | undefined;
  readonly time: TimeRange;
  readonly limit: number;
  readonly spansPerSpanSet: number;
}

function toSearch(asked: AskedSearch): TempoSearch {
  const { query, minDurationNano, maxDurationNano, time, limit, spansPerSpanSet } = asked;
  if (minDurationNano !== undefined && minDurationNano > (maxDurationNano ?? minDurationNano)) {
    throw refuse('maxDuration', 'invalid maxDuration: must be greater than minDuration');
  }
  if (limit > MAX_ASKED_LIMIT) {
    throw refuse('limit', `limit ${limit} exceeds max limit ${MAX_ASKED_LIMIT}`);
  }
  if (spansPerSpanSet > MAX_SPANS_PER_SPAN_SET) {
    throw refuse(
      'spss',
      `spans per span set exceeds ${MAX_SPANS_PER_SPAN_SET}. received ${spansPerSpanSet}`,
    );
  }
  return {
    search: {
      search: query,
      traces: traceConditionsOf(minDurationNano, maxDurationNano),
      ...time,
      limit: Math.min(limit, MAX_LIMIT),
    },
    // None is as many as there may be.
    spansPerSpanSet: spansPerSpanSet || MAX_SPANS_PER_SPAN_SET,
  };
}

function traceConditionsOf(
  min: bigint | undefined,
  max: bigint | undefined,
): TraceSearch['traces'] {
  if (min === undefined && max === undefined) return undefined;
  return {
    minDurationNano: min === undefined ? undefined : durationNano(min),
    maxDurationNano: max === undefined ? undefined : durationNano(max),
  };
}
