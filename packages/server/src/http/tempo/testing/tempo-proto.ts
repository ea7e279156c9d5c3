/** What others know of Tempo's messages, written from the list of their fields, and a reader that takes nothing else. */
import protobuf from 'protobufjs';
import { readStrictly } from '../../testing/grpc-client.ts';
import type { ForeignMethod } from '../../testing/grpc-client.ts';
import { OTLP_MESSAGES } from '../../testing/otlp-messages.ts';

const PROTO = `
syntax = "proto3";
package tempopb;

message Trace { repeated ResourceSpans resourceSpans = 1; }
message OldTrace { repeated ResourceSpans batches = 1; }
message TraceByIDMetrics { uint64 inspectedBytes = 1; }
message TraceByIDResponse {
  Trace trace = 1;
  TraceByIDMetrics metrics = 2;
  PartialStatus status = 3;
  string message = 4;
}

${OTLP_MESSAGES}

message SearchRequest {
  map<string, string> Tags = 1;
  uint32 MinDurationMs = 2;
  uint32 MaxDurationMs = 3;
  uint32 Limit = 4;
  uint32 start = 5;
  uint32 end = 6;
  string Query = 8;
  uint32 SpansPerSpanSet = 9;
}
message SearchResponse { repeated TraceSearchMetadata traces = 1; SearchMetrics metrics = 2; }
message TraceSearchMetadata {
  string traceID = 1;
  string rootServiceName = 2;
  string rootTraceName = 3;
  uint64 startTimeUnixNano = 4;
  uint32 durationMs = 5;
  SpanSet spanSet = 6;
  repeated SpanSet spanSets = 7;
  map<string, ServiceStats> serviceStats = 8;
}
message ServiceStats { uint32 spanCount = 1; uint32 errorCount = 2; }
message SpanSet { repeated Span spans = 1; uint32 matched = 2; repeated KeyValue attributes = 3; }
message Span {
  string spanID = 1;
  string name = 2;
  uint64 startTimeUnixNano = 3;
  uint64 durationNanos = 4;
  repeated KeyValue attributes = 5;
}
message SearchMetrics {
  uint32 inspectedTraces = 1;
  uint64 inspectedBytes = 2;
  uint32 totalBlocks = 3;
  uint32 completedJobs = 4;
  uint32 totalJobs = 5;
  uint64 totalBlockBytes = 6;
}

message SearchTagsRequest {
  string scope = 1;
  string query = 2;
  uint32 start = 3;
  uint32 end = 4;
  uint32 maxTagsPerScope = 5;
}
message MetadataMetrics {
  uint64 inspectedBytes = 1;
  uint32 totalJobs = 2;
  uint32 completedJobs = 3;
  uint32 totalBlocks = 4;
  uint64 totalBlockBytes = 5;
}
message SearchTagsResponse { repeated string tagNames = 1; MetadataMetrics metrics = 2; }
message SearchTagsV2Response { repeated SearchTagsV2Scope scopes = 1; MetadataMetrics metrics = 2; }
message SearchTagsV2Scope { string name = 1; repeated string tags = 2; }
message SearchTagValuesRequest {
  string tagName = 1;
  string query = 2;
  uint32 start = 4;
  uint32 end = 5;
  uint32 maxTagValues = 6;
}
message SearchTagValuesResponse { repeated string tagValues = 1; MetadataMetrics metrics = 2; }
message SearchTagValuesV2Response { repeated TagValue tagValues = 1; MetadataMetrics metrics = 2; }
message TagValue { string type = 1; string value = 2; }

enum PartialStatus { COMPLETE = 0; PARTIAL = 1; }
message QueryInstantRequest { string query = 1; uint64 start = 2; uint64 end = 3; }
message QueryInstantResponse {
  repeated InstantSeries series = 1;
  SearchMetrics metrics = 2;
  PartialStatus status = 3;
  string message = 4;
}
message InstantSeries { repeated KeyValue labels = 1; double value = 2; }
message QueryRangeRequest {
  string query = 1;
  uint64 start = 2;
  uint64 end = 3;
  uint64 step = 4;
  uint32 exemplars = 16;
  uint32 maxSeries = 17;
}
message QueryRangeResponse {
  repeated TimeSeries series = 1;
  SearchMetrics metrics = 2;
  PartialStatus status = 3;
  string message = 4;
}
message TimeSeries { repeated KeyValue labels = 1; repeated Sample samples = 2; repeated Exemplar exemplars = 4; }
message Sample { int64 timestampMs = 2; double value = 1; }
message Exemplar { repeated KeyValue labels = 1; double value = 2; int64 timestampMs = 3; }
`;

const ROOT: protobuf.Root = protobuf.parse(PROTO, { keepCase: true }).root;
ROOT.resolveAll();

function tempoType(name: string): protobuf.Type {
  return ROOT.lookupType(`tempopb.${name}`);
}

/** A method of `StreamingQuerier`. */
export function tempoMethod(name: string): ForeignMethod {
  return {
    path: `/tempopb.StreamingQuerier/${name}`,
    request: tempoType(`${name.replace(/^Metrics|V2$/g, '')}Request`),
    answer: tempoType(`${name.replace(/^Metrics/, '')}Response`),
  };
}

/** A message read from protobuf, as ProtoJSON: throws for a field that nobody knows. */
export function readProtobuf(name: string, bytes: Uint8Array): unknown {
  return readStrictly(tempoType(name), bytes);
}

/** A message read from ProtoJSON: throws for a field that nobody knows, and for a value in another form than its type's. */
export function readJson(name: string, value: unknown): unknown {
  const type = tempoType(name);
  checkMessage(type, value, name);
  return type.toObject(type.fromObject(value as Record<string, unknown>), {
    longs: String,
    enums: String,
    bytes: String,
  });
}

function checkMessage(type: protobuf.Type, value: unknown, path: string): void {
  if (typeof value !== 'object' || value === null) throw new Error(`${path} is no object`);
  for (const [name, each] of Object.entries(value)) {
    const field = type.fields[name];
    if (field === undefined) throw new Error(`${path}.${name} is unknown`);
    checkField(field, each, `${path}.${name}`);
  }
}

function checkField(field: protobuf.Field, value: unknown, path: string): void {
  if (field.map) {
    for (const [key, each] of Object.entries(value as object))
      checkValue(field, each, `${path}[${key}]`);
    return;
  }
  if (!field.repeated) return checkValue(field, value, path);
  if (!Array.isArray(value)) throw new Error(`${path} is no list`);
  value.forEach((each, index) => checkValue(field, each, `${path}[${index}]`));
}

function checkValue({ type, resolvedType }: protobuf.Field, value: unknown, path: string): void {
  if (resolvedType instanceof protobuf.Type) return checkMessage(resolvedType, value, path);
  const isRight =
    resolvedType instanceof protobuf.Enum ? isOfEnum(resolvedType, value) : isOfType(type, value);
  if (!isRight) throw new Error(`${path} is no ${type}: ${JSON.stringify(value)}`);
}

/** Its name or, as OTLP in JSON has it, its number. */
function isOfEnum({ values, valuesById }: protobuf.Enum, value: unknown): boolean {
  return typeof value === 'string' ? value in values : Number(value) in valuesById;
}

const TEXT_FORMS: Readonly<Record<string, RegExp>> = {
  string: /^/,
  bytes: /^[A-Za-z0-9+/]*={0,2}$/,
  int64: /^-?\d+$/,
  uint64: /^\d+$/,
  fixed64: /^\d+$/,
};

function isOfType(type: string, value: unknown): boolean {
  const form = TEXT_FORMS[type];
  if (form !== undefined) return typeof value === 'string' && form.test(value);
  if (type === 'bool') return typeof value === 'boolean';
  if (typeof value !== 'number') return false;
  return type === 'double' || (Number.isInteger(value) && value >= 0 && value < 2 ** 32);
}
