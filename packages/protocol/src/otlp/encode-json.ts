/**
 * OTLP/JSON, written: ProtoJSON, except that ids are hexadecimal and enums are numbers. 64-bit integers are strings and
 * bytes are base64; a field that has its default is left out, as the protobuf encoder does.
 *
 * https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 */
import { SPAN_KINDS, SPAN_STATUSES, durationNano, unreachable } from '@clew/model';
import type {
  Attribute,
  AttributeValue,
  Link,
  Resource,
  Scope,
  Span,
  SpanEvent,
} from '@clew/model';
import { formatBase64 } from '../wire/base64.ts';
import { withServiceName } from './encode-messages.ts';
import { groupSpans } from './encode.ts';

/** A JSON object that is being made; `undefined` members are not written. */
type Fields = Readonly<Record<string, unknown>>;

/** Encodes an `ExportTraceServiceRequest` as one line of JSON. Spans are grouped as by `encodeTracesProtobuf`. */
export function encodeTracesJson(spans: readonly Span[]): string {
  return `{"resourceSpans":[${encodeResourceSpansJson(spans).join(',')}]}`;
}

/** The elements of a request's `resourceSpans`, a text each: for a document that is longer than one text may be. */
export function encodeResourceSpansJson(spans: readonly Span[]): string[] {
  return [...groupSpans(spans)].map(([resource, scopes]) =>
    JSON.stringify({
      resource: resourceFields(resource),
      scopeSpans: [...scopes].map(([scope, members]) => ({
        scope: scopeFields(scope),
        spans: members.map(spanFields),
        schemaUrl: text(scope.schemaUrl),
      })),
      schemaUrl: text(resource.schemaUrl),
    }),
  );
}

function resourceFields(resource: Resource): Fields {
  return {
    attributes: list(withServiceName(resource), attributeFields),
    droppedAttributesCount: count(resource.droppedAttributesCount),
  };
}

function scopeFields(scope: Scope): Fields {
  return {
    name: text(scope.name),
    version: text(scope.version),
    attributes: list(scope.attributes, attributeFields),
    droppedAttributesCount: count(scope.droppedAttributesCount),
  };
}

function spanFields(span: Span): Fields {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    traceState: text(span.traceState),
    parentSpanId: span.parentSpanId,
    flags: count(span.flags),
    name: text(span.name),
    kind: count(SPAN_KINDS.indexOf(span.kind)),
    startTimeUnixNano: span.startUnixNano.toString(),
    // The end of a span that outlasts the clock's range is the last moment there is.
    endTimeUnixNano: durationNano(span.startUnixNano + span.durationNano).toString(),
    attributes: list(span.attributes, attributeFields),
    droppedAttributesCount: count(span.droppedAttributesCount),
    events: list(span.events, eventFields),
    droppedEventsCount: count(span.droppedEventsCount),
    links: list(span.links, linkFields),
    droppedLinksCount: count(span.droppedLinksCount),
    status: statusFields(span),
  };
}

function statusFields({ status, statusMessage }: Span): Fields | undefined {
  if (status === 'unset' && statusMessage === '') return undefined;
  return { message: text(statusMessage), code: count(SPAN_STATUSES.indexOf(status)) };
}

function eventFields(event: SpanEvent): Fields {
  return {
    timeUnixNano: event.timeUnixNano === 0n ? undefined : event.timeUnixNano.toString(),
    name: text(event.name),
    attributes: list(event.attributes, attributeFields),
    droppedAttributesCount: count(event.droppedAttributesCount),
  };
}

function linkFields(link: Link): Fields {
  return {
    traceId: link.traceId,
    spanId: link.spanId,
    traceState: text(link.traceState),
    attributes: list(link.attributes, attributeFields),
    droppedAttributesCount: count(link.droppedAttributesCount),
    flags: count(link.flags),
  };
}

function attributeFields({ key, value }: Attribute): Fields {
  return { key: text(key), value: valueFields(value) };
}

/** A value says its type even where it is the default of that. */
function valueFields(value: AttributeValue): Fields {
  switch (value.type) {
    case 'string':
      return { stringValue: value.value };
    case 'bool':
      return { boolValue: value.value };
    case 'int':
      return { intValue: value.value.toString() };
    case 'double':
      return { doubleValue: formatDouble(value.value) };
    case 'array':
      return { arrayValue: { values: list(value.value, valueFields) } };
    case 'map':
      return { kvlistValue: { values: list(value.value, attributeFields) } };
    case 'bytes':
      return { bytesValue: formatBase64(value.value) };
    case 'empty':
      return {};
    default:
      return unreachable(value);
  }
}

/** ProtoJSON has texts for what JSON has no numbers for. JavaScript would also write -0 as 0. */
function formatDouble(value: number): number | string {
  if (Object.is(value, -0)) return '-0';
  return Number.isFinite(value) ? value : String(value);
}

function text(value: string): string | undefined {
  return value === '' ? undefined : value;
}

function count(value: number): number | undefined {
  return value === 0 ? undefined : value;
}

function list<Item>(
  items: readonly Item[],
  toFields: (item: Item) => Fields,
): readonly Fields[] | undefined {
  return items.length === 0 ? undefined : items.map(toFields);
}
