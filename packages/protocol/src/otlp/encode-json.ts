/**
 * OTLP/JSON, written: ProtoJSON, except that ids are hexadecimal and enums are numbers. 64-bit integers are strings and
 * bytes are base64; a field that has its default is left out, as the protobuf encoder does.
 *
 * https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 */
import { SPAN_KINDS, SPAN_STATUSES, durationNano, unreachable, writeHex } from '@clew/model';
import type {
  Attribute,
  AttributeValue,
  Link,
  Resource,
  Scope,
  Span,
  SpanEvent,
  SpanKind,
  SpanStatus,
} from '@clew/model';
import { formatBase64 } from '../wire/base64.ts';
import { withServiceName } from './encode-messages.ts';
import { groupSpans } from './encode.ts';

/** A JSON object that is being made; `undefined` members are not written. */
type Fields = Readonly<Record<string, unknown>>;

/** What OTLP/JSON writes in its own way. */
interface SpanForm {
  readonly id: (hex: string) => string;
  readonly kind: (kind: SpanKind) => string | number;
  readonly status: (status: SpanStatus) => string | number;
}

const OTLP_FORM: SpanForm = {
  id: (hex) => hex,
  kind: (kind) => SPAN_KINDS.indexOf(kind),
  status: (status) => SPAN_STATUSES.indexOf(status),
};

/** As ProtoJSON writes any message: ids are bytes like others, enums go by their names. */
const PROTO_FORM: SpanForm = {
  id: (hex) => formatBase64(toBytes(hex)),
  kind: (kind) => `SPAN_KIND_${kind.toUpperCase()}`,
  status: (status) => `STATUS_CODE_${status.toUpperCase()}`,
};

/** Encodes an `ExportTraceServiceRequest` as one line of JSON. Spans are grouped as by `encodeTracesProtobuf`. */
export function encodeTracesJson(spans: readonly Span[]): string {
  return `{"resourceSpans":[${encodeResourceSpansJson(spans).join(',')}]}`;
}

/** The elements of a request's `resourceSpans`, a text each: for a document that is longer than one text may be. */
export function encodeResourceSpansJson(spans: readonly Span[]): string[] {
  return encodeGroups(spans, OTLP_FORM);
}

/** The same as plain ProtoJSON, which has ids in base64 and enums by their names. */
export function encodeResourceSpansProtoJson(spans: readonly Span[]): string[] {
  return encodeGroups(spans, PROTO_FORM);
}

function encodeGroups(spans: readonly Span[], form: SpanForm): string[] {
  return [...groupSpans(spans)].map(([resource, scopes]) =>
    JSON.stringify({
      resource: resourceFields(resource),
      scopeSpans: [...scopes].map(([scope, members]) => ({
        scope: scopeFields(scope),
        spans: members.map((span) => spanFields(span, form)),
        schemaUrl: text(scope.schemaUrl),
      })),
      schemaUrl: text(resource.schemaUrl),
    }),
  );
}

function toBytes(hex: string): Uint8Array {
  const bytes = new Uint8Array(hex.length / 2);
  writeHex(hex, bytes, 0);
  return bytes;
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

function spanFields(span: Span, form: SpanForm): Fields {
  return {
    traceId: form.id(span.traceId),
    spanId: form.id(span.spanId),
    traceState: text(span.traceState),
    parentSpanId: span.parentSpanId === undefined ? undefined : form.id(span.parentSpanId),
    flags: count(span.flags),
    name: text(span.name),
    kind: span.kind === 'unspecified' ? undefined : form.kind(span.kind),
    startTimeUnixNano: span.startUnixNano.toString(),
    // The end of a span that outlasts the clock's range is the last moment there is.
    endTimeUnixNano: durationNano(span.startUnixNano + span.durationNano).toString(),
    attributes: list(span.attributes, attributeFields),
    droppedAttributesCount: count(span.droppedAttributesCount),
    events: list(span.events, eventFields),
    droppedEventsCount: count(span.droppedEventsCount),
    links: list(span.links, (link) => linkFields(link, form)),
    droppedLinksCount: count(span.droppedLinksCount),
    status: statusFields(span, form),
  };
}

function statusFields({ status, statusMessage }: Span, form: SpanForm): Fields | undefined {
  if (status === 'unset' && statusMessage === '') return undefined;
  const code = status === 'unset' ? undefined : form.status(status);
  return { message: text(statusMessage), code };
}

function eventFields(event: SpanEvent): Fields {
  return {
    timeUnixNano: event.timeUnixNano === 0n ? undefined : event.timeUnixNano.toString(),
    name: text(event.name),
    attributes: list(event.attributes, attributeFields),
    droppedAttributesCount: count(event.droppedAttributesCount),
  };
}

function linkFields(link: Link, form: SpanForm): Fields {
  return {
    traceId: form.id(link.traceId),
    spanId: form.id(link.spanId),
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
