/**
 * Clocks of hosts differ. As the spans of a trace were sent, a callee may stand far from its caller; who reads the picture then sees
 * waits that were not, and a trace that lasts as long as its clocks differ. So the screen draws times that are put right, as far as the
 * calls of the trace show by how much (`correctClocks` of the model), and says so.
 *
 * The columns are made anew in the order of the corrected starts: whatever is drawn or summed up from them follows, and no frame does
 * any work for it.
 */
import { DEFAULT_ANALYSIS_OPTIONS, correctClocks, growTraceTree } from '@clew/model';
import type { TraceColumns } from '@clew/model';

/** Whether times are put right, or are as they were sent. */
export type ClockMode = 'corrected' | 'sent';

/** By how much the clock of a service was off. */
export interface ServiceSkew {
  readonly service: string;
  /** What is added to the times of its spans: above 0 for a clock that is behind. The least and the most of `spanCount` spans. */
  readonly minNs: number;
  readonly maxNs: number;
  readonly spanCount: number;
  /** Of all its spans. */
  readonly allCount: number;
}

/** What was found of the clocks of a trace. */
export interface ClockCorrection {
  /** Whether the times of the view have it in them; else they are as they were sent. */
  readonly isApplied: boolean;
  /** Over the index of the span: added to its times, or what would be. */
  readonly skewsNs: Float64Array;
  /** Where each span is in the columns as they were sent; undefined where the order is that one. */
  readonly sentIndexes: Uint32Array | undefined;
  readonly sentColumns: TraceColumns;
  /** Ordered by how far off they are, the furthest first. */
  readonly services: readonly ServiceSkew[];
}

/** What is drawn, and why it is not what was sent. */
export interface ClockedColumns {
  readonly columns: TraceColumns;
  /** Undefined where all clocks go together. */
  readonly clock: ClockCorrection | undefined;
}

/** Moments are rounded to milliseconds by some senders: less is no matter of clocks. */
const MIN_SKEW_NS = DEFAULT_ANALYSIS_OPTIONS.jitterNs;

/** What was found of the clocks, with the times as they were sent. */
export function findClockSkews(columns: TraceColumns): ClockedColumns {
  const tree = growTraceTree(columns.parents);
  const skewsNs = correctClocks(columns, tree, DEFAULT_ANALYSIS_OPTIONS);
  const services = sumUp(columns, skewsNs);
  if (!services.some(isClock)) return { columns, clock: undefined };
  const clock = { isApplied: false, skewsNs, sentIndexes: undefined, sentColumns: columns };
  return { columns, clock: { ...clock, services } };
}

/** The same with times put right. Linear where all clocks go together; else the spans are sorted. */
export function correctColumns(sentColumns: TraceColumns): ClockedColumns {
  const { clock } = findClockSkews(sentColumns);
  if (clock === undefined) return { columns: sentColumns, clock };
  const { skewsNs } = clock;
  const startsNs = sentColumns.startsNs.map((startNs, index) => startNs + (skewsNs[index] ?? 0));
  const firstNs = startsNs.reduce((least, startNs) => Math.min(least, startNs), Infinity);
  const sentIndexes = Uint32Array.from(startsNs.keys()).sort(
    (a, b) => (startsNs[a] ?? 0) - (startsNs[b] ?? 0) || a - b,
  );
  const columns: TraceColumns = {
    ...reorder(sentColumns, sentIndexes),
    startUnixNano: (sentColumns.startUnixNano + BigInt(firstNs)) as TraceColumns['startUnixNano'],
    startsNs: Float64Array.from(sentIndexes, (sent) => (startsNs[sent] ?? 0) - firstNs),
    ...moveEvents(sentColumns, sentIndexes, (sent) => (skewsNs[sent] ?? 0) - firstNs),
  };
  return {
    columns,
    clock: { ...clock, isApplied: true, skewsNs: pick(skewsNs, sentIndexes), sentIndexes },
  };
}

function sumUp(
  { services, serviceIndexes }: TraceColumns,
  skewsNs: Float64Array,
): readonly ServiceSkew[] {
  const found = services.map((service) => ({
    service,
    minNs: Infinity,
    maxNs: -Infinity,
    spanCount: 0,
    allCount: 0,
  }));
  skewsNs.forEach((skewNs, index) => {
    const one = found[serviceIndexes[index] ?? 0];
    if (one === undefined) return;
    one.allCount++;
    if (Math.abs(skewNs) < MIN_SKEW_NS) return;
    one.spanCount++;
    one.minNs = Math.min(one.minNs, skewNs);
    one.maxNs = Math.max(one.maxNs, skewNs);
  });
  return found
    .filter(({ spanCount }) => spanCount > 0)
    .toSorted((a, b) => furthest(b) - furthest(a));
}

/**
 * What is called cannot begin before it is called, but may well go on after its caller: where only a few calls do, no clock is to blame.
 */
function isClock({ maxNs, spanCount, allCount }: ServiceSkew): boolean {
  return maxNs > 0 || 2 * spanCount >= allCount;
}

function furthest({ minNs, maxNs }: ServiceSkew): number {
  return Math.max(Math.abs(minNs), Math.abs(maxNs));
}

/** All that is of a span and no time, in another order. */
function reorder(columns: TraceColumns, sentIndexes: Uint32Array): TraceColumns {
  const places = new Int32Array(sentIndexes.length);
  sentIndexes.forEach((sent, place) => (places[sent] = place));
  const spanIds = new Uint8Array(columns.spanIds.length);
  sentIndexes.forEach((sent, place) =>
    spanIds.set(columns.spanIds.subarray(sent * 8, sent * 8 + 8), place * 8),
  );
  return {
    ...columns,
    spanIds,
    parents: pick(columns.parents, sentIndexes).map((sent) =>
      sent < 0 ? sent : (places[sent] ?? sent),
    ),
    durationsNs: pick(columns.durationsNs, sentIndexes),
    serviceIndexes: pick(columns.serviceIndexes, sentIndexes),
    nameIndexes: pick(columns.nameIndexes, sentIndexes),
    kinds: pick(columns.kinds, sentIndexes),
    statuses: pick(columns.statuses, sentIndexes),
    cancelled: pick(columns.cancelled, sentIndexes),
    attributeCounts: pick(columns.attributeCounts, sentIndexes),
    linkCounts: pick(columns.linkCounts, sentIndexes),
  };
}

type MovedEvents = Pick<TraceColumns, 'eventFirsts' | 'eventTimesNs' | 'eventNameIndexes'>;

/** The events of the spans in another order, each moved as its span is. */
function moveEvents(
  { eventFirsts, eventTimesNs, eventNameIndexes }: TraceColumns,
  sentIndexes: Uint32Array,
  moveNs: (sent: number) => number,
): MovedEvents {
  const moved = {
    eventFirsts: new Uint32Array(eventFirsts.length),
    eventTimesNs: new Float64Array(eventTimesNs.length),
    eventNameIndexes: new Uint32Array(eventNameIndexes.length),
  };
  let at = 0;
  sentIndexes.forEach((sent, place) => {
    const end = eventFirsts[sent + 1] ?? 0;
    for (let from = eventFirsts[sent] ?? 0; from < end; from++, at++) {
      moved.eventTimesNs[at] = (eventTimesNs[from] ?? 0) + moveNs(sent);
      moved.eventNameIndexes[at] = eventNameIndexes[from] ?? 0;
    }
    moved.eventFirsts[place + 1] = at;
  });
  return moved;
}

function pick<Values extends Float64Array | Int32Array | Uint32Array | Uint8Array>(
  values: Values,
  indexes: Uint32Array,
): Values {
  const picked = values.slice() as Values;
  indexes.forEach((from, to) => (picked[to] = values[from] ?? 0));
  return picked;
}
