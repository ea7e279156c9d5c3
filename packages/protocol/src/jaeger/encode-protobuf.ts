/**
 * Jaeger's protobuf, `jaeger.api_v2`, written: what its query service answers with over gRPC. Fields that have their default are left
 * out. The tables of the messages are in `decode-protobuf.ts`.
 */
import type { Attribute, Resource, Span, SpanEvent } from '@clew/model';
import { writeCount, writeText } from '../otlp/encode-messages.ts';
import { WireWriter } from '../wire/writer.ts';
import {
  jaegerFlagsOf,
  jaegerLogFieldsOf,
  jaegerProcessTagsOf,
  jaegerReferencesOf,
  jaegerTagsOf,
  jaegerTextOf,
} from './from-model.ts';
import type { JaegerReference } from './message.ts';

/** A span, and what Jaeger's query service has to say about it. */
export interface JaegerSpanWithWarnings {
  readonly span: Span;
  readonly warnings: readonly string[];
}

const NANOS_PER_SECOND = 1_000_000_000n;

/** Encodes spans of one answer, whose processes are mostly the same few. */
export class JaegerSpanEncoder {
  readonly #processes = new Map<Resource, Uint8Array>();

  /**
   * SpansResponseChunk
   *   1  spans  Span, repeated
   */
  encodeChunk(spans: readonly JaegerSpanWithWarnings[]): Uint8Array<ArrayBuffer> {
    const writer = new WireWriter(spans.length * 1024);
    for (const span of spans) {
      writer.writeVarint(0x0a);
      const start = writer.begin();
      this.#writeSpan(writer, span);
      writer.end(start);
    }
    return writer.bytes;
  }

  #writeSpan(writer: WireWriter, { span, warnings }: JaegerSpanWithWarnings): void {
    writer.writeVarint(0x0a);
    writer.writeHex(span.traceId);
    writer.writeVarint(0x12);
    writer.writeHex(span.spanId);
    writeText(writer, 0x1a, span.name);
    for (const reference of jaegerReferencesOf(span)) writeReference(writer, reference);
    writeCount(writer, 0x28, jaegerFlagsOf(span));
    writeNanos(writer, 0x32, span.startUnixNano);
    writeNanos(writer, 0x3a, span.durationNano);
    for (const tag of jaegerTagsOf(span)) writeTag(writer, 0x42, tag);
    for (const event of span.events) writeLog(writer, event);
    writer.writeVarint(0x52);
    writer.writeBytes(this.#processOf(span.resource));
    for (const warning of warnings) {
      writer.writeVarint(0x62);
      writer.writeText(warning);
    }
  }

  #processOf(resource: Resource): Uint8Array {
    let bytes = this.#processes.get(resource);
    if (bytes === undefined) this.#processes.set(resource, (bytes = encodeProcess(resource)));
    return bytes;
  }
}

function encodeProcess(resource: Resource): Uint8Array {
  const writer = new WireWriter(512);
  writeText(writer, 0x0a, resource.service);
  for (const tag of jaegerProcessTagsOf(resource)) writeTag(writer, 0x12, tag);
  return writer.bytes;
}

function writeReference(writer: WireWriter, { type, traceId, spanId }: JaegerReference): void {
  writer.writeVarint(0x22);
  const start = writer.begin();
  writer.writeVarint(0x0a);
  writer.writeHex(traceId);
  writer.writeVarint(0x12);
  writer.writeHex(spanId);
  writeCount(writer, 0x18, type === 'child_of' ? 0 : 1);
  writer.end(start);
}

function writeLog(writer: WireWriter, event: SpanEvent): void {
  writer.writeVarint(0x4a);
  const start = writer.begin();
  writeNanos(writer, 0x0a, event.timeUnixNano);
  for (const field of jaegerLogFieldsOf(event)) writeTag(writer, 0x12, field);
  writer.end(start);
}

/** Writes a `Timestamp` or a `Duration`. */
function writeNanos(writer: WireWriter, tag: number, nanos: bigint): void {
  writer.writeVarint(tag);
  const start = writer.begin();
  const seconds = nanos / NANOS_PER_SECOND;
  if (seconds !== 0n) {
    writer.writeVarint(0x08);
    writer.writeInt64(seconds);
  }
  writeCount(writer, 0x10, Number(nanos % NANOS_PER_SECOND));
  writer.end(start);
}

function writeTag(writer: WireWriter, tag: number, { key, value }: Attribute): void {
  writer.writeVarint(tag);
  const start = writer.begin();
  writeText(writer, 0x0a, key);
  switch (value.type) {
    case 'string':
      writeText(writer, 0x1a, value.value);
      break;
    case 'bool':
      writeCount(writer, 0x10, 1);
      writeCount(writer, 0x20, value.value ? 1 : 0);
      break;
    case 'int':
      writeCount(writer, 0x10, 2);
      writer.writeVarint(0x28);
      writer.writeInt64(value.value);
      break;
    case 'double':
      writeCount(writer, 0x10, 3);
      writer.writeVarint(0x31);
      writer.writeDouble(value.value);
      break;
    case 'bytes':
      writeCount(writer, 0x10, 4);
      writer.writeVarint(0x3a);
      writer.writeBytes(value.value);
      break;
    case 'array':
    case 'map':
    case 'empty':
      writeText(writer, 0x1a, jaegerTextOf(value));
      break;
  }
  writer.end(start);
}
