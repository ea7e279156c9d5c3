import { bytesOf, numberOf, readFields, textOf } from './read-fields.ts';

/** What a receiver says of a request that it accepted; of all spans, 0 are refused and nothing is said. */
export interface PartialSuccess {
  readonly rejectedSpanCount: number;
  readonly message: string;
}

/**
 * Reads what a receiver says of a request it accepted in part: OTLP's `ExportTraceServiceResponse`
 * (opentelemetry/proto/collector/trace/v1/trace_service.proto). A body that cannot be read means nothing: the status has
 * already said that the spans were accepted.
 *
 * | message | field | name | type | wire type |
 * |---|--:|---|---|---|
 * | ExportTraceServiceResponse | 1 | partial_success | ExportTracePartialSuccess | length-delimited |
 * | ExportTracePartialSuccess | 1 | rejected_spans | int64 | varint |
 * | ExportTracePartialSuccess | 2 | error_message | string | length-delimited |
 */
export function decodePartialSuccess(body: Uint8Array): PartialSuccess {
  const partial = bytesOf(readFields(body), 1);
  const fields = partial === undefined ? undefined : readFields(partial);
  return { rejectedSpanCount: numberOf(fields, 1), message: textOf(fields, 2) };
}
