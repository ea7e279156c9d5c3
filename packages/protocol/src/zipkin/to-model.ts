/**
 * Zipkin's spans as OpenTelemetry's: the published translation, as the Collector and the specification have it.
 *
 * | Zipkin | OpenTelemetry |
 * |---|---|
 * | localEndpoint | resource: service.name, net.host.ip, net.host.port |
 * | remoteEndpoint | attributes: peer.service, net.peer.ip, net.peer.port |
 * | timestamp, duration | start and duration |
 * | annotations | events |
 * | tags | attributes of the resource and of the span, scope, status, trace state, links |
 * | debug, shared | attributes zipkin.debug, zipkin.shared |
 *
 * https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/pkg/translator/zipkin
 * https://opentelemetry.io/docs/specs/otel/trace/sdk_exporters/zipkin/
 */
import { durationNano, findAttribute, unixNano } from '@clew/model';
import type {
  Attribute,
  AttributeValue,
  Link,
  Resource,
  Scope,
  Span,
  SpanEvent,
  SpanKind,
} from '@clew/model';
import { SANITIZED } from '../otlp/change-log.ts';
import { MISSING_SERVICE_NAME, SERVICE_NAME } from '../otlp/service-name.ts';
import {
  ANNOTATED_TIMESTAMP,
  NO_DURATION,
  NO_TIMESTAMP,
  START_TIME_ABSENT,
} from './absent-fields.ts';
import { parseEventText, parseLinkText } from './collector-texts.ts';
import { formatScalar } from './format-scalar.ts';
import { SortedTags } from './sort-tags.ts';
import type { ZipkinAnnotation, ZipkinSpan } from './zipkin-span.ts';

/** A span has as many as this of links in tags at most, in the Collector too. */
const MAX_LINKS = 128;

/** Of what a sender did wrong, the first few say enough. */
const MAX_CHANGES = 10;

const MAX_UINT64 = (1n << 64n) - 1n;

const NO_SCOPE: Scope = {
  name: '',
  version: '',
  attributes: [],
  droppedAttributesCount: 0,
  schemaUrl: '',
};

/** Translates the spans of one request, which share their resources and scopes. */
export class ZipkinTranslator {
  readonly #resources = new Map<string, Resource>();
  readonly #scopes = new Map<string, Scope>();

  toModel(span: ZipkinSpan): Span {
    const tags = new SortedTags(span.tags);
    const changes = [...new Set(span.changes)].slice(0, MAX_CHANGES);
    const times = readTimes(span, changes);
    const kind = span.kind === 'unspecified' ? readKind(tags) : span.kind;
    const scope = this.#findScope(tags);
    const resource = this.#findResource(span, tags);
    const parentSpanId = span.parentSpanId === span.spanId ? undefined : span.parentSpanId;
    if (parentSpanId !== span.parentSpanId) changes.push('parent span id is its own: left out');
    const traceState = tags.take('w3c.tracestate') ?? '';
    const { status, statusMessage } = tags.takeStatus();
    const links = readLinks(tags);
    const dropped = {
      attributes: tags.takeCount('otel.dropped_attributes_count'),
      events: tags.takeCount('otel.dropped_events_count'),
      links: tags.takeCount('otel.dropped_links_count'),
    };
    addAttributes(tags, span, changes);
    // Spread objects would make this literal twenty times as slow.
    return {
      traceId: span.traceId,
      spanId: span.spanId,
      parentSpanId,
      traceState,
      flags: 0,
      name: span.name,
      kind,
      startUnixNano: times.startUnixNano,
      durationNano: times.durationNano,
      status,
      statusMessage,
      attributes: tags.finish(),
      droppedAttributesCount: dropped.attributes + span.droppedTagsCount,
      events: span.annotations.map((annotation) => toEvent(annotation, times.startUnixNano)),
      droppedEventsCount: dropped.events + span.droppedAnnotationsCount,
      links,
      droppedLinksCount: dropped.links,
      resource,
      scope,
    };
  }

  /** The name of the service may have been another attribute before, which the Collector's exporter then notes. */
  #findResource({ localEndpoint }: ZipkinSpan, tags: SortedTags): Resource {
    const attributes: Attribute[] = [];
    const source = tags.take('otlp.service.name.source') ?? '';
    if (localEndpoint !== undefined) {
      const { serviceName, ip, port } = localEndpoint;
      if (serviceName !== '' && findAttribute(tags.resource, SERVICE_NAME) === undefined) {
        attributes.push({ key: SERVICE_NAME, value: textValue(serviceName) });
      }
      if (serviceName !== '' && source !== '' && source !== SERVICE_NAME) {
        attributes.push({ key: source, value: textValue(serviceName) });
      }
      if (ip !== '') attributes.push({ key: 'net.host.ip', value: textValue(ip) });
      if (port > 0) attributes.push({ key: 'net.host.port', value: intValue(port) });
    }
    for (const tag of tags.resource) attributes.push(tag);
    const key = keyOf(attributes);
    let resource = this.#resources.get(key);
    if (resource === undefined) {
      const name = findAttribute(attributes, SERVICE_NAME);
      resource = {
        service: name?.type === 'string' ? name.value : MISSING_SERVICE_NAME,
        attributes,
        droppedAttributesCount: 0,
        schemaUrl: '',
      };
      this.#resources.set(key, resource);
    }
    return resource;
  }

  #findScope(tags: SortedTags): Scope {
    const name = tags.takeEither('otel.scope.name', 'otel.library.name');
    const version = tags.takeEither('otel.scope.version', 'otel.library.version');
    if (name === '' && version === '') return NO_SCOPE;
    const key = JSON.stringify([name, version]);
    let scope = this.#scopes.get(key);
    if (scope === undefined) {
      scope = { name, version, attributes: [], droppedAttributesCount: 0, schemaUrl: '' };
      this.#scopes.set(key, scope);
    }
    return scope;
  }
}

/** Only a span inside a service has no kind of its own in Zipkin. */
function readKind(tags: SortedTags): SpanKind {
  return tags.take('span.kind') === 'internal' ? 'internal' : 'unspecified';
}

function readTimes(
  { startNano, durationNano: duration, annotations }: ZipkinSpan,
  changes: string[],
): Pick<Span, 'startUnixNano' | 'durationNano'> {
  const start = isPresent(startNano) ? startNano : findFirstTime(annotations);
  if (!isPresent(startNano)) {
    changes.push(start === undefined ? NO_TIMESTAMP : ANNOTATED_TIMESTAMP);
  }
  if (duration === undefined) changes.push(NO_DURATION);
  return {
    startUnixNano: unixNano(bound(start ?? 0n, 'timestamp', changes)),
    durationNano: durationNano(bound(duration ?? 0n, 'duration', changes)),
  };
}

/** 0 is no moment to Zipkin: it stands for a timestamp that is left out. */
function isPresent(nano: bigint | undefined): nano is bigint {
  return nano !== undefined && nano !== 0n;
}

function findFirstTime(annotations: readonly ZipkinAnnotation[]): bigint | undefined {
  let first: bigint | undefined;
  for (const { timeNano } of annotations) {
    if (isPresent(timeNano) && (first === undefined || timeNano < first)) first = timeNano;
  }
  return first;
}

function bound(nano: bigint, what: string, changes: string[]): bigint {
  if (nano < 0n) {
    changes.push(`${what} ${nano / 1000n} is negative: set to 0`);
    return 0n;
  }
  if (nano <= MAX_UINT64) return nano;
  changes.push(`${what} is past the year 2554: set to the last moment there is`);
  return MAX_UINT64;
}

function toEvent({ timeNano, value }: ZipkinAnnotation, startUnixNano: bigint): SpanEvent {
  const { name, attributes, droppedAttributesCount } = parseEventText(value);
  const timeUnixNano = unixNano(timeNano ?? startUnixNano);
  return { timeUnixNano, name, attributes, droppedAttributesCount };
}

/** Links are numbered from 0; a tag that is none stays an attribute. */
function readLinks(tags: SortedTags): Link[] {
  const links: Link[] = [];
  for (const { key, value } of tags.links) {
    const isFull = links.length === MAX_LINKS || value.type !== 'string';
    const link = isFull ? undefined : parseLinkText(value.value);
    if (link === undefined) tags.add(key, value);
    else links.push(link);
  }
  return links;
}

/** Adds what the span says in fields of Zipkin's own. A tag says more about the service behind than an endpoint does. */
function addAttributes(tags: SortedTags, span: ZipkinSpan, changes: readonly string[]): void {
  if (span.remoteEndpoint !== undefined) {
    const { serviceName, ip, port } = span.remoteEndpoint;
    if (serviceName !== '' && !tags.has('peer.service')) {
      tags.add('peer.service', textValue(serviceName));
    }
    if (ip !== '') tags.replace('net.peer.ip', textValue(ip));
    if (port > 0) tags.replace('net.peer.port', intValue(port));
  }
  if (span.debug) tags.add('zipkin.debug', { type: 'bool', value: true });
  if (span.shared) tags.add('zipkin.shared', { type: 'bool', value: true });
  if (!isPresent(span.startNano)) tags.add(START_TIME_ABSENT, { type: 'bool', value: true });
  if (changes.length > 0) tags.add(SANITIZED, textValue(changes.join('; ')));
}

/** The same for the same attributes. */
function keyOf(attributes: readonly Attribute[]): string {
  const parts: string[] = [];
  for (const { key, value } of attributes) parts.push(key, value.type, formatScalar(value) ?? '');
  return JSON.stringify(parts);
}

function textValue(value: string): AttributeValue {
  return { type: 'string', value };
}

function intValue(value: number): AttributeValue {
  return { type: 'int', value: BigInt(value) };
}
