/**
 * What Tempo's query API is asked and answers, as tables of protobuf fields. Names are those of its JSON, too. What a request
 * says of Tempo's own blocks and jobs is left out, and so are the labels in Prometheus's form, which are for its own use.
 *
 * https://github.com/grafana/tempo/blob/main/pkg/tempopb/tempo.proto
 */
import { decodeMessage, encodeMessage } from '../wire/message.ts';
import type { MessageType, MessageValue } from '../wire/message.ts';
import { messageToJson } from '../wire/message-json.ts';
import type { JsonObject } from '../wire/message-json.ts';
import type {
  TempoInstantRequest,
  TempoInstantResponse,
  TempoRangeRequest,
  TempoRangeResponse,
  TempoSearchRequest,
  TempoSearchResponse,
  TempoTagValuesRequest,
  TempoTagValuesResponse,
  TempoTagValuesV2Response,
  TempoTagsRequest,
  TempoTagsResponse,
  TempoTagsV2Response,
} from './values.ts';

/** An answer, in both of its forms. */
export interface TempoAnswer<Value> {
  readonly encode: (value: Value) => Uint8Array<ArrayBuffer>;
  readonly toJson: (value: Value) => JsonObject;
}

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

const SEARCH_REQUEST = {
  tags: { number: 1, type: 'string', map: true },
  minDurationMs: { number: 2, type: 'uint32' },
  maxDurationMs: { number: 3, type: 'uint32' },
  limit: { number: 4, type: 'uint32' },
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

const SEARCH_RESPONSE = {
  traces: { number: 1, type: FOUND_TRACE, repeated: true },
  metrics: { number: 2, type: SEARCH_METRICS },
} as const satisfies MessageType;

const TAGS_REQUEST = {
  scope: { number: 1, type: 'string' },
  query: { number: 2, type: 'string' },
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

const TAGS_RESPONSE = {
  tagNames: { number: 1, type: 'string', repeated: true },
  metrics: { number: 2, type: METADATA_METRICS },
} as const satisfies MessageType;

const TAG_SCOPE = {
  name: { number: 1, type: 'string' },
  tags: { number: 2, type: 'string', repeated: true },
} as const satisfies MessageType;

const TAGS_V2_RESPONSE = {
  scopes: { number: 1, type: TAG_SCOPE, repeated: true },
  metrics: { number: 2, type: METADATA_METRICS },
} as const satisfies MessageType;

const TAG_VALUES_REQUEST = {
  tagName: { number: 1, type: 'string' },
  query: { number: 2, type: 'string' },
  start: { number: 4, type: 'uint32' },
  end: { number: 5, type: 'uint32' },
  maxTagValues: { number: 6, type: 'uint32' },
} as const satisfies MessageType;

const TAG_VALUES_RESPONSE = {
  tagValues: { number: 1, type: 'string', repeated: true },
  metrics: { number: 2, type: METADATA_METRICS },
} as const satisfies MessageType;

const TAG_VALUE = {
  type: { number: 1, type: 'string' },
  value: { number: 2, type: 'string' },
} as const satisfies MessageType;

const TAG_VALUES_V2_RESPONSE = {
  tagValues: { number: 1, type: TAG_VALUE, repeated: true },
  metrics: { number: 2, type: METADATA_METRICS },
} as const satisfies MessageType;

const QUERY_RANGE_REQUEST = {
  query: { number: 1, type: 'string' },
  start: { number: 2, type: 'uint64' },
  end: { number: 3, type: 'uint64' },
  step: { number: 4, type: 'uint64' },
  exemplars: { number: 16, type: 'uint32' },
  maxSeries: { number: 17, type: 'uint32' },
} as const satisfies MessageType;

/** What `status` says of an answer that is cut; nothing of a whole one, which is 0. */
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
  exemplars: { number: 4, type: EXEMPLAR, repeated: true },
} as const satisfies MessageType;

const QUERY_RANGE_RESPONSE = {
  series: { number: 1, type: TIME_SERIES, repeated: true },
  metrics: { number: 2, type: SEARCH_METRICS },
  status: { number: 3, type: 'enum', names: STATUS_NAMES },
  message: { number: 4, type: 'string' },
} as const satisfies MessageType;

const QUERY_INSTANT_REQUEST = {
  query: { number: 1, type: 'string' },
  start: { number: 2, type: 'uint64' },
  end: { number: 3, type: 'uint64' },
} as const satisfies MessageType;

const INSTANT_SERIES = {
  labels: { number: 1, type: KEY_VALUE, repeated: true },
  value: { number: 2, type: 'double' },
} as const satisfies MessageType;

const QUERY_INSTANT_RESPONSE = {
  series: { number: 1, type: INSTANT_SERIES, repeated: true },
  metrics: { number: 2, type: SEARCH_METRICS },
  status: { number: 3, type: 'enum', names: STATUS_NAMES },
  message: { number: 4, type: 'string' },
} as const satisfies MessageType;

export const TEMPO_SEARCH: TempoAnswer<TempoSearchResponse> = answer(SEARCH_RESPONSE);
export const TEMPO_TAGS: TempoAnswer<TempoTagsResponse> = answer(TAGS_RESPONSE);
export const TEMPO_TAGS_V2: TempoAnswer<TempoTagsV2Response> = answer(TAGS_V2_RESPONSE);
export const TEMPO_TAG_VALUES: TempoAnswer<TempoTagValuesResponse> = answer(TAG_VALUES_RESPONSE);
export const TEMPO_TAG_VALUES_V2: TempoAnswer<TempoTagValuesV2Response> =
  answer(TAG_VALUES_V2_RESPONSE);
export const TEMPO_RANGE: TempoAnswer<TempoRangeResponse> = answer(QUERY_RANGE_RESPONSE);
export const TEMPO_INSTANT: TempoAnswer<TempoInstantResponse> = answer(QUERY_INSTANT_RESPONSE);

function answer<Type extends MessageType, Value extends MessageValue<Type>>(
  type: Type,
): TempoAnswer<Value> {
  return {
    encode: (value) => encodeMessage(type, value),
    toJson: (value) => messageToJson(type, value),
  };
}

/** Throws `DecodeError`, as all of these do. */
export function decodeTempoSearchRequest(bytes: Uint8Array): TempoSearchRequest {
  return decodeMessage(SEARCH_REQUEST, bytes, 'Tempo search request');
}

export function decodeTempoTagsRequest(bytes: Uint8Array): TempoTagsRequest {
  return decodeMessage(TAGS_REQUEST, bytes, 'Tempo tags request');
}

export function decodeTempoTagValuesRequest(bytes: Uint8Array): TempoTagValuesRequest {
  return decodeMessage(TAG_VALUES_REQUEST, bytes, 'Tempo tag values request');
}

export function decodeTempoRangeRequest(bytes: Uint8Array): TempoRangeRequest {
  return decodeMessage(QUERY_RANGE_REQUEST, bytes, 'Tempo range request');
}

export function decodeTempoInstantRequest(bytes: Uint8Array): TempoInstantRequest {
  return decodeMessage(QUERY_INSTANT_REQUEST, bytes, 'Tempo instant request');
}
