import type { Attribute } from './attributes.ts';
import type { SpanId, TraceId } from './ids.ts';
import type { DurationNano, UnixNano } from './time.ts';

/** OpenTelemetry's span kinds, in the order of their numbers on the wire (0 to 5). */
export const SPAN_KINDS = [
  'unspecified',
  'internal',
  'server',
  'client',
  'producer',
  'consumer',
] as const;
export type SpanKind = (typeof SPAN_KINDS)[number];

/** OpenTelemetry's status codes, in the order of their numbers on the wire (0 to 2). */
export const SPAN_STATUSES = ['unset', 'ok', 'error'] as const;
export type SpanStatus = (typeof SPAN_STATUSES)[number];

/** Who produced spans: a process, a pod, a function. `service` is its `service.name`. */
export interface Resource {
  readonly service: string;
  readonly attributes: readonly Attribute[];
  readonly droppedAttributesCount: number;
  readonly schemaUrl: string;
}

/** The instrumentation scope: which library made the spans. */
export interface Scope {
  readonly name: string;
  readonly version: string;
  readonly attributes: readonly Attribute[];
  readonly droppedAttributesCount: number;
  readonly schemaUrl: string;
}

/** Something that happened at one moment of a span. */
export interface SpanEvent {
  readonly timeUnixNano: UnixNano;
  readonly name: string;
  readonly attributes: readonly Attribute[];
  readonly droppedAttributesCount: number;
}

/** A reference to another span that is not the parent. */
export interface Link {
  readonly traceId: TraceId;
  readonly spanId: SpanId;
  readonly traceState: string;
  readonly flags: number;
  readonly attributes: readonly Attribute[];
  readonly droppedAttributesCount: number;
}

/** One unit of work. `resource` and `scope` are shared objects: compare them by identity. */
export interface Span {
  readonly traceId: TraceId;
  readonly spanId: SpanId;
  readonly parentSpanId: SpanId | undefined;
  readonly traceState: string;
  readonly flags: number;
  readonly name: string;
  readonly kind: SpanKind;
  readonly startUnixNano: UnixNano;
  readonly durationNano: DurationNano;
  readonly status: SpanStatus;
  readonly statusMessage: string;
  readonly attributes: readonly Attribute[];
  readonly droppedAttributesCount: number;
  readonly events: readonly SpanEvent[];
  readonly droppedEventsCount: number;
  readonly links: readonly Link[];
  readonly droppedLinksCount: number;
  readonly resource: Resource;
  readonly scope: Scope;
}
