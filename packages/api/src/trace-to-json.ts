/** From the model to the API's JSON. */
import { unreachable } from '@clew/model';
import type {
  Attribute,
  AttributeValue,
  Link,
  Resource,
  Scope,
  Span,
  SpanEvent,
  Trace,
} from '@clew/model';
import type {
  AttributeJson,
  AttributeValueJson,
  LinkJson,
  ResourceJson,
  ScopeJson,
  SpanEventJson,
  SpanJson,
  TraceJson,
} from './trace-json.ts';

/** A trace as the API shows it: resources and scopes once, 64-bit numbers as decimal strings, bytes as base64. */
export function traceToJson({ traceId, spans }: Trace): TraceJson {
  const resources = new NumberedSet<Resource>();
  const scopes = new NumberedSet<Scope>();
  return {
    traceId,
    spans: spans.map((span) =>
      spanToJson(span, resources.numberOf(span.resource), scopes.numberOf(span.scope)),
    ),
    resources: resources.values.map(resourceToJson),
    scopes: scopes.values.map(scopeToJson),
  };
}

/** Numbers things by identity in the order they are first seen. */
export class NumberedSet<Item> {
  readonly values: Item[] = [];
  readonly #numbers = new Map<Item, number>();

  numberOf(item: Item): number {
    const known = this.#numbers.get(item);
    if (known !== undefined) return known;
    this.#numbers.set(item, this.values.length);
    return this.values.push(item) - 1;
  }
}

/** `resource` and `scope` are their places in the trace's lists. */
export function spanToJson(span: Span, resource: number, scope: number): SpanJson {
  return {
    spanId: span.spanId,
    ...(span.parentSpanId === undefined ? {} : { parentSpanId: span.parentSpanId }),
    traceState: span.traceState,
    flags: span.flags,
    name: span.name,
    kind: span.kind,
    startUnixNano: span.startUnixNano.toString(),
    durationNano: span.durationNano.toString(),
    status: span.status,
    statusMessage: span.statusMessage,
    attributes: span.attributes.map(attributeToJson),
    droppedAttributesCount: span.droppedAttributesCount,
    events: span.events.map(eventToJson),
    droppedEventsCount: span.droppedEventsCount,
    links: span.links.map(linkToJson),
    droppedLinksCount: span.droppedLinksCount,
    resource,
    scope,
  };
}

function eventToJson(event: SpanEvent): SpanEventJson {
  return {
    timeUnixNano: event.timeUnixNano.toString(),
    name: event.name,
    attributes: event.attributes.map(attributeToJson),
    droppedAttributesCount: event.droppedAttributesCount,
  };
}

function linkToJson(link: Link): LinkJson {
  return { ...link, attributes: link.attributes.map(attributeToJson) };
}

export function resourceToJson(resource: Resource): ResourceJson {
  return { ...resource, attributes: resource.attributes.map(attributeToJson) };
}

export function scopeToJson(scope: Scope): ScopeJson {
  return { ...scope, attributes: scope.attributes.map(attributeToJson) };
}

export function attributeToJson({ key, value }: Attribute): AttributeJson {
  return { key, value: attributeValueToJson(value) };
}

/** A value with its type; what JSON has no numbers for as text. */
export function attributeValueToJson(value: AttributeValue): AttributeValueJson {
  switch (value.type) {
    case 'int':
      return { type: 'int', value: value.value.toString() };
    case 'double':
      return {
        type: 'double',
        value: Number.isFinite(value.value) ? value.value : String(value.value),
      };
    case 'bytes':
      return { type: 'bytes', value: toBase64(value.value) };
    case 'array':
      return { type: 'array', value: value.value.map(attributeValueToJson) };
    case 'map':
      return { type: 'map', value: value.value.map(attributeToJson) };
    case 'string':
    case 'bool':
    case 'empty':
      return value;
    default:
      return unreachable(value);
  }
}

/** Some thousand bytes at a time, because they become arguments. */
const BASE64_STEP = 8190;

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += BASE64_STEP) {
    text += btoa(String.fromCharCode(...bytes.subarray(at, at + BASE64_STEP)));
  }
  return text;
}
