import { findCancelledSpans } from './cancelled-spans.ts';
import { writeHex } from './ids.ts';
import type { TraceId } from './ids.ts';
import { MISSING_PARENT } from './span-parents.ts';
import { SPAN_KINDS, SPAN_STATUSES } from './span.ts';
import type { Span } from './span.ts';
import { unixNano } from './time.ts';
import type { UnixNano } from './time.ts';
import { buildTraceTree } from './trace-tree.ts';
import type { Trace } from './trace.ts';

/**
 * What a timeline and a tree show of a trace, a typed array a column, over the index of the span: ordered as the spans of a
 * `Trace` are, each once. A trace of a million spans is some 50 MB so, and gigabytes as objects.
 *
 * Times are nanoseconds since the first span's start: doubles, exact up to 2^53 (104 days), beyond that the nearest double, which is off
 * by a microsecond at most.
 */
export interface TraceColumns {
  readonly traceId: TraceId;
  /** Of the first span. */
  readonly startUnixNano: UnixNano;
  readonly spanCount: number;
  /** 8 bytes each, in the order of their digits. */
  readonly spanIds: Uint8Array<ArrayBuffer>;
  /** The index of the parent; -1 for a root, -2 for a span whose parent is not in the trace (`findParents`). */
  readonly parents: Int32Array<ArrayBuffer>;
  /** How many different parents are named and not in the trace. */
  readonly missingParentCount: number;
  readonly startsNs: Float64Array<ArrayBuffer>;
  readonly durationsNs: Float64Array<ArrayBuffer>;
  /** Indexes into `services`. */
  readonly serviceIndexes: Uint32Array<ArrayBuffer>;
  readonly services: readonly string[];
  /** Indexes into `names`. */
  readonly nameIndexes: Uint32Array<ArrayBuffer>;
  readonly names: readonly string[];
  /** Indexes into `SPAN_KINDS`. */
  readonly kinds: Uint8Array<ArrayBuffer>;
  /** Indexes into `SPAN_STATUSES`. */
  readonly statuses: Uint8Array<ArrayBuffer>;
  /** 1 for a span that says it was cancelled (`findCancelledSpans`); 0 where it does not, or that is not known. */
  readonly cancelled: Uint8Array<ArrayBuffer>;
  /** Of the span itself, not of its resource, events or links. */
  readonly attributeCounts: Uint32Array<ArrayBuffer>;
  readonly linkCounts: Uint32Array<ArrayBuffer>;
  /** The events of span `i` are at `eventFirsts[i]` up to `eventFirsts[i + 1]`, in the order in which they were sent. */
  readonly eventFirsts: Uint32Array<ArrayBuffer>;
  /** May be before the trace's start. */
  readonly eventTimesNs: Float64Array<ArrayBuffer>;
  /** Indexes into `eventNames`. */
  readonly eventNameIndexes: Uint32Array<ArrayBuffer>;
  readonly eventNames: readonly string[];
}

/** The columns of a trace that is there as objects: of one that was opened from a file, say, or in a test. */
export function toTraceColumns({ traceId, spans }: Trace): TraceColumns {
  const startUnixNano = spans[0]?.startUnixNano ?? unixNano(0n);
  const toNs = (time: bigint): number => Number(time - startUnixNano);
  const services = numberTexts(spans.map(({ resource }) => resource.service));
  const names = numberTexts(spans.map(({ name }) => name));
  const events = spans.flatMap((span) => span.events);
  const eventNames = numberTexts(events.map(({ name }) => name));
  return {
    traceId,
    startUnixNano,
    spanCount: spans.length,
    spanIds: idBytes(spans),
    ...findTraceParents(spans),
    startsNs: Float64Array.from(spans, (span) => toNs(span.startUnixNano)),
    durationsNs: Float64Array.from(spans, ({ durationNano }) => Number(durationNano)),
    serviceIndexes: services.indexes,
    services: services.texts,
    nameIndexes: names.indexes,
    names: names.texts,
    kinds: Uint8Array.from(spans, ({ kind }) => SPAN_KINDS.indexOf(kind)),
    statuses: Uint8Array.from(spans, ({ status }) => SPAN_STATUSES.indexOf(status)),
    cancelled: findCancelledSpans(spans),
    attributeCounts: Uint32Array.from(spans, ({ attributes }) => attributes.length),
    linkCounts: Uint32Array.from(spans, ({ links }) => links.length),
    eventFirsts: sumBefore(spans.map((span) => span.events.length)),
    eventTimesNs: Float64Array.from(events, ({ timeUnixNano }) => toNs(timeUnixNano)),
    eventNameIndexes: eventNames.indexes,
    eventNames: eventNames.texts,
  };
}

function idBytes(spans: readonly Span[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(spans.length * 8);
  spans.forEach(({ spanId }, index) => writeHex(spanId, bytes, index * 8));
  return bytes;
}

function findTraceParents(
  spans: readonly Span[],
): Pick<TraceColumns, 'parents' | 'missingParentCount'> {
  const tree = buildTraceTree(spans);
  const parents = Int32Array.from(tree.parents);
  for (const index of tree.orphans) parents[index] = MISSING_PARENT;
  const missing = new Set(tree.orphans.map((index) => spans[index]?.parentSpanId));
  return { parents, missingParentCount: missing.size };
}

/** Each text once, in the order in which they are first seen, and which is where. */
export function numberTexts(all: readonly string[]): {
  readonly texts: readonly string[];
  readonly indexes: Uint32Array<ArrayBuffer>;
} {
  const texts = [...new Set(all)];
  const numbers = new Map(texts.map((text, number) => [text, number]));
  return { texts, indexes: Uint32Array.from(all, (text) => numbers.get(text) ?? 0) };
}

function sumBefore(counts: readonly number[]): Uint32Array<ArrayBuffer> {
  const firsts = new Uint32Array(counts.length + 1);
  counts.forEach((count, index) => (firsts[index + 1] = (firsts[index] ?? 0) + count));
  return firsts;
}
