import { SPAN_KINDS, SPAN_STATUSES, durationNano } from '@clew/model';
import type { Resource, Scope, Span, SpanKind, SpanStatus } from '@clew/model';
import { WireWriter } from '../wire/writer.ts';
import { writeAttributes } from './encode-attributes.ts';
import {
  writeCount,
  writeEvent,
  writeLink,
  writeResource,
  writeScope,
  writeText,
} from './encode-messages.ts';

const KIND_NUMBERS = numberByName(SPAN_KINDS);
const STATUS_NUMBERS = numberByName(SPAN_STATUSES);

/**
 * Encodes an `ExportTraceServiceRequest`. Spans are grouped by resource and scope, which are told apart by identity:
 * equal but separate objects make groups of their own.
 *
 * ExportTraceServiceRequest
 *   1  resource_spans  ResourceSpans         length-delimited, repeated
 * ResourceSpans
 *   1  resource        Resource              length-delimited
 *   2  scope_spans     ScopeSpans            length-delimited, repeated
 *   3  schema_url      string                length-delimited
 * ScopeSpans
 *   1  scope           InstrumentationScope  length-delimited
 *   2  spans           Span                  length-delimited, repeated
 *   3  schema_url      string                length-delimited
 */
export function encodeTracesProtobuf(spans: readonly Span[]): Uint8Array<ArrayBuffer> {
  const writer = createTracesWriter(spans);
  writeTraces(writer, spans);
  return writer.bytes;
}

/** A writer with room for most spans, so that its buffer seldom grows. */
export function createTracesWriter(spans: readonly Span[]): WireWriter {
  return new WireWriter(512 + spans.length * 512);
}

/** Writes what `encodeTracesProtobuf` gives. */
export function writeTraces(writer: WireWriter, spans: readonly Span[]): void {
  for (const [resource, scopes] of groupSpans(spans)) {
    writer.writeVarint(0x0a);
    const start = writer.begin();
    writer.writeVarint(0x0a);
    const resourceStart = writer.begin();
    writeResource(writer, resource);
    writer.end(resourceStart);
    for (const [scope, members] of scopes) writeScopeSpans(writer, scope, members);
    writeText(writer, 0x1a, resource.schemaUrl);
    writer.end(start);
  }
}

/** Spans by their resource and their scope, in the order in which those are first seen. */
export function groupSpans(spans: readonly Span[]): Map<Resource, Map<Scope, Span[]>> {
  const groups = new Map<Resource, Map<Scope, Span[]>>();
  for (const span of spans) {
    let scopes = groups.get(span.resource);
    if (scopes === undefined) groups.set(span.resource, (scopes = new Map()));
    const members = scopes.get(span.scope);
    if (members === undefined) scopes.set(span.scope, [span]);
    else members.push(span);
  }
  return groups;
}

function writeScopeSpans(writer: WireWriter, scope: Scope, spans: readonly Span[]): void {
  writer.writeVarint(0x12);
  const start = writer.begin();
  writer.writeVarint(0x0a);
  const scopeStart = writer.begin();
  writeScope(writer, scope);
  writer.end(scopeStart);
  for (const span of spans) {
    writer.writeVarint(0x12);
    const spanStart = writer.begin();
    writeSpan(writer, span);
    writer.end(spanStart);
  }
  writeText(writer, 0x1a, scope.schemaUrl);
  writer.end(start);
}

/**
 * Span
 *    1  trace_id                  bytes     length-delimited
 *    2  span_id                   bytes     length-delimited
 *    3  trace_state               string    length-delimited
 *    4  parent_span_id            bytes     length-delimited
 *    5  name                      string    length-delimited
 *    6  kind                      SpanKind  varint
 *    7  start_time_unix_nano      fixed64   fixed64
 *    8  end_time_unix_nano        fixed64   fixed64
 *    9  attributes                KeyValue  length-delimited, repeated
 *   10  dropped_attributes_count  uint32    varint
 *   11  events                    Event     length-delimited, repeated
 *   12  dropped_events_count      uint32    varint
 *   13  links                     Link      length-delimited, repeated
 *   14  dropped_links_count       uint32    varint
 *   15  status                    Status    length-delimited
 *   16  flags                     fixed32   fixed32
 */
function writeSpan(writer: WireWriter, span: Span): void {
  writer.writeVarint(0x0a);
  writer.writeHex(span.traceId);
  writer.writeVarint(0x12);
  writer.writeHex(span.spanId);
  writeText(writer, 0x1a, span.traceState);
  if (span.parentSpanId !== undefined) {
    writer.writeVarint(0x22);
    writer.writeHex(span.parentSpanId);
  }
  writeText(writer, 0x2a, span.name);
  writeCount(writer, 0x30, KIND_NUMBERS[span.kind]);
  writer.writeVarint(0x39);
  writer.writeFixed64(span.startUnixNano);
  writer.writeVarint(0x41);
  // The end of a span that outlasts the clock's range is the last moment there is.
  writer.writeFixed64(durationNano(span.startUnixNano + span.durationNano));
  writeAttributes(writer, 0x4a, span.attributes);
  writeCount(writer, 0x50, span.droppedAttributesCount);
  for (const event of span.events) {
    writer.writeVarint(0x5a);
    const start = writer.begin();
    writeEvent(writer, event);
    writer.end(start);
  }
  writeCount(writer, 0x60, span.droppedEventsCount);
  for (const link of span.links) {
    writer.writeVarint(0x6a);
    const start = writer.begin();
    writeLink(writer, link);
    writer.end(start);
  }
  writeCount(writer, 0x70, span.droppedLinksCount);
  writeStatus(writer, span);
  if (span.flags !== 0) {
    writer.writeVarint(0x85);
    writer.writeFixed32(span.flags);
  }
}

/**
 * Status
 *   2  message  string      length-delimited
 *   3  code     StatusCode  varint
 */
function writeStatus(writer: WireWriter, span: Span): void {
  if (span.status === 'unset' && span.statusMessage === '') return;
  writer.writeVarint(0x7a);
  const start = writer.begin();
  writeText(writer, 0x12, span.statusMessage);
  writeCount(writer, 0x18, STATUS_NUMBERS[span.status]);
  writer.end(start);
}

function numberByName<Name extends SpanKind | SpanStatus>(
  names: readonly Name[],
): Readonly<Record<Name, number>> {
  return Object.fromEntries(names.map((name, number) => [name, number])) as Record<Name, number>;
}
