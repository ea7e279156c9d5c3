/**
 * Makes the columns of a trace from its rows: each span once, as `assembleTrace` has it, with its parent's index. A column at a
 * time, so that nothing is made for a span.
 */
import {
  IdNumbers,
  MISSING_PARENT,
  SPAN_KINDS,
  findParents,
  isCalled,
  unixNano,
} from '@clew/model';
import type { ByteColumn, TraceColumns, TraceId, Uint32Column, Uint64Column } from '@clew/model';
import type { ColumnarRows } from './columnar-rows.ts';

/** `rows` are ordered by start and span id, and there is one at least. */
export function assembleColumns(traceId: TraceId, rows: ColumnarRows): TraceColumns {
  const order = orderRows(rows);
  const first = order[0] ?? 0;
  const start = [rows.starts.halves[first << 1] ?? 0, rows.starts.halves[(first << 1) + 1] ?? 0];
  const { eventFirsts, events } = pickEvents(rows.eventEnds, order);
  return {
    traceId,
    startUnixNano: unixNano(rows.starts.at(first)),
    spanCount: order.length,
    spanIds: new Uint8Array(pickHalves(rows.spanIds, order).buffer),
    ...linkRows(rows, order),
    startsNs: pickDistances(rows.starts, order, start),
    durationsNs: pickDistances(rows.durations, order, [0, 0]),
    serviceIndexes: pick(rows.serviceIndexes, order),
    services: rows.services.texts,
    nameIndexes: pick(rows.nameIndexes, order),
    names: rows.names.texts,
    kinds: pickBytes(rows.kinds, order),
    statuses: pickBytes(rows.statuses, order),
    cancelled: pickBytes(rows.cancelled, order),
    attributeCounts: pick(rows.attributeCounts, order),
    linkCounts: pick(rows.linkCounts, order),
    eventFirsts,
    eventTimesNs: pickDistances(rows.eventTimes, events, start),
    eventNameIndexes: pick(rows.eventNameIndexes, events),
    eventNames: rows.eventNames.texts,
  };
}

/** Which rows are kept, in order. Copies of a span are next to each other, and so are spans that share an id and a start. */
function orderRows(rows: ColumnarRows): Uint32Array {
  const starts = rows.starts.halves;
  const ids = rows.spanIds.halves;
  const isSamePlace = (a: number, b: number): boolean =>
    ids[a << 1] === ids[b << 1] &&
    ids[(a << 1) + 1] === ids[(b << 1) + 1] &&
    starts[a << 1] === starts[b << 1] &&
    starts[(a << 1) + 1] === starts[(b << 1) + 1];
  const order = new Uint32Array(rows.count);
  let kept = 0;
  for (let row = 0, end = 0; row < rows.count; row = end) {
    end = row + 1;
    while (end < rows.count && isSamePlace(row, end)) end++;
    if (end === row + 1) order[kept++] = row;
    else for (const each of orderPlace(rows, row, end)) order[kept++] = each;
  }
  return order.subarray(0, kept);
}

/** Of the rows of one place those that are kept, by kind and service. */
function orderPlace(rows: ColumnarRows, from: number, to: number): readonly number[] {
  const kindOf = (row: number): string => SPAN_KINDS[rows.kinds.bytes[row] ?? 0] ?? 'unspecified';
  const serviceOf = (row: number): string => rows.services.texts[rows.serviceIndexes.at(row)] ?? '';
  const unique = new Map<string, number>();
  for (let row = from; row < to; row++) {
    const identity = `${kindOf(row)}/${rows.serviceIndexes.at(row)}`;
    const other = unique.get(identity);
    if (other === undefined || isFuller(rows, row, other)) unique.set(identity, row);
  }
  return [...unique.values()].sort(
    (a, b) => compare(kindOf(a), kindOf(b)) || compare(serviceOf(a), serviceOf(b)),
  );
}

function isFuller(rows: ColumnarRows, row: number, other: number): boolean {
  const duration = rows.durations.at(row);
  const otherDuration = rows.durations.at(other);
  if (duration !== otherDuration) return duration > otherDuration;
  return countDetails(rows, row) > countDetails(rows, other);
}

function countDetails(rows: ColumnarRows, row: number): number {
  const events = rows.eventEnds.at(row) - (row === 0 ? 0 : rows.eventEnds.at(row - 1));
  return rows.attributeCounts.at(row) + events + rows.linkCounts.at(row);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

const CALLED = SPAN_KINDS.map((kind) => (isCalled(kind) ? 1 : 0));

function linkRows(
  rows: ColumnarRows,
  order: Uint32Array,
): Pick<TraceColumns, 'parents' | 'missingParentCount'> {
  const numbers = new IdNumbers();
  const { bytes: kinds } = rows.kinds;
  const called = Uint8Array.from(order, (row) => CALLED[kinds[row] ?? 0] ?? 0);
  const ids = numberIds(numbers, rows.spanIds, order);
  const parentIds = numberIds(numbers, rows.parentSpanIds, order);
  const parents = findParents({ ids, parentIds, called, idCount: numbers.count });
  const isMissing = new Uint8Array(numbers.count);
  let missingParentCount = 0;
  for (let index = 0; index < parents.length; index++) {
    const parentId = parentIds[index] ?? 0;
    if (parents[index] !== MISSING_PARENT || isMissing[parentId] === 1) continue;
    isMissing[parentId] = 1;
    missingParentCount++;
  }
  return { parents, missingParentCount };
}

/** -1 for no id. */
function numberIds(numbers: IdNumbers, { halves }: Uint64Column, order: Uint32Array): Int32Array {
  const picked = new Int32Array(order.length);
  for (let index = 0; index < order.length; index++) {
    const at = (order[index] ?? 0) << 1;
    const low = halves[at] ?? 0;
    const high = halves[at + 1] ?? 0;
    picked[index] = (low | high) === 0 ? -1 : numbers.numberOf(low, high);
  }
  return picked;
}

/** Where the events of each span begin among those that are kept, and which those are. */
function pickEvents(
  eventEnds: Uint32Column,
  order: Uint32Array,
): { readonly eventFirsts: Uint32Array<ArrayBuffer>; readonly events: Uint32Array } {
  const { values: ends } = eventEnds;
  const eventFirsts = new Uint32Array(order.length + 1);
  const events = new Uint32Array(ends.at(-1) ?? 0);
  let count = 0;
  for (let index = 0; index < order.length; index++) {
    const row = order[index] ?? 0;
    const end = ends[row] ?? 0;
    for (let event = ends[row - 1] ?? 0; event < end; event++) events[count++] = event;
    eventFirsts[index + 1] = count;
  }
  return { eventFirsts, events: events.subarray(0, count) };
}

function pick({ values }: Uint32Column, order: Uint32Array): Uint32Array<ArrayBuffer> {
  const picked = new Uint32Array(order.length);
  for (let index = 0; index < order.length; index++) picked[index] = values[order[index] ?? 0] ?? 0;
  return picked;
}

function pickBytes({ bytes }: ByteColumn, order: Uint32Array): Uint8Array<ArrayBuffer> {
  const picked = new Uint8Array(order.length);
  for (let index = 0; index < order.length; index++) picked[index] = bytes[order[index] ?? 0] ?? 0;
  return picked;
}

function pickHalves({ halves }: Uint64Column, order: Uint32Array): Uint32Array<ArrayBuffer> {
  const picked = new Uint32Array(order.length << 1);
  for (let index = 0; index < order.length; index++) {
    const at = (order[index] ?? 0) << 1;
    picked[index << 1] = halves[at] ?? 0;
    picked[(index << 1) + 1] = halves[at + 1] ?? 0;
  }
  return picked;
}

/** How far numbers are above one that is given by its halves: rounded once, to the nearest double. */
function pickDistances(
  { halves }: Uint64Column,
  order: Uint32Array,
  [low = 0, high = 0]: readonly number[],
): Float64Array<ArrayBuffer> {
  const picked = new Float64Array(order.length);
  for (let index = 0; index < order.length; index++) {
    const at = (order[index] ?? 0) << 1;
    picked[index] = ((halves[at + 1] ?? 0) - high) * 2 ** 32 + ((halves[at] ?? 0) - low);
  }
  return picked;
}
