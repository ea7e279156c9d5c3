/**
 * Traces in the shape that Jaeger's UI reads (its JSON API, version 1). The shape is lossy: links lose their
 * attributes, and what was dropped by the sender is not told.
 */
import { findAttribute, unreachable } from '@clew/model';
import type {
  Attribute,
  AttributeValue,
  Link,
  Resource,
  Span,
  SpanEvent,
} from '@clew/model';
import type { AdjustedSpan } from './adjust/adjusted-span.ts';
import { formatJaegerTraceId } from './trace-id.ts';

export interface JaegerSpan {
  readonly traceID: string;
  readonly spanID: string;
  /** Absent when 0. */
  readonly flags?: number;
  readonly operationName: string;
  readonly references: readonly JaegerReference[];
  /** Microseconds. */
  readonly startTime: number;
  /** Microseconds. */
  readonly duration: number;
  readonly tags: readonly JaegerTag[];
  readonly logs: readonly JaegerLog[];
  readonly processID: string;
  readonly warnings: readonly string[] | null;
}

export interface JaegerReference {
  readonly refType: 'CHILD_OF' | 'FOLLOWS_FROM';
  readonly traceID: string;
  readonly spanID: string;
}

export interface JaegerTag {
  readonly key: string;
  readonly type: 'string' | 'bool' | 'int64' | 'float64' | 'binary';
  readonly value: string | boolean | number;
}

export interface JaegerLog {
  /** Microseconds. */
  readonly timestamp: number;
  readonly fields: readonly JaegerTag[];
}

export interface JaegerProcess {
  readonly serviceName: string;
  readonly tags: readonly JaegerTag[];
}

/** Makes the spans of one trace, and names its processes `p1`, `p2` … as they are first seen; equal ones are one. */
export class JaegerTraceBuilder {
  readonly #processes = new ProcessTable();

  addSpan({ span, warnings }: AdjustedSpan): JaegerSpan {
    const processId = this.#processes.idOf(span.resource);
    return { ...spanFromModel(span, processId), warnings: warnings.length > 0 ? warnings : null };
  }

  /** Those of the spans so far. */
  get processes(): Readonly<Record<string, JaegerProcess>> {
    return this.#processes.toRecord();
  }
}

class ProcessTable {
  readonly #idByContent = new Map<string, string>();
  readonly #idByResource = new Map<Resource, string>();
  readonly #processes: [string, JaegerProcess][] = [];

  idOf(resource: Resource): string {
    const known = this.#idByResource.get(resource);
    if (known !== undefined) return known;
    const process = processFromModel(resource);
    const content = JSON.stringify(process);
    const id = this.#idByContent.get(content) ?? this.#add(content, process);
    this.#idByResource.set(resource, id);
    return id;
  }

  toRecord(): Readonly<Record<string, JaegerProcess>> {
    return Object.fromEntries(this.#processes);
  }

  #add(content: string, process: JaegerProcess): string {
    const id = `p${this.#processes.length + 1}`;
    this.#idByContent.set(content, id);
    this.#processes.push([id, process]);
    return id;
  }
}

function processFromModel({ service, attributes }: Resource): JaegerProcess {
  const others = attributes.filter(({ key }) => key !== 'service.name');
  return { serviceName: service, tags: others.map(tagFromModel) };
}

function spanFromModel(span: Span, processID: string): Omit<JaegerSpan, 'warnings'> {
  // W3C's sampled bit is Jaeger's; the others mean other things there.
  const flags = span.flags & 1;
  return {
    traceID: formatJaegerTraceId(span.traceId),
    spanID: span.spanId,
    ...(flags === 0 ? {} : { flags }),
    operationName: span.name,
    references: referencesFromModel(span),
    startTime: toMicros(span.startUnixNano),
    duration: toMicros(span.durationNano),
    tags: tagsFromModel(span),
    logs: span.events.map(logFromModel),
    processID,
  };
}

function referencesFromModel({ traceId, parentSpanId, links }: Span): JaegerReference[] {
  const parents: JaegerReference[] =
    parentSpanId === undefined
      ? []
      : [{ refType: 'CHILD_OF', traceID: formatJaegerTraceId(traceId), spanID: parentSpanId }];
  return [...parents, ...links.map(referenceFromLink)];
}

function referenceFromLink({ traceId, spanId, attributes }: Link): JaegerReference {
  const type = findAttribute(attributes, 'opentracing.ref_type');
  const isChild = type?.type === 'string' && type.value === 'child_of';
  return {
    refType: isChild ? 'CHILD_OF' : 'FOLLOWS_FROM',
    traceID: formatJaegerTraceId(traceId),
    spanID: spanId,
  };
}

/** The order is Jaeger's own: scope, attributes, kind, status, trace state. */
function tagsFromModel({ scope, attributes, kind, status, ...span }: Span): JaegerTag[] {
  const { statusMessage, traceState } = span;
  return [
    ...textTag('otel.scope.name', scope.name),
    ...textTag('otel.scope.version', scope.version),
    ...attributes.map(tagFromModel),
    ...textTag('span.kind', kind === 'unspecified' ? '' : kind),
    ...textTag('otel.status_code', status === 'unset' ? '' : status.toUpperCase()),
    ...(status === 'error' ? [{ key: 'error', type: 'bool' as const, value: true }] : []),
    ...textTag('otel.status_description', statusMessage),
    ...textTag('w3c.tracestate', traceState),
  ];
}

function textTag(key: string, value: string): JaegerTag[] {
  return value === '' ? [] : [{ key, type: 'string', value }];
}

function logFromModel({ timeUnixNano, name, attributes }: SpanEvent): JaegerLog {
  const named = findAttribute(attributes, 'event') === undefined ? textTag('event', name) : [];
  return { timestamp: toMicros(timeUnixNano), fields: [...named, ...attributes.map(tagFromModel)] };
}

function tagFromModel({ key, value }: Attribute): JaegerTag {
  switch (value.type) {
    case 'string':
      return { key, type: 'string', value: value.value };
    case 'bool':
      return { key, type: 'bool', value: value.value };
    case 'int':
      return { key, type: 'int64', value: intFromModel(value.value) };
    case 'double':
      return {
        key,
        type: 'float64',
        value: Number.isFinite(value.value) ? value.value : String(value.value),
      };
    case 'bytes':
      return { key, type: 'binary', value: Buffer.from(value.value).toString('base64') };
    case 'empty':
      return { key, type: 'string', value: '' };
    case 'array':
    case 'map':
      return { key, type: 'string', value: JSON.stringify(plainValue(value)) };
    default:
      return unreachable(value);
  }
}

/** A number while JavaScript's clients can read it exactly, digits beyond. */
function intFromModel(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

/** An array or a map as the JSON that people would write. */
function plainValue(value: AttributeValue): unknown {
  switch (value.type) {
    case 'empty':
      return null;
    case 'int':
      return intFromModel(value.value);
    case 'double':
      return Number.isFinite(value.value) ? value.value : String(value.value);
    case 'bytes':
      return Buffer.from(value.value).toString('base64');
    case 'array':
      return value.value.map(plainValue);
    case 'map':
      return Object.fromEntries(value.value.map(({ key, value }) => [key, plainValue(value)]));
    case 'string':
    case 'bool':
      return value.value;
    default:
      return unreachable(value);
  }
}

/** Cut, not rounded. Exact to the year 2255. */
function toMicros(nanos: bigint): number {
  return Number(nanos / 1000n);
}
