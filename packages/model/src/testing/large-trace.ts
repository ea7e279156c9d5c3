import { SPAN_KINDS, SPAN_STATUSES } from '../span.ts';
import { unixNano } from '../time.ts';
import type { TraceColumns } from '../trace-columns.ts';
import { traceIdOf } from './example-span.ts';

/** Of each span, ordered by start; names and services are numbers of a few. */
export interface LargeSpan {
  readonly parent: number;
  readonly startNs: number;
  readonly durationNs: number;
  readonly name: number;
  readonly service: number;
  readonly kind: (typeof SPAN_KINDS)[number];
  readonly hasFailed?: boolean;
}

/** Columns of so many spans, without objects that stay. */
export function createLargeTrace(
  spanCount: number,
  spanAt: (index: number) => LargeSpan,
): TraceColumns {
  const columns: TraceColumns = {
    traceId: traceIdOf(1),
    startUnixNano: unixNano(1_700_000_000_000_000_000n),
    spanCount,
    spanIds: new Uint8Array(spanCount * 8),
    parents: new Int32Array(spanCount),
    missingParentCount: 0,
    startsNs: new Float64Array(spanCount),
    durationsNs: new Float64Array(spanCount),
    serviceIndexes: new Uint32Array(spanCount),
    services: Array.from({ length: 30 }, (_, at) => `service-${at}`),
    nameIndexes: new Uint32Array(spanCount),
    names: Array.from({ length: 100 }, (_, at) => `name-${at}`),
    kinds: new Uint8Array(spanCount),
    statuses: new Uint8Array(spanCount),
    cancelled: new Uint8Array(spanCount),
    attributeCounts: new Uint32Array(spanCount),
    linkCounts: new Uint32Array(spanCount),
    eventFirsts: new Uint32Array(spanCount + 1),
    eventTimesNs: new Float64Array(0),
    eventNameIndexes: new Uint32Array(0),
    eventNames: [],
  };
  for (let index = 0; index < spanCount; index++) {
    const span = spanAt(index);
    columns.parents[index] = span.parent;
    columns.startsNs[index] = span.startNs;
    columns.durationsNs[index] = span.durationNs;
    columns.nameIndexes[index] = span.name;
    columns.serviceIndexes[index] = span.service;
    columns.kinds[index] = SPAN_KINDS.indexOf(span.kind);
    columns.statuses[index] = span.hasFailed === true ? SPAN_STATUSES.indexOf('error') : 0;
  }
  return columns;
}

/** Each span the child of the one before, 1 µs within it on either side. */
export function createChain(depth: number): TraceColumns {
  return createLargeTrace(depth, (index) => ({
    parent: index - 1,
    startNs: 1000 * index,
    durationNs: 1000 * (2 * (depth - index) + 1),
    name: index % 100,
    service: index % 30,
    kind: index % 2 === 0 ? 'client' : 'server',
  }));
}

/** A root with so many children of 20 to 39 µs, of which one begins every 10 µs: two or three, or four, run at once. */
export function createFan(childCount: number): TraceColumns {
  return createLargeTrace(childCount + 1, (index) =>
    index === 0
      ? {
          parent: -1,
          startNs: 0,
          durationNs: 10_000 * (childCount + 4),
          name: 0,
          service: 0,
          kind: 'server',
        }
      : {
          parent: 0,
          startNs: 10_000 * index,
          durationNs: 20_000 + 1000 * ((index * 7) % 20),
          name: index % 100,
          service: 0,
          kind: 'client',
        },
  );
}

/**
 * A trace as services make one: each server span does eight things, of which every second is a call to another server and the others
 * are calls to a database, two at a time; the root makes its own one after the other, all of one operation. Ordered by start.
 */
export function createServiceTrace(spanCount: number): TraceColumns {
  const drawn = drawServices(spanCount);
  const order = Array.from(drawn.keys()).sort(
    (a, b) => (drawn[a]?.startNs ?? 0) - (drawn[b]?.startNs ?? 0) || a - b,
  );
  const rows = new Int32Array(spanCount);
  for (const [row, index] of order.entries()) rows[index] = row;
  return createLargeTrace(spanCount, (row) => {
    const span = drawn[order[row] ?? 0] ?? drawn[0];
    if (span === undefined) throw new Error('a trace has a span at least');
    return { ...span, parent: span.parent < 0 ? -1 : (rows[span.parent] ?? -1) };
  });
}

const CALLS = 8;

function drawServices(spanCount: number): readonly LargeSpan[] {
  const root: LargeSpan = {
    parent: -1,
    startNs: 0,
    durationNs: 2 ** 46,
    name: 0,
    service: 0,
    kind: 'server',
  };
  const spans: LargeSpan[] = [root];
  for (let server = 0; spans.length < spanCount; server++) {
    const parent = spans[server];
    if (parent === undefined) break;
    if (parent.kind !== 'server') continue;
    const stepNs = Math.floor(parent.durationNs / (CALLS + 1));
    for (let call = 0; call < CALLS && spans.length < spanCount; call++) {
      const startNs =
        parent.startNs +
        Math.floor(stepNs / 4) +
        stepNs * (server === 0 ? call : call - (call % 2) / 2);
      const durationNs = Math.floor(stepNs * (0.7 + ((server * 31 + call * 17) % 10) / 40));
      const client: LargeSpan = {
        parent: server,
        startNs,
        durationNs,
        name: server === 0 || call % 3 === 0 ? 1 : 2 + ((server + call) % 40),
        service: parent.service,
        kind: 'client',
        hasFailed: (server * 13 + call) % 97 === 0,
      };
      spans.push(client);
      if (call % 2 === 0 || spans.length === spanCount) continue;
      const marginNs = Math.floor(durationNs / 10);
      spans.push({
        parent: spans.length - 1,
        startNs: startNs + marginNs,
        durationNs: durationNs - 2 * marginNs,
        name: 50 + ((server + call) % 40),
        service: (parent.service * 3 + call) % 30,
        kind: 'server',
      });
    }
  }
  return spans;
}
