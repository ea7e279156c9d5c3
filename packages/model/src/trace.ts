import type { TraceId } from './ids.ts';
import { identityInTrace, identityOf } from './span-identity.ts';
import type { Span } from './span.ts';
import type { DurationNano, UnixNano } from './time.ts';

/** All spans of one request, each once, ordered by start and then by span id, kind and service. */
export interface Trace {
  readonly traceId: TraceId;
  readonly spans: readonly Span[];
}

/** A trace as a row of a list: what can be said of it without loading its spans. */
export interface TraceSummary {
  readonly traceId: TraceId;
  /** Empty when no root span has arrived. */
  readonly rootService: string;
  readonly rootSpanName: string;
  readonly startUnixNano: UnixNano;
  /** From the earliest start to the latest end. */
  readonly durationNano: DurationNano;
  readonly spanCount: number;
  readonly errorCount: number;
  /** Sorted by name. */
  readonly services: readonly ServiceCount[];
}

/** How many spans, and failed spans, of a trace are of one service. */
export interface ServiceCount {
  readonly service: string;
  readonly spanCount: number;
  readonly errorCount: number;
}

/**
 * Assembles spans, in any order, into a trace. A span that was sent twice (same span id, service, kind and start) is
 * one span: senders retry. Of copies that differ the fuller one counts, in whatever order they come: the one that lasts
 * longer, then the one with more attributes, events and links. Zipkin's shared ids, a client and a server span under one
 * id, stay two.
 */
export function assembleTrace(traceId: TraceId, spans: readonly Span[]): Trace {
  const assembler = new TraceAssembler(traceId);
  for (const span of spans) assembler.add(span);
  return assembler.finish();
}

/** The same span by span, so that who assembles a large trace can do something else between. */
export class TraceAssembler {
  readonly #traceId: TraceId;
  readonly #unique = new Map<string, Span>();

  constructor(traceId: TraceId) {
    this.#traceId = traceId;
  }

  add(span: Span): void {
    const identity = identityInTrace(identityOf(span));
    const other = this.#unique.get(identity);
    if (other === undefined || isFuller(span, other)) this.#unique.set(identity, span);
  }

  /** Takes little time where the spans came in order. */
  finish(): Trace {
    return { traceId: this.#traceId, spans: [...this.#unique.values()].sort(compareSpans) };
  }
}

function isFuller(span: Span, other: Span): boolean {
  if (span.durationNano !== other.durationNano) return span.durationNano > other.durationNano;
  return countDetails(span) > countDetails(other);
}

function countDetails({ attributes, events, links }: Span): number {
  return attributes.length + events.length + links.length;
}

function compareSpans(a: Span, b: Span): number {
  return (
    compare(a.startUnixNano, b.startUnixNano) ||
    compare(a.spanId, b.spanId) ||
    compare(a.kind, b.kind) ||
    compare(a.resource.service, b.resource.service)
  );
}

function compare<Value extends bigint | string>(a: Value, b: Value): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
