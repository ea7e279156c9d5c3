/**
 * Spans in the shape of Zipkin's v2 JSON: the way back of `to-model.ts`, so that what a sender of Zipkin's sent comes back
 * as it was, and OpenTelemetry's own as its exporters to Zipkin would have written it.
 *
 * https://github.com/openzipkin/zipkin-api/blob/master/zipkin2-api.yaml
 * https://opentelemetry.io/docs/specs/otel/trace/sdk_exporters/zipkin/
 */
import { findAttribute } from '@clew/model';
import type { Attribute, Resource, Span, SpanEvent, SpanKind } from '@clew/model';
import { SANITIZED } from '../otlp/change-log.ts';
import {
  EMPTY_SPAN_NAME,
  MISSING_SERVICE_NAME,
  NO_END_TIME,
  SERVICE_NAME,
} from '../otlp/service-name.ts';
import {
  ANNOTATED_TIMESTAMP,
  NO_DURATION,
  NO_TIMESTAMP,
  START_TIME_ABSENT,
} from './absent-fields.ts';
import { formatTag } from './attribute-text.ts';
import { formatEventText, formatLinkText } from './collector-texts.ts';
import { createEndpoint, findRemoteEndpoint } from './endpoint-json.ts';
import type { ZipkinEndpointJson } from './endpoint-json.ts';
import { LINK_PREFIX } from './sort-tags.ts';

/** A span as JSON has it. What is not known is absent. */
export interface ZipkinSpanJson {
  /** 16 digits where the upper half is zero, else 32. */
  readonly traceId: string;
  readonly parentId: string | undefined;
  readonly id: string;
  readonly kind: 'CLIENT' | 'SERVER' | 'PRODUCER' | 'CONSUMER' | undefined;
  readonly name: string | undefined;
  /** Microseconds since 1970. */
  readonly timestamp: number | undefined;
  /** Microseconds, at least 1. */
  readonly duration: number | undefined;
  readonly localEndpoint: ZipkinEndpointJson | undefined;
  readonly remoteEndpoint: ZipkinEndpointJson | undefined;
  readonly annotations: readonly ZipkinAnnotationJson[] | undefined;
  readonly tags: Readonly<Record<string, string>> | undefined;
  readonly debug: true | undefined;
  readonly shared: true | undefined;
}

export interface ZipkinAnnotationJson {
  /** Microseconds since 1970. */
  readonly timestamp: number;
  readonly value: string;
}

const KINDS: Readonly<Record<SpanKind, ZipkinSpanJson['kind']>> = {
  unspecified: undefined,
  internal: undefined,
  client: 'CLIENT',
  server: 'SERVER',
  producer: 'PRODUCER',
  consumer: 'CONSUMER',
};

/** Translates the spans of one answer, whose resources are looked at once. */
export class ZipkinJsonTranslator {
  readonly #hosts = new Map<Resource, Host>();

  fromModel(span: Span): ZipkinSpanJson {
    const { localEndpoint, tags: hostTags } = this.#findHost(span.resource);
    const remote = findRemoteEndpoint(span);
    const tags = new TagSet(hostTags);
    const marks = tags.addAttributes(span.attributes, remote.usedKeys);
    addStatus(tags, span);
    addRest(tags, span);
    return {
      traceId: formatZipkinTraceId(span.traceId),
      parentId: span.parentSpanId,
      id: span.spanId,
      kind: KINDS[span.kind],
      name: span.name === EMPTY_SPAN_NAME ? undefined : span.name,
      timestamp: marks.hasTimestamp ? toMicros(span.startUnixNano) : undefined,
      duration: marks.hasDuration ? Math.max(1, toMicros(span.durationNano)) : undefined,
      localEndpoint,
      remoteEndpoint: remote.endpoint,
      annotations: span.events.length === 0 ? undefined : span.events.map(toAnnotation),
      tags: tags.finish(),
      debug: marks.isDebug ? true : undefined,
      shared: marks.isShared ? true : undefined,
    };
  }

  #findHost(resource: Resource): Host {
    let host = this.#hosts.get(resource);
    if (host === undefined) {
      host = toHost(resource);
      this.#hosts.set(resource, host);
    }
    return host;
  }
}

/** As Zipkin does: ids of 64 bits, which older senders make, have 16 digits. */
export function formatZipkinTraceId(traceId: string): string {
  return traceId.startsWith('0000000000000000') ? traceId.slice(16) : traceId;
}

/** What all spans of a resource have. */
interface Host {
  readonly localEndpoint: ZipkinEndpointJson | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

function toHost({ service, attributes }: Resource): Host {
  const name = service === MISSING_SERVICE_NAME ? '' : service;
  const address = findAttribute(attributes, 'net.host.ip');
  const port = findAttribute(attributes, 'net.host.port');
  const { endpoint, isAddressUsed, isPortUsed } = createEndpoint(name, address, port);
  const tags = newTags();
  for (const { key, value } of attributes) {
    if (key === SERVICE_NAME) continue;
    if (isAddressUsed && key === 'net.host.ip') continue;
    if (isPortUsed && key === 'net.host.port') continue;
    tags[key] = formatTag(value);
  }
  return { localEndpoint: endpoint, tags };
}

/** What attributes say that Zipkin has a field for. */
interface Marks {
  readonly hasTimestamp: boolean;
  readonly hasDuration: boolean;
  readonly isDebug: boolean;
  readonly isShared: boolean;
}

class TagSet {
  readonly #tags = newTags();
  #isEmpty = true;

  constructor(hostTags: Readonly<Record<string, string>>) {
    for (const key in hostTags) this.set(key, hostTags[key] ?? '');
  }

  set(key: string, text: string): void {
    this.#tags[key] = text;
    this.#isEmpty = false;
  }

  setText(key: string, text: string): void {
    if (text !== '') this.set(key, text);
  }

  setCount(key: string, count: number): void {
    if (count > 0) this.set(key, String(count));
  }

  has(key: string): boolean {
    return key in this.#tags;
  }

  /** Those that have no field: `usedKeys` are in the endpoint. */
  addAttributes(attributes: readonly Attribute[], usedKeys: readonly string[]): Marks {
    const marks = { hasTimestamp: true, hasDuration: true, isDebug: false, isShared: false };
    for (const { key, value } of attributes) {
      const isTrue = value.type === 'bool' && value.value;
      if (key === 'zipkin.debug' && isTrue) marks.isDebug = true;
      else if (key === 'zipkin.shared' && isTrue) marks.isShared = true;
      else if (key === START_TIME_ABSENT && isTrue) marks.hasTimestamp = false;
      else if (key === SANITIZED) marks.hasDuration = this.#addNotes(formatTag(value));
      else if (!usedKeys.includes(key)) this.set(key, formatTag(value));
    }
    return marks;
  }

  finish(): Readonly<Record<string, string>> | undefined {
    return this.#isEmpty ? undefined : this.#tags;
  }

  /** That times were left out is seen in the span itself. Says whether there was a duration. */
  #addNotes(text: string): boolean {
    const notes = text.split('; ');
    const others = notes.filter((note) => !TIMES_ABSENT.has(note));
    this.setText(SANITIZED, others.join('; '));
    return !notes.includes(NO_DURATION);
  }
}

const TIMES_ABSENT: ReadonlySet<string> = new Set([
  NO_TIMESTAMP,
  ANNOTATED_TIMESTAMP,
  NO_DURATION,
  NO_END_TIME,
]);

/**
 * As OpenTelemetry's exporters write it, but that a failed span which no library of its own made and which says no more
 * has `error` = `true`: that is how Zipkin's own senders say it, and such a one it was.
 */
function addStatus(tags: TagSet, { status, statusMessage, scope }: Span): void {
  if (status === 'unset') return;
  if (status === 'ok') {
    tags.set('otel.status_code', 'OK');
    tags.setText('otel.status_description', statusMessage);
    return;
  }
  const isZipkins = scope.name === '' && (tags.has('error') || statusMessage === '');
  if (!isZipkins) tags.set('otel.status_code', 'ERROR');
  if (statusMessage !== '') tags.set('error', statusMessage);
  else if (!tags.has('error')) tags.set('error', isZipkins ? 'true' : '');
}

/** What else OpenTelemetry has and Zipkin has not. */
function addRest(tags: TagSet, span: Span): void {
  if (span.kind === 'internal') tags.set('span.kind', 'internal');
  tags.setText('w3c.tracestate', span.traceState);
  tags.setText('otel.scope.name', span.scope.name);
  tags.setText('otel.scope.version', span.scope.version);
  tags.setCount('otel.dropped_attributes_count', span.droppedAttributesCount);
  tags.setCount('otel.dropped_events_count', span.droppedEventsCount);
  tags.setCount('otel.dropped_links_count', span.droppedLinksCount);
  for (const [i, link] of span.links.entries()) {
    tags.set(`${LINK_PREFIX}${i}`, formatLinkText(link));
  }
}

function toAnnotation(event: SpanEvent): ZipkinAnnotationJson {
  return { timestamp: toMicros(event.timeUnixNano), value: formatEventText(event) };
}

/** Without a prototype, for a tag may be called `__proto__`. */
function newTags(): Record<string, string> {
  return Object.create(null) as Record<string, string>;
}

/** Cut, not rounded. Exact to the year 2255. */
function toMicros(nanos: bigint): number {
  return Number(nanos / 1000n);
}
