/**
 * What Tempo's query API is asked and answers, as tables of protobuf fields. Names are those of its JSON, too. What a request
 * says of Tempo's own blocks and jobs is left out.
 *
 * https://github.com/grafana/tempo/blob/main/pkg/tempopb/tempo.proto
 */
import type { MessageType, MessageValue } from '../wire/message.ts';

const SCALAR = {
  stringValue: { number: 1, type: 'string' },
  boolValue: { number: 2, type: 'bool' },
  intValue: { number: 3, type: 'int64' },
  doubleValue: { number: 4, type: 'double' },
} as const satisfies MessageType;

const ARRAY = {
  values: { number: 1, type: SCALAR, repeated: true },
} as const satisfies MessageType;

/** OTLP's value, of the types that TraceQL has; lists are of scalars. */
const ANY_VALUE = {
  ...SCALAR,
  arrayValue: { number: 5, type: ARRAY },
} as const satisfies MessageType;

const KEY_VALUE = {
  key: { number: 1, type: 'string' },
  value: { number: 2, type: ANY_VALUE },
} as const satisfies MessageType;

export type TempoScalar = MessageValue<typeof SCALAR>;
export type TempoValue = MessageValue<typeof ANY_VALUE>;
export type TempoKeyValue = MessageValue<typeof KEY_VALUE>;

export const TEMPO_SEARCH_REQUEST = {
  tags: { number: 1, type: 'string', map: true },
  minDurationMs: { number: 2, type: 'uint32' },
  maxDurationMs: { number: 3, type: 'uint32' },
  limit: { number: 4, type: 'uint32' },
  /** Seconds since 1970, as `end` is. */
  start: { number: 5, type: 'uint32' },
  end: { number: 6, type: 'uint32' },
  query: { number: 8, type: 'string' },
  spansPerSpanSet: { number: 9, type: 'uint32' },
} as const satisfies MessageType;

const SPAN = {
  spanID: { number: 1, type: 'string' },
  name: { number: 2, type: 'string' },
  startTimeUnixNano: { number: 3, type: 'uint64' },
  durationNanos: { number: 4, type: 'uint64' },
  attributes: { number: 5, type: KEY_VALUE, repeated: true },
} as const satisfies MessageType;

const SPAN_SET = {
  spans: { number: 1, type: SPAN, repeated: true },
  matched: { number: 2, type: 'uint32' },
  attributes: { number: 3, type: KEY_VALUE, repeated: true },
} as const satisfies MessageType;

const SERVICE_STATS = {
  spanCount: { number: 1, type: 'uint32' },
  errorCount: { number: 2, type: 'uint32' },
} as const satisfies MessageType;

const FOUND_TRACE = {
  traceID: { number: 1, type: 'string' },
  rootServiceName: { number: 2, type: 'string' },
  rootTraceName: { number: 3, type: 'string' },
  startTimeUnixNano: { number: 4, type: 'uint64' },
  durationMs: { number: 5, type: 'uint32' },
  /** The first of `spanSets`, for older clients. */
  spanSet: { number: 6, type: SPAN_SET },
  spanSets: { number: 7, type: SPAN_SET, repeated: true },
  serviceStats: { number: 8, type: SERVICE_STATS, map: true },
} as const satisfies MessageType;

const SEARCH_METRICS = {
  inspectedTraces: { number: 1, type: 'uint32' },
  inspectedBytes: { number: 2, type: 'uint64' },
  totalBlocks: { number: 3, type: 'uint32' },
  completedJobs: { number: 4, type: 'uint32' },
  totalJobs: { number: 5, type: 'uint32' },
  totalBlockBytes: { number: 6, type: 'uint64' },
  inspectedSpans: { number: 7, type: 'uint64' },
} as const satisfies MessageType;

export const TEMPO_SEARCH_RESPONSE = {
  traces: { number: 1, type: FOUND_TRACE, repeated: true },
  metrics: { number: 2, type: SEARCH_METRICS },
} as const satisfies MessageType;

export type TempoSpan = MessageValue<typeof SPAN>;
export type TempoSpanSet = MessageValue<typeof SPAN_SET>;
export type TempoFoundTrace = MessageValue<typeof FOUND_TRACE>;
export type TempoSearchMetrics = MessageValue<typeof SEARCH_METRICS>;

export const TEMPO_TAGS_REQUEST = {
  scope: { number: 1, type: 'string' },
  query: { number: 2, type: 'string' },
  /** Seconds since 1970, as `end` is. */
  start: { number: 3, type: 'uint32' },
  end: { number: 4, type: 'uint32' },
  maxTagsPerScope: { number: 5, type: 'uint32' },
} as const satisfies MessageType;

const METADATA_METRICS = {
  inspectedBytes: { number: 1, type: 'uint64' },
  totalJobs: { number: 2, type: 'uint32' },
  completedJobs: { number: 3, type: 'uint32' },
  totalBlocks: { number: 4, type: 'uint32' },
  totalBlockBytes: { number: 5, type: 'uint64' },
} as const satisfies MessageType;

export const TEMPO_TAGS_RESPONSE = {
  tagNames: { number: 1, type: 'string', repeated: true },
  metrics: { number: 2, type: METADATA_METRICS },
} as const satisfies MessageType;

const TAG_SCOPE = {
  name: { number: 1, type: 'string' },
  tags: { number: 2, type: 'string', repeated: true },
} as const satisfies MessageType;

export const TEMPO_TAGS_V2_RESPONSE = {
  scopes: { number: 1, type: TAG_SCOPE, repeated: true },
  metrics: { number: 2, type: METADATA_METRICS },
} as const satisfies MessageType;

export const TEMPO_TAG_VALUES_REQUEST = {
  tagName: { number: 1, type: 'string' },
  query: { number: 2, type: 'string' },
  /** Seconds since 1970, as `end` is. */
  start: { number: 4, type: 'uint32' },
  end: { number: 5, type: 'uint32' },
  maxTagValues: { number: 6, type: 'uint32' },
} as const satisfies MessageType;

export const TEMPO_TAG_VALUES_RESPONSE = {
  tagValues: { number: 1, type: 'string', repeated: true },
  metrics: { number: 2, type: METADATA_METRICS },
} as const satisfies MessageType;

const TAG_VALUE = {
  type: { number: 1, type: 'string' },
  value: { number: 2, type: 'string' },
} as const satisfies MessageType;

export const TEMPO_TAG_VALUES_V2_RESPONSE = {
  tagValues: { number: 1, type: TAG_VALUE, repeated: true },
  metrics: { number: 2, type: METADATA_METRICS },
} as const satisfies MessageType;

export type TempoTagScope = MessageValue<typeof TAG_SCOPE>;
export type TempoTagValue = MessageValue<typeof TAG_VALUE>;

export const TEMPO_QUERY_RANGE_REQUEST = {
  query: { number: 1, type: 'string' },
  /** Nanoseconds since 1970, as `end` is. */
  start: { number: 2, type: 'uint64' },
  end: { number: 3, type: 'uint64' },
  /** Nanoseconds. */
  step: { number: 4, type: 'uint64' },
  exemplars: { number: 16, type: 'uint32' },
  maxSeries: { number: 17, type: 'uint32' },
} as const satisfies MessageType;

/** What `status` says. */
export const TEMPO_COMPLETE = 0;
export const TEMPO_PARTIAL = 1;
const STATUS_NAMES = ['COMPLETE', 'PARTIAL'];

const SAMPLE = {
  timestampMs: { number: 2, type: 'int64' },
  value: { number: 1, type: 'double' },
} as const satisfies MessageType;

const EXEMPLAR = {
  labels: { number: 1, type: KEY_VALUE, repeated: true },
  value: { number: 2, type: 'double' },
  timestampMs: { number: 3, type: 'int64' },
} as const satisfies MessageType;

const TIME_SERIES = {
  labels: { number: 1, type: KEY_VALUE, repeated: true },
  samples: { number: 2, type: SAMPLE, repeated: true },
  promLabels: { number: 3, type: 'string' },
  exemplars: { number: 4, type: EXEMPLAR, repeated: true },
} as const satisfies MessageType;

export const TEMPO_QUERY_RANGE_RESPONSE = {
  series: { number: 1, type: TIME_SERIES, repeated: true },
  metrics: { number: 2, type: SEARCH_METRICS },
  status: { number: 3, type: 'enum', names: STATUS_NAMES },
  message: { number: 4, type: 'string' },
} as const satisfies MessageType;

export type TempoTimeSeries = MessageValue<typeof TIME_SERIES>;
export type TempoExemplar = MessageValue<typeof EXEMPLAR>;

export const TEMPO_QUERY_INSTANT_REQUEST = {
  query: { number: 1, type: 'string' },
  /** Nanoseconds since 1970, as `end` is. */
  start: { number: 2, type: 'uint64' },
  end: { number: 3, type: 'uint64' },
} as const satisfies MessageType;

const INSTANT_SERIES = {
  labels: { number: 1, type: KEY_VALUE, repeated: true },
  value: { number: 2, type: 'double' },
  promLabels: { number: 3, type: 'string' },
} as const satisfies MessageType;

export const TEMPO_QUERY_INSTANT_RESPONSE = {
  series: { number: 1, type: INSTANT_SERIES, repeated: true },
  metrics: { number: 2, type: SEARCH_METRICS },
  status: { number: 3, type: 'enum', names: STATUS_NAMES },
  message: { number: 4, type: 'string' },
} as const satisfies MessageType;

export type TempoInstantSeries = MessageValue<typeof INSTANT_SERIES>;
