/**
 * What the screen knows of a trace: one typed array per property, over the index of the span in the answer. Drawing,
 * hit-testing and navigation read these arrays and nothing else, so that a frame costs what is visible and not what the
 * trace holds. Names, attributes and the rest stay in the answer, under the same index.
 *
 * Times are nanoseconds since the trace's start: a double holds them exactly up to 104 days, and needs no `bigint` per
 * span and frame.
 */
import { buildTraceTree } from '@clew/model';
import type { SpanKind, SpanStatus, TraceTree, TreeSpan } from '@clew/model';
import { serviceColorIndex } from '../base/service-color.ts';
import { computeChildCoverage } from './child-coverage.ts';
import type { ChildCoverage } from './child-coverage.ts';
import { collectEvents } from './span-events.ts';
import type { EventMarks, EventSource } from './span-events.ts';

/** What the view needs of a span; the API's `SpanJson` is one. */
export interface SpanSource {
  readonly spanId: string;
  readonly parentSpanId?: string | undefined;
  readonly name: string;
  readonly kind: SpanKind;
  /** Decimal digits. */
  readonly startUnixNano: string;
  /** Decimal digits. */
  readonly durationNano: string;
  readonly status: SpanStatus;
  readonly events: readonly EventSource[];
  /** Index into the trace's `resources`. */
  readonly resource: number;
}

/** What the view needs of a trace; the API's `TraceJson` is one. Its spans are ordered by start. */
export interface TraceSource {
  readonly traceId: string;
  readonly spans: readonly SpanSource[];
  readonly resources: readonly { readonly service: string }[];
}

/** A service of the trace. */
export interface ServiceShare {
  readonly service: string;
  readonly spanCount: number;
  readonly errorCount: number;
}

export interface TraceView {
  readonly traceId: string;
  readonly spans: readonly SpanSource[];
  readonly tree: TraceTree;
  readonly startUnixNano: bigint;
  /** From the earliest start to the latest end. */
  readonly durationNs: number;
  readonly offsetsNs: Float64Array;
  readonly durationsNs: Float64Array;
  /** The colour of the span's service: an index into the palette of `base/service-color.ts`. */
  readonly colors: Uint8Array;
  /** 1 where the span names a parent that is not here. */
  readonly orphans: Uint8Array;
  /** 1 where the span itself failed. */
  readonly errors: Uint8Array;
  /** Failed spans below each span, at any depth. */
  readonly errorsBelow: Uint32Array;
  readonly coverage: ChildCoverage;
  readonly events: EventMarks;
  /** Index into `services`. */
  readonly serviceIndexes: Uint32Array;
  /** Ordered by name. */
  readonly services: readonly ServiceShare[];
  readonly errorCount: number;
}

/** Builds the view of a trace: linear in its spans and events. */
export function buildTraceView(source: TraceSource): TraceView {
  const { spans } = source;
  const { startUnixNano, durationNs, offsetsNs, durationsNs } = readTimes(spans);
  // The server writes ids in their canonical form, so they are not parsed again for each of a million spans.
  const tree = buildTraceTree(spans as readonly unknown[] as readonly TreeSpan[]);
  const orphans = new Uint8Array(spans.length);
  for (const index of tree.orphans) orphans[index] = 1;
  const errors = Uint8Array.from(spans, (span) => (span.status === 'error' ? 1 : 0));
  const times = { offsetsNs, durationsNs };
  return {
    traceId: source.traceId,
    spans,
    tree,
    startUnixNano,
    durationNs,
    offsetsNs,
    durationsNs,
    orphans,
    errors,
    errorsBelow: countErrorsBelow(tree, errors),
    coverage: computeChildCoverage(tree.parents, times),
    events: collectEvents(spans, startUnixNano),
    ...assignServices(source, errors),
    errorCount: errors.reduce((sum, error) => sum + error, 0),
  };
}

/** The name of a span's service. */
export function serviceOf({ services, serviceIndexes }: TraceView, spanIndex: number): string {
  return services[serviceIndexes[spanIndex] ?? 0]?.service ?? '';
}

/** The span that the trace is named after: its root, else the earliest of those whose parent is missing. */
export function findTitleSpan({ tree, orphans }: TraceView): number {
  return tree.roots.find((index) => orphans[index] === 0) ?? tree.roots[0] ?? 0;
}

interface Times {
  readonly startUnixNano: bigint;
  readonly durationNs: number;
  readonly offsetsNs: Float64Array;
  readonly durationsNs: Float64Array;
}

function readTimes(spans: readonly SpanSource[]): Times {
  const offsetsNs = new Float64Array(spans.length);
  const durationsNs = new Float64Array(spans.length);
  const startUnixNano = BigInt(spans[0]?.startUnixNano ?? 0);
  let durationNs = 0;
  spans.forEach((span, index) => {
    const offset = Number(BigInt(span.startUnixNano) - startUnixNano);
    const duration = Number(span.durationNano);
    offsetsNs[index] = offset;
    durationsNs[index] = duration;
    durationNs = Math.max(durationNs, offset + duration);
  });
  return { startUnixNano, durationNs, offsetsNs, durationsNs };
}

function countErrorsBelow({ order, parents }: TraceTree, errors: Uint8Array): Uint32Array {
  const below = new Uint32Array(order.length);
  for (let position = order.length - 1; position >= 0; position--) {
    const index = order[position] ?? 0;
    const parent = parents[index] ?? -1;
    if (parent < 0) continue;
    below[parent] = (below[parent] ?? 0) + (below[index] ?? 0) + (errors[index] ?? 0);
  }
  return below;
}

interface Services {
  readonly services: readonly ServiceShare[];
  readonly serviceIndexes: Uint32Array;
  readonly colors: Uint8Array;
}

/** Resources are few and services fewer, so the work per span is two look-ups in arrays. */
function assignServices({ spans, resources }: TraceSource, errors: Uint8Array): Services {
  const names = [...new Set(resources.map(({ service }) => service))].sort();
  const indexByName = new Map(names.map((name, index) => [name, index]));
  const serviceOfResource = resources.map(({ service }) => indexByName.get(service) ?? 0);
  const colorOfService = names.map(serviceColorIndex);
  const spanCounts = names.map(() => 0);
  const errorCounts = names.map(() => 0);
  const serviceIndexes = new Uint32Array(spans.length);
  const colors = new Uint8Array(spans.length);
  spans.forEach((span, index) => {
    const service = serviceOfResource[span.resource] ?? 0;
    serviceIndexes[index] = service;
    colors[index] = colorOfService[service] ?? 0;
    spanCounts[service] = (spanCounts[service] ?? 0) + 1;
    errorCounts[service] = (errorCounts[service] ?? 0) + (errors[index] ?? 0);
  });
  const services = names.map((service, index) => ({
    service,
    spanCount: spanCounts[index] ?? 0,
    errorCount: errorCounts[index] ?? 0,
  }));
  return { services, serviceIndexes, colors };
}
