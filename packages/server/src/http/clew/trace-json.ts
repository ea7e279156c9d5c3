import type {
  AttributeJson,
  AttributeValueJson,
  LinkJson,
  ResourceJson,
  ScopeJson,
  SpanEventJson,
  SpanJson,
  TraceJson,
} from '@clew/api';
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
  TraceId,
} from '@clew/model';

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

/** Spans that are written together: a text of some hundred kilobytes. */
const SPANS_PER_PIECE = 500;

/** The same, piece by piece, of a trace whose spans come some at a time. */
export async function* traceJsonPieces(
  traceId: TraceId,
  chunks: AsyncIterable<readonly Span[]>,
): AsyncGenerator<string> {
  const writer = new TraceJsonWriter(traceId);
  for await (const spans of chunks) yield* writer.write(spans);
  yield `${writer.end()}\n`;
}

/** Traces, one after the other, in the form of `TracesResponse`. Spans of one trace come at a time. */
export async function* tracesJsonPieces(
  chunks: AsyncIterable<readonly Span[]>,
): AsyncGenerator<string> {
  yield '{"traces":[';
  let writer: TraceJsonWriter | undefined;
  for await (const spans of chunks) {
    const traceId = spans[0]?.traceId;
    if (traceId === undefined) continue;
    if (writer?.traceId !== traceId) {
      if (writer !== undefined) yield `${writer.end()},`;
      writer = new TraceJsonWriter(traceId);
    }
    yield* writer.write(spans);
  }
  yield `${writer?.end() ?? ''}]}\n`;
}

/** Writes one trace, whose spans come some at a time. */
class TraceJsonWriter {
  readonly traceId: TraceId;
  readonly #resources = new NumberedSet<Resource>();
  readonly #scopes = new NumberedSet<Scope>();
  #before: string;

  constructor(traceId: TraceId) {
    this.traceId = traceId;
    this.#before = `{"traceId":${JSON.stringify(traceId)},"spans":[`;
  }

  *write(spans: readonly Span[]): Generator<string> {
    for (let at = 0; at < spans.length; at += SPANS_PER_PIECE) {
      const json = spans.slice(at, at + SPANS_PER_PIECE).map((span) => this.#toJson(span));
      yield `${this.#before}${JSON.stringify(json).slice(1, -1)}`;
      this.#before = ',';
    }
  }

  end(): string {
    const resources = JSON.stringify(this.#resources.values.map(resourceToJson));
    const scopes = JSON.stringify(this.#scopes.values.map(scopeToJson));
    return `],"resources":${resources},"scopes":${scopes}}`;
  }

  #toJson(span: Span): SpanJson {
    return spanToJson(
      span,
      this.#resources.numberOf(span.resource),
      this.#scopes.numberOf(span.scope),
    );
  }
}

/** Numbers things by identity in the order they are first seen. */
class NumberedSet<Item> {
  readonly values: Item[] = [];
  readonly #numbers = new Map<Item, number>();

  numberOf(item: Item): number {
    const known = this.#numbers.get(item);
    if (known !== undefined) return known;
    this.#numbers.set(item, this.values.length);
    return this.values.push(item) - 1;
  }
}

function spanToJson(span: Span, resource: number, scope: number): SpanJson {
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

function resourceToJson(resource: Resource): ResourceJson {
  return { ...resource, attributes: resource.attributes.map(attributeToJson) };
}

function scopeToJson(scope: Scope): ScopeJson {
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
      return { type: 'bytes', value: Buffer.from(value.value).toString('base64') };
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
