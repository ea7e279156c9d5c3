/**
 * What the screen knows of a trace: one typed array per property, over the index of the span. Drawing, hit-testing and
 * navigation read these arrays and nothing else, so that a frame costs what is visible and not what the trace holds. Everything
 * here is data without methods, so that a worker can build it and hand it over. Attributes and the texts of events stay in the
 * store until somebody looks at a span.
 *
 * Times are nanoseconds since the trace's start: a double holds them exactly up to 104 days, and needs no `bigint` per
 * span and frame.
 */
import { SPAN_KINDS, SPAN_STATUSES, formatHex, growTraceTree } from '@clew/model';
import type { SpanKind, SpanStatus, TraceColumns, TraceTree } from '@clew/model';
import { serviceColorIndex } from '../base/service-color.ts';
import { computeChildCoverage } from './child-coverage.ts';
import type { ChildCoverage } from './child-coverage.ts';
import { correctColumns, findClockSkews } from './correct-clocks.ts';
import type { ClockCorrection } from './correct-clocks.ts';
import { collectEvents } from './span-events.ts';
import type { EventMarks } from './span-events.ts';

/** A service of the trace. */
export interface ServiceShare {
  readonly service: string;
  readonly spanCount: number;
  readonly errorCount: number;
}

export interface TraceView {
  readonly traceId: string;
  /** What came from the server, over the same index. */
  readonly columns: TraceColumns;
  readonly spanCount: number;
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
  /** What was found of the clocks of its senders; undefined where they go together, or nobody looked. */
  readonly clock?: ClockCorrection | undefined;
}

/** The view with clocks put right. */
export function buildCorrectedView(sentColumns: TraceColumns): TraceView {
  const { columns, clock } = correctColumns(sentColumns);
  return { ...buildTraceView(columns), clock };
}

/** The view as its spans were sent, with what was found of their clocks. */
export function buildSentView(columns: TraceColumns): TraceView {
  return { ...buildTraceView(columns), clock: findClockSkews(columns).clock };
}

/** Builds the view of a trace from the times it is given: linear in its spans and events. */
export function buildTraceView(columns: TraceColumns): TraceView {
  const { spanCount, startsNs, durationsNs, statuses } = columns;
  const tree = growTraceTree(columns.parents);
  const orphans = new Uint8Array(spanCount);
  for (const index of tree.orphans) orphans[index] = 1;
  const errors = statuses.map((status) => (status === ERROR ? 1 : 0));
  return {
    traceId: columns.traceId,
    columns,
    spanCount,
    tree,
    startUnixNano: columns.startUnixNano,
    durationNs: findEndNs(columns),
    offsetsNs: startsNs,
    durationsNs,
    orphans,
    errors,
    errorsBelow: countErrorsBelow(tree, errors),
    coverage: computeChildCoverage(tree.parents, { offsetsNs: startsNs, durationsNs }),
    events: collectEvents(columns),
    ...assignServices(columns, errors),
    errorCount: errors.reduce((sum, error) => sum + error, 0),
  };
}

const ERROR = SPAN_STATUSES.indexOf('error');

/** When a span began by the clock of its sender. */
export function sentStartOf(
  { startUnixNano, offsetsNs, clock }: TraceView,
  spanIndex: number,
): bigint {
  const skewNs = clock?.isApplied === true ? (clock.skewsNs[spanIndex] ?? 0) : 0;
  return startUnixNano + BigInt(Math.round((offsetsNs[spanIndex] ?? 0) - skewNs));
}

/** The name of a span; empty where the sender gave none. */
export function nameOf({ columns }: TraceView, spanIndex: number): string {
  return columns.names[columns.nameIndexes[spanIndex] ?? 0] ?? '';
}

/** The name of a span's service. */
export function serviceOf({ services, serviceIndexes }: TraceView, spanIndex: number): string {
  return services[serviceIndexes[spanIndex] ?? 0]?.service ?? '';
}

export function kindOf({ columns }: TraceView, spanIndex: number): SpanKind {
  return SPAN_KINDS[columns.kinds[spanIndex] ?? 0] ?? 'internal';
}

export function statusOf({ columns }: TraceView, spanIndex: number): SpanStatus {
  return SPAN_STATUSES[columns.statuses[spanIndex] ?? 0] ?? 'unset';
}

/** 16 hexadecimal digits. */
export function spanIdOf({ columns }: TraceView, spanIndex: number): string {
  return formatHex(columns.spanIds, spanIndex * 8, spanIndex * 8 + 8);
}

/** The name of an event, by its place in the view's events. */
export function eventNameOf({ columns, events }: TraceView, event: number): string {
  const at = events.sources[event] ?? 0;
  return columns.eventNames[columns.eventNameIndexes[at] ?? 0] ?? '';
}

/** The span that the trace is named after: its root, else the earliest of those whose parent is missing. */
export function findTitleSpan({ tree, orphans }: TraceView): number {
  return tree.roots.find((index) => orphans[index] === 0) ?? tree.roots[0] ?? 0;
}

function findEndNs({ spanCount, startsNs, durationsNs }: TraceColumns): number {
  let endNs = 0;
  for (let index = 0; index < spanCount; index++) {
    endNs = Math.max(endNs, (startsNs[index] ?? 0) + (durationsNs[index] ?? 0));
  }
  return endNs;
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

function assignServices(columns: TraceColumns, errors: Uint8Array): Services {
  const names = columns.services.toSorted();
  const placeOf = new Map(names.map((name, index) => [name, index]));
  const places = columns.services.map((name) => placeOf.get(name) ?? 0);
  const colorOfService = names.map(serviceColorIndex);
  const spanCounts = names.map(() => 0);
  const errorCounts = names.map(() => 0);
  const serviceIndexes = new Uint32Array(columns.spanCount);
  const colors = new Uint8Array(columns.spanCount);
  for (let index = 0; index < columns.spanCount; index++) {
    const service = places[columns.serviceIndexes[index] ?? 0] ?? 0;
    serviceIndexes[index] = service;
    colors[index] = colorOfService[service] ?? 0;
    spanCounts[service] = (spanCounts[service] ?? 0) + 1;
    errorCounts[service] = (errorCounts[service] ?? 0) + (errors[index] ?? 0);
  }
  const services = names.map((service, index) => ({
    service,
    spanCount: spanCounts[index] ?? 0,
    errorCount: errorCounts[index] ?? 0,
  }));
  return { services, serviceIndexes, colors };
}
