/**
 * The messages that a `SpanBlock` keeps as they came in, decoded when somebody looks at them. They were checked when
 * they were received, but a store is a file and files break: damage is a `DecodeError` here too.
 */
import { parseSpanId, parseTraceId, formatHex, unixNano } from '@clew/model';
import type { Attribute, AttributeValue, Link, SpanEvent } from '@clew/model';
import { MAX_NESTING, WireReader } from '../wire/reader.ts';

/** A byte order mark at the beginning of a value belongs to the value. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Decodes the `events` string of one span of a `SpanBlock`: `Event` messages, each with its length in front. */
export function decodeSpanEvents(bytes: Uint8Array): SpanEvent[] {
  const reader = createReader(bytes, 'span events');
  const events: SpanEvent[] = [];
  while (reader.position < bytes.length)
    events.push(readEvent(reader, reader.readEnd(bytes.length)));
  return events;
}

/** What a timeline shows of an event. */
export type SpanEventMark = Pick<SpanEvent, 'timeUnixNano' | 'name'>;

/** The same as `decodeSpanEvents` without attributes, which are most of what an event says. */
export function decodeSpanEventMarks(bytes: Uint8Array): SpanEventMark[] {
  const reader = createReader(bytes, 'span events');
  const marks: SpanEventMark[] = [];
  while (reader.position < bytes.length)
    marks.push(readEventMark(reader, reader.readEnd(bytes.length)));
  return marks;
}

/**
 * Decodes the `links` string of one span of a `SpanBlock`: `Link` messages, each with its length in front. A link that
 * has no valid ids links to nothing and is left out.
 */
export function decodeSpanLinks(bytes: Uint8Array): Link[] {
  const reader = createReader(bytes, 'span links');
  const links: Link[] = [];
  while (reader.position < bytes.length) {
    const link = readLink(reader, reader.readEnd(bytes.length));
    if (link !== undefined) links.push(link);
  }
  return links;
}

/** Decodes an `AnyValue` message, as `AttributeColumns.complex` holds them. */
export function decodeAnyValue(bytes: Uint8Array): AttributeValue {
  return readAnyValue(createReader(bytes, 'attribute value'), bytes.length, 0);
}

function createReader(bytes: Uint8Array, format: string): WireReader {
  return new WireReader(bytes, { format, path: () => '' });
}

/**
 * Event
 *   1  time_unix_nano            fixed64   fixed64
 *   2  name                      string    length-delimited
 *   3  attributes                KeyValue  length-delimited, repeated
 *   4  dropped_attributes_count  uint32    varint
 */
function readEvent(reader: WireReader, end: number): SpanEvent {
  let timeUnixNano = 0n;
  let name = '';
  const attributes: Attribute[] = [];
  let droppedAttributesCount = 0;
  while (reader.position < end) {
    const tag = reader.readTag(end);
    if (tag === 0x09) {
      reader.readFixed64(end);
      timeUnixNano = joinHalves(reader);
    } else if (tag === 0x12) name = readText(reader, end);
    else if (tag === 0x1a) attributes.push(readAttribute(reader, reader.readEnd(end), 0));
    else if (tag === 0x20) droppedAttributesCount = readUint32(reader, end);
    else reader.skipUnknown(tag, end, 4);
  }
  return { timeUnixNano: unixNano(timeUnixNano), name, attributes, droppedAttributesCount };
}

function readEventMark(reader: WireReader, end: number): SpanEventMark {
  let timeUnixNano = 0n;
  let name = '';
  while (reader.position < end) {
    const tag = reader.readTag(end);
    if (tag === 0x09) {
      reader.readFixed64(end);
      timeUnixNano = joinHalves(reader);
    } else if (tag === 0x12) name = readText(reader, end);
    else reader.skip(tag, end);
  }
  return { timeUnixNano: unixNano(timeUnixNano), name };
}

/**
 * Link
 *   1  trace_id                  bytes     length-delimited
 *   2  span_id                   bytes     length-delimited
 *   3  trace_state               string    length-delimited
 *   4  attributes                KeyValue  length-delimited, repeated
 *   5  dropped_attributes_count  uint32    varint
 *   6  flags                     fixed32   fixed32
 */
function readLink(reader: WireReader, end: number): Link | undefined {
  let traceIdDigits = '';
  let spanIdDigits = '';
  let traceState = '';
  const attributes: Attribute[] = [];
  let droppedAttributesCount = 0;
  let flags = 0;
  while (reader.position < end) {
    const tag = reader.readTag(end);
    if (tag === 0x0a) traceIdDigits = readId(reader, end, 16);
    else if (tag === 0x12) spanIdDigits = readId(reader, end, 8);
    else if (tag === 0x1a) traceState = readText(reader, end);
    else if (tag === 0x22) attributes.push(readAttribute(reader, reader.readEnd(end), 0));
    else if (tag === 0x28) droppedAttributesCount = readUint32(reader, end);
    else if (tag === 0x35) flags = reader.readFixed32(end) >>> 0;
    else reader.skipUnknown(tag, end, 6);
  }
  const traceId = parseTraceId(traceIdDigits);
  const spanId = parseSpanId(spanIdDigits);
  if (traceId === undefined || spanId === undefined) return undefined;
  return { traceId, spanId, traceState, flags, attributes, droppedAttributesCount };
}

/**
 * KeyValue
 *   1  key           string    length-delimited
 *   2  value         AnyValue  length-delimited
 */
function readAttribute(reader: WireReader, end: number, depth: number): Attribute {
  let key = '';
  let value: AttributeValue = { type: 'empty' };
  while (reader.position < end) {
    const tag = reader.readTag(end);
    if (tag === 0x0a) key = readText(reader, end);
    else if (tag === 0x12) value = readAnyValue(reader, reader.readEnd(end), depth);
    else reader.skipUnknown(tag, end, 2);
  }
  return { key, value };
}

/**
 * AnyValue
 *   1  string_value  string        length-delimited
 *   2  bool_value    bool          varint
 *   3  int_value     int64         varint
 *   4  double_value  double        fixed64
 *   5  array_value   ArrayValue    length-delimited
 *   6  kvlist_value  KeyValueList  length-delimited
 *   7  bytes_value   bytes         length-delimited
 */
function readAnyValue(reader: WireReader, end: number, depth: number): AttributeValue {
  if (depth > MAX_NESTING) reader.fail(`values are nested more than ${MAX_NESTING} deep`);
  let value: AttributeValue = { type: 'empty' };
  while (reader.position < end) {
    const tag = reader.readTag(end);
    switch (tag) {
      case 0x0a:
        value = { type: 'string', value: readText(reader, end) };
        break;
      case 0x10:
        reader.readVarint(end);
        value = { type: 'bool', value: (reader.low | reader.high) !== 0 };
        break;
      case 0x18:
        reader.readVarint(end);
        value = { type: 'int', value: BigInt.asIntN(64, joinHalves(reader)) };
        break;
      case 0x21:
        reader.readFixed64(end);
        value = { type: 'double', value: reader.view.getFloat64(reader.position - 8, true) };
        break;
      case 0x2a:
        value = { type: 'array', value: readArray(reader, reader.readEnd(end), depth + 1) };
        break;
      case 0x32:
        value = { type: 'map', value: readMap(reader, reader.readEnd(end), depth + 1) };
        break;
      case 0x3a:
        value = { type: 'bytes', value: new Uint8Array(readBytes(reader, end)) };
        break;
      default:
        reader.skipUnknown(tag, end, 7);
    }
  }
  return value;
}

/**
 * ArrayValue
 *   1  values        AnyValue  length-delimited, repeated
 */
function readArray(reader: WireReader, end: number, depth: number): AttributeValue[] {
  const values: AttributeValue[] = [];
  while (reader.position < end) {
    const tag = reader.readTag(end);
    if (tag === 0x0a) values.push(readAnyValue(reader, reader.readEnd(end), depth));
    else reader.skipUnknown(tag, end, 1);
  }
  return values;
}

/**
 * KeyValueList
 *   1  values        KeyValue  length-delimited, repeated
 */
function readMap(reader: WireReader, end: number, depth: number): Attribute[] {
  const attributes: Attribute[] = [];
  while (reader.position < end) {
    const tag = reader.readTag(end);
    if (tag === 0x0a) attributes.push(readAttribute(reader, reader.readEnd(end), depth));
    else reader.skipUnknown(tag, end, 1);
  }
  return attributes;
}

/** The bytes of a length-delimited field. A view. */
function readBytes(reader: WireReader, end: number): Uint8Array {
  const fieldEnd = reader.readEnd(end);
  const bytes = reader.bytes.subarray(reader.position, fieldEnd);
  reader.position = fieldEnd;
  return bytes;
}

function readText(reader: WireReader, end: number): string {
  return decoder.decode(readBytes(reader, end));
}

/** An id's digits; none when it has another length. */
function readId(reader: WireReader, end: number, length: number): string {
  const bytes = readBytes(reader, end);
  return bytes.length === length ? formatHex(bytes) : '';
}

function readUint32(reader: WireReader, end: number): number {
  reader.readVarint(end);
  return reader.low >>> 0;
}

function joinHalves(reader: WireReader): bigint {
  return (BigInt(reader.high >>> 0) << 32n) | BigInt(reader.low >>> 0);
}
