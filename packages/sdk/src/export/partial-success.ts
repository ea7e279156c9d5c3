/**
 * Reads what a receiver says of a request it accepted in part: OTLP's `ExportTraceServiceResponse`
 * (opentelemetry/proto/collector/trace/v1/trace_service.proto).
 *
 * | message | field | name | type | wire type |
 * |---|--:|---|---|---|
 * | ExportTraceServiceResponse | 1 | partial_success | ExportTracePartialSuccess | length-delimited |
 * | ExportTracePartialSuccess | 1 | rejected_spans | int64 | varint |
 * | ExportTracePartialSuccess | 2 | error_message | string | length-delimited |
 */
export interface PartialSuccess {
  readonly rejectedSpanCount: number;
  readonly message: string;
}

const ACCEPTED: PartialSuccess = { rejectedSpanCount: 0, message: '' };

/** A body that cannot be read means nothing: the status has already said that the spans were accepted. */
export function decodePartialSuccess(body: Uint8Array): PartialSuccess {
  const partial = readFields(body)?.get(1);
  const fields = partial instanceof Uint8Array ? readFields(partial) : undefined;
  if (fields === undefined) return ACCEPTED;
  const rejected = fields.get(1);
  const message = fields.get(2);
  return {
    rejectedSpanCount: typeof rejected === 'number' ? rejected : 0,
    message: message instanceof Uint8Array ? new TextDecoder().decode(message) : '',
  };
}

type Field = number | Uint8Array;

/** The varints and byte strings of a message by field number; `undefined` when it is not one. */
function readFields(bytes: Uint8Array): ReadonlyMap<number, Field> | undefined {
  const fields = new Map<number, Field>();
  let at = 0;
  while (at < bytes.length) {
    const tag = readVarint(bytes, at);
    if (tag === undefined) return undefined;
    const wireType = tag.value & 7;
    const value = readVarint(bytes, tag.end);
    if (value === undefined || (wireType !== 0 && wireType !== 2)) return undefined;
    at = wireType === 0 ? value.end : value.end + value.value;
    if (at > bytes.length) return undefined;
    const field = wireType === 0 ? value.value : bytes.subarray(value.end, at);
    fields.set(Math.floor(tag.value / 8), field);
  }
  return fields;
}

function readVarint(
  bytes: Uint8Array,
  start: number,
): { readonly value: number; readonly end: number } | undefined {
  let value = 0;
  for (let at = start, factor = 1; at < bytes.length && at < start + 10; at++, factor *= 128) {
    const byte = bytes[at] ?? 0;
    value += (byte & 127) * factor;
    if (byte < 128) return { value, end: at + 1 };
  }
  return undefined;
}
