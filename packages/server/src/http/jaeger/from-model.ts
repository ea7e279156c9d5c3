/**
 * Traces in the shape that Jaeger's UI reads (its JSON API, version 1). The shape is lossy: links lose their
 * attributes, and what was dropped by the sender is not told.
 */
import { unreachable } from '@clew/model';
import type { Attribute, Resource, SpanEvent } from '@clew/model';
import {
  jaegerFlagsOf,
  jaegerIntOf,
  jaegerLogFieldsOf,
  jaegerProcessTagsOf,
  jaegerReferencesOf,
  jaegerTagsOf,
  jaegerTextOf,
} from '@clew/protocol';
import type { JaegerReference as ModelReference } from '@clew/protocol';
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

  addSpan(adjusted: AdjustedSpan): JaegerSpan {
    return spanFromModel(adjusted, this.#processes.idOf(adjusted.span.resource));
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

function processFromModel(resource: Resource): JaegerProcess {
  const tags = jaegerProcessTagsOf(resource).map(tagFromModel);
  return { serviceName: resource.service, tags };
}

function spanFromModel({ span, warnings }: AdjustedSpan, processID: string): JaegerSpan {
  const flags = jaegerFlagsOf(span);
  return {
    traceID: formatJaegerTraceId(span.traceId),
    spanID: span.spanId,
    ...(flags === 0 ? {} : { flags }),
    operationName: span.name,
    references: jaegerReferencesOf(span).map(referenceFromModel),
    startTime: toMicros(span.startUnixNano),
    duration: toMicros(span.durationNano),
    tags: jaegerTagsOf(span).map(tagFromModel),
    logs: span.events.map(logFromModel),
    processID,
    warnings: warnings.length > 0 ? warnings : null,
  };
}

function referenceFromModel({ type, traceId, spanId }: ModelReference): JaegerReference {
  return {
    refType: type === 'child_of' ? 'CHILD_OF' : 'FOLLOWS_FROM',
    traceID: formatJaegerTraceId(traceId),
    spanID: spanId,
  };
}

function logFromModel(event: SpanEvent): JaegerLog {
  const fields = jaegerLogFieldsOf(event).map(tagFromModel);
  return { timestamp: toMicros(event.timeUnixNano), fields };
}

function tagFromModel({ key, value }: Attribute): JaegerTag {
  switch (value.type) {
    case 'string':
      return { key, type: 'string', value: value.value };
    case 'bool':
      return { key, type: 'bool', value: value.value };
    case 'int':
      return { key, type: 'int64', value: jaegerIntOf(value.value) };
    case 'double': {
      const isNumber = Number.isFinite(value.value);
      return { key, type: 'float64', value: isNumber ? value.value : String(value.value) };
    }
    case 'bytes':
      return { key, type: 'binary', value: Buffer.from(value.value).toString('base64') };
    case 'empty':
    case 'array':
    case 'map':
      return { key, type: 'string', value: jaegerTextOf(value) };
    default:
      return unreachable(value);
  }
}

/** Cut, not rounded. Exact to the year 2255. */
function toMicros(nanos: bigint): number {
  return Number(nanos / 1000n);
}
