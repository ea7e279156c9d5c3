export { JAEGER_THRIFT_CONTENT_TYPES, isJaegerThriftContentType } from './jaeger/content-type.ts';
export { decodeJaegerJson } from './jaeger/decode-json.ts';
export { decodeJaegerPostSpans } from './jaeger/decode-protobuf.ts';
export { JaegerSpanEncoder } from './jaeger/encode-protobuf.ts';
export {
  jaegerFlagsOf,
  jaegerIntOf,
  jaegerLogFieldsOf,
  jaegerProcessTagsOf,
  jaegerReferencesOf,
  jaegerTagsOf,
  jaegerTextOf,
} from './jaeger/from-model.ts';
export type { JaegerReference } from './jaeger/message.ts';
export { decodeJaegerAgentMessage, decodeJaegerThrift } from './jaeger/decode-thrift.ts';
export type { JaegerAgentEncoding } from './jaeger/decode-thrift.ts';
export {
  FORMAT_HEAD_BYTES,
  TRACE_FILE_FORMATS,
  detectTraceFileFormat,
} from './file-format/detect-format.ts';
export type { TraceFileFormat } from './file-format/detect-format.ts';
export { OTLP_CONTENT_TYPES, parseOtlpContentType } from './otlp/content-type.ts';
export type { OtlpEncoding } from './otlp/content-type.ts';
export { decodeTracesJson, transcodeTracesJson } from './otlp/decode-json.ts';
export type { TranscodedTraces } from './otlp/decode-json.ts';
export {
  decodeAnyValue,
  decodeSpanEventMarks,
  decodeSpanEvents,
  decodeSpanLinks,
} from './otlp/decode-messages.ts';
export type { SpanEventMark } from './otlp/decode-messages.ts';
export { decodeExportResponseProtobuf, decodeStatusProtobuf } from './otlp/decode-response.ts';
export { decodeTracesProtobuf } from './otlp/decode.ts';
export {
  encodeResourceSpansJson,
  encodeResourceSpansProtoJson,
  encodeTracesJson,
} from './otlp/encode-json.ts';
export {
  encodeExportResponseJson,
  encodeExportResponseProtobuf,
  encodeStatusJson,
  encodeStatusProtobuf,
} from './otlp/encode-response.ts';
export type { PartialSuccess, RpcStatus } from './otlp/encode-response.ts';
export { encodeTracesProtobuf } from './otlp/encode.ts';
export { appendSpans } from './otlp/from-model.ts';
export { DEFAULT_DECODE_LIMITS, NO_DECODE_LIMITS } from './otlp/limits.ts';
export type { DecodeLimits } from './otlp/limits.ts';
export { countSignalItems, encodeSignalResponse } from './otlp/other-signals.ts';
export type { OtherSignal } from './otlp/other-signals.ts';
export type { RejectedSpans } from './otlp/rejections.ts';
export { readSpans } from './otlp/to-model.ts';
export { TraceRequestPacker, countSpans } from './otlp/trace-request-packer.ts';
export type { PackLimits, PackedTraces } from './otlp/trace-request-packer.ts';
export { formatB3, formatB3Fields, parseB3, parseB3Fields } from './propagation/b3.ts';
export type { B3Context, B3Fields, B3Sampling } from './propagation/b3.ts';
export { formatBaggage, parseBaggage } from './propagation/baggage.ts';
export type { BaggageMember } from './propagation/baggage.ts';
export { decodePercent, encodePercent } from './propagation/percent.ts';
export { formatTraceparent, parseTraceparent } from './propagation/traceparent.ts';
export type { SpanContextHeaders } from './propagation/traceparent.ts';
export { formatTracestate, parseTracestate } from './propagation/tracestate.ts';
export type { TraceStateMember } from './propagation/tracestate.ts';
export {
  UBER_DEBUG,
  UBER_SAMPLED,
  formatUberTraceId,
  parseUberTraceId,
} from './propagation/uber-trace-id.ts';
export {
  TEMPO_INSTANT,
  TEMPO_PARTIAL,
  TEMPO_RANGE,
  TEMPO_SEARCH,
  TEMPO_TAGS,
  TEMPO_TAGS_V2,
  TEMPO_TAG_VALUES,
  TEMPO_TAG_VALUES_V2,
  decodeTempoInstantRequest,
  decodeTempoRangeRequest,
  decodeTempoSearchRequest,
  decodeTempoTagValuesRequest,
  decodeTempoTagsRequest,
} from './tempo/messages.ts';
export type { TempoAnswer } from './tempo/messages.ts';
export { TEMPO_NO_METRICS_FIELD, encodeTempoTraceField } from './tempo/trace-by-id.ts';
export type {
  TempoExemplar,
  TempoFoundTrace,
  TempoInstantResponse,
  TempoKeyValue,
  TempoRangeResponse,
  TempoSearchResponse,
  TempoSeriesState,
  TempoSpan,
  TempoSpanSet,
  TempoTagScope,
  TempoTagValue,
  TempoTimeSeries,
  TempoValue,
} from './tempo/values.ts';
export { decodeMessage, encodeMessage } from './wire/message.ts';
export type { MessageField, MessageType, MessageValue } from './wire/message.ts';
export { ZstdDecompressor } from './wire/zstd/decompressor.ts';
export { decodeZipkinJson } from './zipkin/decode-json.ts';
export { decodeZipkinProtobuf } from './zipkin/decode-protobuf.ts';
export { decodeZipkinV1Json } from './zipkin/decode-v1-json.ts';
export { decodeZipkinV1Thrift } from './zipkin/decode-v1-thrift.ts';
export { ZIPKIN_REMOTE_NAMES } from './zipkin/endpoint-json.ts';
export type { ZipkinEndpointJson } from './zipkin/endpoint-json.ts';
export { ZipkinJsonTranslator, formatZipkinTraceId } from './zipkin/from-model.ts';
export type { ZipkinAnnotationJson, ZipkinSpanJson } from './zipkin/from-model.ts';
