import { z } from 'zod';
import { errorResponse } from './api-error.ts';
import {
  attributeKeysQuery,
  attributeKeysResponse,
  attributeValuesQuery,
  attributeValuesResponse,
} from './attributes.ts';
import type {
  AttributeKeysQuery,
  AttributeKeysResponse,
  AttributeValuesQuery,
  AttributeValuesResponse,
} from './attributes.ts';
import {
  metricsInstantQuery,
  metricsInstantResponse,
  metricsRangeQuery,
  metricsRangeResponse,
} from './metrics.ts';
import type {
  MetricsInstantQuery,
  MetricsInstantResponse,
  MetricsRangeQuery,
  MetricsRangeResponse,
} from './metrics.ts';
import type { EventRoute, Route } from './route.ts';
import {
  histogramQuery,
  histogramResponse,
  searchQuery,
  searchResponse,
  totalQuery,
  totalResponse,
} from './search.ts';
import type {
  HistogramQuery,
  HistogramResponse,
  SearchQuery,
  SearchResponse,
  TotalQuery,
  TotalResponse,
} from './search.ts';
import {
  traceAttributeQuery,
  traceAttributeResponse,
  traceAttributesResponse,
} from './trace-attributes.ts';
import type {
  TraceAttributeQuery,
  TraceAttributeResponse,
  TraceAttributesResponse,
} from './trace-attributes.ts';
import { traceDiffJson, traceDiffQuery } from './trace-diff.ts';
import type { TraceDiffJson, TraceDiffQuery } from './trace-diff.ts';
import {
  foundSpanJson,
  skippedSpans,
  spanSearchQuery,
  spanSearchResponse,
  spanTailQuery,
} from './spans.ts';
import type {
  SpanSearchQuery,
  SpanSearchResponse,
  SpanTailEvents,
  SpanTailQuery,
} from './spans.ts';
import { traceJson } from './trace-json.ts';
import type { TraceJson } from './trace-json.ts';
import { traceMatchesQuery, traceMatchesResponse } from './trace-matches.ts';
import type { TraceMatchesQuery, TraceMatchesResponse } from './trace-matches.ts';

/** Nothing is asked for. */
export type Empty = Readonly<Record<string, never>>;
const empty: z.ZodType<Empty> = z.strictObject({}) as z.ZodType<Empty>;

export interface ServicesResponse {
  /** Names, sorted. */
  readonly services: readonly string[];
}

export interface OperationsPath {
  readonly service: string;
}

export interface OperationJson {
  readonly spanName: string;
  readonly spanKind: 'unspecified' | 'internal' | 'server' | 'client' | 'producer' | 'consumer';
}

export interface OperationsResponse {
  /** Sorted by span name, then kind. */
  readonly operations: readonly OperationJson[];
}

export interface TracePath {
  readonly traceId: string;
}

export const listServices: Route<Empty, Empty, ServicesResponse> = {
  operationId: 'listServices',
  summary: 'The services that have sent spans.',
  path: '/services',
  pathParameters: empty,
  query: empty,
  response: z.object({ services: z.array(z.string()) }),
};

export const listOperations: Route<OperationsPath, Empty, OperationsResponse> = {
  operationId: 'listOperations',
  summary: 'The span names of a service, with their kinds.',
  path: '/services/{service}/operations',
  pathParameters: z.object({ service: z.string().min(1) }),
  query: empty,
  response: z.object({
    operations: z.array(
      z.object({
        spanName: z.string(),
        spanKind: z.enum(['unspecified', 'internal', 'server', 'client', 'producer', 'consumer']),
      }),
    ),
  }),
};

export const listAttributeKeys: Route<Empty, AttributeKeysQuery, AttributeKeysResponse> = {
  operationId: 'listAttributeKeys',
  summary: 'The keys of attributes, with the types of their values.',
  path: '/attributes',
  pathParameters: empty,
  query: attributeKeysQuery,
  response: attributeKeysResponse,
};

export const listAttributeValues: Route<Empty, AttributeValuesQuery, AttributeValuesResponse> = {
  operationId: 'listAttributeValues',
  summary: 'Values of the attributes of a key.',
  path: '/attributes/values',
  pathParameters: empty,
  query: attributeValuesQuery,
  response: attributeValuesResponse,
};

/** Of answers to a search that have no bound. */
export const LINES_MEDIA_TYPE = 'application/x-ndjson';
const LINES_DESCRIPTION =
  'All of them, or as many as `limit` says, which has no bound of 1,000. A failure after the first is a last line with its error.';

export const searchTraces: Route<Empty, SearchQuery, SearchResponse> = {
  operationId: 'searchTraces',
  summary: 'Traces with a span that meets all conditions, newest first.',
  path: '/search',
  pathParameters: empty,
  query: searchQuery,
  response: searchResponse,
  alternatives: [
    {
      mediaType: LINES_MEDIA_TYPE,
      description: `A trace a line, in the same order. ${LINES_DESCRIPTION}`,
    },
  ],
};

export const countTraces: Route<Empty, TotalQuery, TotalResponse> = {
  operationId: 'countTraces',
  summary: 'How many traces a search finds; of many, about how many.',
  path: '/search/total',
  pathParameters: empty,
  query: totalQuery,
  response: totalResponse,
};

export const readHistogram: Route<Empty, HistogramQuery, HistogramResponse> = {
  operationId: 'readHistogram',
  summary: 'How many spans of a search began when, and how long they took.',
  path: '/search/histogram',
  pathParameters: empty,
  query: histogramQuery,
  response: histogramResponse,
};

export const searchSpans: Route<Empty, SpanSearchQuery, SpanSearchResponse> = {
  operationId: 'searchSpans',
  summary: 'Spans that meet all conditions, or that a query yields, newest first or as asked.',
  path: '/spans',
  pathParameters: empty,
  query: spanSearchQuery,
  response: spanSearchResponse,
  alternatives: [
    {
      mediaType: LINES_MEDIA_TYPE,
      description: `A span a line, in the same order. ${LINES_DESCRIPTION}`,
    },
  ],
};

export const tailSpans: EventRoute<SpanTailQuery, SpanTailEvents> = {
  operationId: 'tailSpans',
  summary: 'Spans that meet all conditions, as they arrive.',
  path: '/spans/tail',
  query: spanTailQuery,
  events: {
    span: { description: 'A span; each comes once.', content: foundSpanJson },
    skipped: {
      description: 'How many spans, at least, were left out because too many arrived at once.',
      content: skippedSpans,
    },
    error: {
      description: 'The store could not be asked. The tail goes on; after three in a row it ends.',
      content: errorResponse,
    },
  },
};

export const readMetricsRange: Route<Empty, MetricsRangeQuery, MetricsRangeResponse> = {
  operationId: 'readMetricsRange',
  summary: 'Series that a TraceQL query computes, by intervals of time.',
  path: '/metrics/range',
  pathParameters: empty,
  query: metricsRangeQuery,
  response: metricsRangeResponse,
};

export const readMetrics: Route<Empty, MetricsInstantQuery, MetricsInstantResponse> = {
  operationId: 'readMetrics',
  summary: 'What a TraceQL query computes of the whole of a time.',
  path: '/metrics',
  pathParameters: empty,
  query: metricsInstantQuery,
  response: metricsInstantResponse,
};

const traceId = z
  .string()
  .regex(/^[0-9a-fA-F]{1,32}$/, 'expected a trace id of 1 to 32 hexadecimal digits');
const spanId = z
  .string()
  .regex(/^[0-9a-fA-F]{1,16}$/, 'expected a span id of 1 to 16 hexadecimal digits');
const tracePath: z.ZodType<TracePath> = z.object({ traceId });

/** Of the forms of a trace that are not JSON. */
export const TRACE_MEDIA_TYPES = {
  protobuf: 'application/x-protobuf',
  columns: 'application/vnd.clew.trace-columns',
  otlpJson: 'application/vnd.clew.otlp+json',
} as const;

export const readTrace: Route<TracePath, Empty, TraceJson> = {
  operationId: 'readTrace',
  summary: 'All spans of one trace.',
  path: '/traces/{traceId}',
  pathParameters: tracePath,
  query: empty,
  response: traceJson,
  alternatives: [
    {
      mediaType: TRACE_MEDIA_TYPES.protobuf,
      description: 'An ExportTraceServiceRequest of OTLP, which says all that was sent.',
    },
    {
      mediaType: TRACE_MEDIA_TYPES.columns,
      description: 'What a timeline shows of the spans, as columns of numbers.',
    },
    {
      mediaType: TRACE_MEDIA_TYPES.otlpJson,
      description: 'An ExportTraceServiceRequest of OTLP in JSON.',
    },
  ],
};

/** Traces that one answer has. */
export const MAX_TRACES = 100;

export interface TracesQuery {
  /** 1 to `MAX_TRACES`. */
  readonly traceId: readonly string[];
}

export interface TracesResponse {
  /** In the order they were asked for; those that are not stored are left out. */
  readonly traces: readonly TraceJson[];
}

export const readTraces: Route<Empty, TracesQuery, TracesResponse> = {
  operationId: 'readTraces',
  summary: 'All spans of several traces, without those that are not stored.',
  path: '/traces',
  pathParameters: empty,
  query: z.strictObject({
    traceId: z.preprocess(
      (given) => (typeof given === 'string' ? [given] : given),
      z
        .array(traceId)
        .refine((ids) => ids.length <= MAX_TRACES, `expected at most ${MAX_TRACES} trace ids`),
    ),
  }),
  response: z.object({ traces: z.array(traceJson) }),
  alternatives: [
    {
      mediaType: TRACE_MEDIA_TYPES.protobuf,
      description: 'An ExportTraceServiceRequest of OTLP: one trace after the other.',
    },
  ],
};

export interface SpanPath extends TracePath {
  readonly spanId: string;
}

export const readSpan: Route<SpanPath, Empty, TraceJson> = {
  operationId: 'readSpan',
  summary: 'The span of a trace with an id, or several that share it.',
  path: '/traces/{traceId}/spans/{spanId}',
  pathParameters: z.object({ traceId, spanId }),
  query: empty,
  response: traceJson,
};

export const findMatches: Route<TracePath, TraceMatchesQuery, TraceMatchesResponse> = {
  operationId: 'findMatches',
  summary: 'Which spans of a trace have all words of a text, or answer a TraceQL query.',
  path: '/traces/{traceId}/matches',
  pathParameters: tracePath,
  query: traceMatchesQuery,
  response: traceMatchesResponse,
};

export const listTraceAttributes: Route<TracePath, Empty, TraceAttributesResponse> = {
  operationId: 'listTraceAttributes',
  summary: 'Which attributes the spans of a trace and their resources have.',
  path: '/traces/{traceId}/attributes',
  pathParameters: tracePath,
  query: empty,
  response: traceAttributesResponse,
};

export const readTraceAttribute: Route<TracePath, TraceAttributeQuery, TraceAttributeResponse> = {
  operationId: 'readTraceAttribute',
  summary: 'The value of an attribute on every span of a trace.',
  path: '/traces/{traceId}/attributes/values',
  pathParameters: tracePath,
  query: traceAttributeQuery,
  response: traceAttributeResponse,
};

export const diffTraces: Route<Empty, TraceDiffQuery, TraceDiffJson> = {
  operationId: 'diffTraces',
  summary: 'What differs between two traces, and which work explains the difference in duration.',
  path: '/traces/diff',
  pathParameters: empty,
  query: traceDiffQuery,
  response: traceDiffJson,
};

export const deleteTrace: Route<TracePath, Empty, undefined> = {
  operationId: 'deleteTrace',
  summary: 'Removes all spans of one trace.',
  method: 'delete',
  path: '/traces/{traceId}',
  pathParameters: tracePath,
  query: empty,
  response: z.undefined(),
};
