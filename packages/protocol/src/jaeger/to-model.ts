/**
 * What Jaeger's spans mean in OpenTelemetry's terms. The rules are those that OpenTelemetry publishes and its Collector
 * follows; where this reads more than they ask for, it says so.
 *
 * https://opentelemetry.io/docs/specs/otel/trace/sdk_exporters/jaeger/
 * https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/pkg/translator/jaeger
 */
import { SPAN_KINDS, durationNano, unixNano } from '@clew/model';
import type {
  Attribute,
  Resource,
  Scope,
  Span,
  SpanEvent,
  SpanId,
  SpanKind,
  TraceId,
  UnixNano,
} from '@clew/model';
import type { JaegerLog, JaegerProcess, JaegerSpan } from './message.ts';
import { findParentSpanId, linksToModel } from './references.ts';
import { STATUS_TAGS, takeStatus } from './status.ts';
import { TagList } from './tag-list.ts';

const SPAN_TAGS = new Set([
  'span.kind',
  'w3c.tracestate',
  'otel.scope.name',
  'otel.scope.version',
  'otel.library.name',
  'otel.library.version',
  ...STATUS_TAGS,
]);
const PROCESS_TAGS = new Set([
  'hostname',
  'host.name',
  'jaeger.version',
  'opencensus.exporterversion',
]);
const LOG_FIELDS = new Set(['event', 'message']);

/** Makes spans of the model. Spans of one process share one resource, those of one library one scope. */
export class JaegerMapper {
  readonly #resources = new Map<JaegerProcess, Resource>();
  readonly #scopes = new Map<string, Scope>();

  toModel(span: JaegerSpan, process: JaegerProcess): Span {
    const tags = new TagList(span.tags, SPAN_TAGS);
    const changes = [...span.changes];
    const scope = this.#takeScope(tags);
    const kind = takeKind(tags);
    const { status, statusMessage } = takeStatus(tags, kind);
    const traceState = tags.takeText('w3c.tracestate') ?? '';
    const parentSpanId = findParentSpanId(span);
    const { links, droppedLinksCount } = linksToModel(span.references, parentSpanId);
    const startUnixNano = toTime(span.startNanos, 'start time', changes);
    const duration = toDuration(span, startUnixNano, changes);
    const events = span.logs.map((log) => eventToModel(log, changes));
    return {
      // Zero, and ids of another length, are refused where all spans are checked; until then they are only digits.
      traceId: span.traceId as TraceId,
      spanId: span.spanId as SpanId,
      parentSpanId: parentSpanId as SpanId | undefined,
      traceState,
      // Jaeger's sampled bit is W3C's; debug and firehose have no counterpart there.
      flags: span.flags & 1,
      name: span.operationName,
      kind,
      startUnixNano,
      durationNano: duration,
      status,
      statusMessage,
      attributes: withChanges(tags.rest, changes),
      droppedAttributesCount: span.droppedTagsCount,
      events,
      droppedEventsCount: span.droppedLogsCount,
      links,
      droppedLinksCount: droppedLinksCount + span.droppedReferencesCount,
      resource: this.#resourceOf(process),
      scope,
    };
  }

  #resourceOf(process: JaegerProcess): Resource {
    let resource = this.#resources.get(process);
    if (resource === undefined) {
      this.#resources.set(process, (resource = resourceToModel(process)));
    }
    return resource;
  }

  /** Older exporters call a scope a library. A version without a name stays a tag. */
  #takeScope(tags: TagList): Scope {
    const name = tags.takeText('otel.scope.name') ?? tags.takeText('otel.library.name');
    if (name === undefined) return this.#scopeOf('', '');
    const version = tags.takeText('otel.scope.version') ?? tags.takeText('otel.library.version');
    return this.#scopeOf(name, version ?? '');
  }

  #scopeOf(name: string, version: string): Scope {
    const key = `${name}\0${version}`;
    let scope = this.#scopes.get(key);
    if (scope === undefined) {
      scope = { name, version, attributes: [], droppedAttributesCount: 0, schemaUrl: '' };
      this.#scopes.set(key, scope);
    }
    return scope;
  }
}

/** What OpenTelemetry's exporters wrote for a resource without a name. */
const NO_SERVICE_NAME = 'OTLPResourceNoServiceName';

function resourceToModel({ serviceName, tags, droppedTagsCount }: JaegerProcess): Resource {
  const list = new TagList(tags, PROCESS_TAGS);
  list.rename('hostname', 'host.name');
  const version = list.find('opencensus.exporterversion')
    ? undefined
    : list.takeText('jaeger.version');
  const service: Attribute[] =
    serviceName === NO_SERVICE_NAME || serviceName === ''
      ? []
      : [{ key: 'service.name', value: { type: 'string', value: serviceName } }];
  const client: Attribute[] =
    version === undefined
      ? []
      : [
          {
            key: 'opencensus.exporterversion',
            value: { type: 'string', value: `Jaeger-${version}` },
          },
        ];
  return {
    service: serviceName === NO_SERVICE_NAME ? '' : serviceName,
    attributes: [...service, ...list.rest, ...client],
    droppedAttributesCount: droppedTagsCount,
    schemaUrl: '',
  };
}

/** Jaeger's words for kinds are OpenTelemetry's, but for the one that says nothing. */
const KINDS: readonly SpanKind[] = SPAN_KINDS.filter((kind) => kind !== 'unspecified');

/** A kind that does not exist stays a tag. */
function takeKind(tags: TagList): SpanKind {
  const text = tags.findText('span.kind');
  const kind = KINDS.find((kind) => kind === text);
  if (kind === undefined) return 'unspecified';
  tags.remove('span.kind');
  return kind;
}

/** A log without an `event` is named by its `message`, which stays a field: OpenTracing has both. */
function eventToModel(log: JaegerLog, changes: string[]): SpanEvent {
  const fields = new TagList(log.fields, LOG_FIELDS);
  return {
    timeUnixNano: toTime(log.timeNanos, 'time of a log', changes),
    name: fields.takeText('event') ?? fields.findText('message') ?? '',
    attributes: fields.rest,
    droppedAttributesCount: log.droppedFieldsCount,
  };
}

function toTime(nanos: bigint, what: string, changes: string[]): UnixNano {
  const time = unixNano(nanos);
  if (time !== nanos) changes.push(`${what} is ${nanos} ns: set to ${time} ns`);
  return time;
}

function toDuration(
  { durationNanos }: JaegerSpan,
  start: UnixNano,
  changes: string[],
): Span['durationNano'] {
  // The end has to fit into 64 bits as well.
  const duration = durationNano(unixNano(start + durationNano(durationNanos)) - start);
  if (duration !== durationNanos) {
    changes.push(`duration is ${durationNanos} ns: set to ${duration} ns`);
  }
  return duration;
}

function withChanges(tags: readonly Attribute[], changes: readonly string[]): readonly Attribute[] {
  if (changes.length === 0) return tags;
  return [...tags, { key: 'clew.sanitized', value: { type: 'string', value: changes.join('; ') } }];
}
