import type { Random } from './random.ts';
import type { Operation, Role, Service } from './shop.ts';

/** The spans of a request. */
export type RequestShape = readonly PlacedSpan[];

/** A span before it has ids and times. */
export interface ShapedSpan {
  readonly service: Service;
  readonly operation: Operation;
  /** Index of the parent, before this span's own; -1 for a root. */
  readonly parent: number;
  /** Nanoseconds from the moment of sending to the start, before the trace is stretched. */
  readonly offsetNs: number;
  readonly durationNs: number;
  readonly failed: boolean;
}

/** A span in one of two requests that go together. */
export interface PlacedSpan extends Omit<ShapedSpan, 'parent'> {
  /** Number of the parent in the two requests, those of the second one after those of the first; -1 for a root. */
  readonly parentNumber: number;
  /** Counts the traces of the two requests. */
  readonly trace: number;
}

/** Traces have ended when they are sent, and began within this time, as those do that wait for a batch to fill. */
const SPREAD_NS = 1e9;
const LONGEST_NS = 1e9;

/** What may stand below a span of each role, as often as it is listed. Queries and messages have nothing below them. */
const CHILD_ROLES: Readonly<Record<Role, readonly Role[]>> = {
  server: ['query', 'query', 'query', 'call', 'call', 'work', 'work', 'message'],
  work: ['query', 'query', 'call', 'work'],
  call: ['server'],
  query: [],
  message: [],
};

/**
 * Two requests of `spanCount` spans each. Services send on their own, so the spans of some stand in the first and those
 * of the others in the second, and most traces have a part in both.
 */
export function shapeRequestPair(
  services: readonly Service[],
  spanCount: number,
  random: Random,
): readonly [RequestShape, RequestShape] {
  const spans: (ShapedSpan & { readonly trace: number })[] = [];
  for (let trace = 0; spans.length < 2 * spanCount; trace++) {
    const first = spans.length;
    // The last trace may be cut short.
    for (const span of shapeTrace(services, random).slice(0, 2 * spanCount - first)) {
      spans.push({ ...span, trace, parent: span.parent < 0 ? -1 : first + span.parent });
    }
  }
  const order = spans
    .map((_, index) => index)
    .sort((a, b) => serviceOf(services, spans, a) - serviceOf(services, spans, b) || a - b);
  const numberOf = new Map(order.map((index, number) => [index, number]));
  const placed = order.flatMap((index) => {
    const span = spans[index];
    return span === undefined ? [] : [{ ...span, parentNumber: numberOf.get(span.parent) ?? -1 }];
  });
  return [placed.slice(0, spanCount), placed.slice(spanCount)];
}

function serviceOf(
  services: readonly Service[],
  spans: readonly ShapedSpan[],
  index: number,
): number {
  const span = spans[index];
  return span === undefined ? -1 : services.indexOf(span.service);
}

/** A trace of 3 to 60 spans, parents before children, small ones more often than large ones. */
function shapeTrace(services: readonly Service[], random: Random): readonly ShapedSpan[] {
  const target = Math.round(random.logarithmic(3, 60));
  const root = random.pick(services);
  const spans: ShapedSpan[] = [
    {
      service: root,
      operation: random.pick(root.operations.server),
      parent: -1,
      offsetNs: -LONGEST_NS - SPREAD_NS * random.next(),
      durationNs: random.logarithmic(5e6, LONGEST_NS),
      failed: random.chance(0.03),
    },
  ];
  const open = [0];
  while (spans.length < target) {
    const which = random.integer(Math.max(0, open.length - 6), open.length - 1);
    const parent = open[which] ?? 0;
    const child = shapeChild(spans, parent, { services, random });
    spans.push(child);
    const role = child.operation.role;
    // A call reaches one server; the others take as many children as there are.
    if (spans[parent]?.operation.role === 'call') open.splice(which, 1);
    if (CHILD_ROLES[role].length > 0) open.push(spans.length - 1);
  }
  return spans;
}

function shapeChild(
  spans: readonly ShapedSpan[],
  parentIndex: number,
  { services, random }: { readonly services: readonly Service[]; readonly random: Random },
): ShapedSpan {
  const parent = spans[parentIndex];
  if (parent === undefined) throw new Error('the parent is missing');
  const role = random.pick(CHILD_ROLES[parent.operation.role]);
  const service = role === 'server' ? random.pick(services) : parent.service;
  const startShare = random.next() * 0.6;
  return {
    service,
    operation: random.pick(service.operations[role]),
    parent: parentIndex,
    offsetNs: parent.offsetNs + parent.durationNs * startShare,
    durationNs: parent.durationNs * (1 - startShare) * (0.2 + 0.7 * random.next()),
    failed: random.chance(0.03),
  };
}
