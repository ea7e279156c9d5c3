/**
 * Two traces side by side as typed arrays: which span is which, and what the spans of each path of calls amount to in either
 * of them. No recursion and nothing made for a span, so that it runs in a worker of a browser for traces of any size.
 *
 * A path is service, span name and kind from the root down; spans that were reached by the same path are one group, however
 * often the call was made.
 */
import type { DiffColumns } from './diff-columns.ts';
import { matchSpans } from './match-spans.ts';
import { measureTrace } from './measured-trace.ts';
import type { MeasuredTrace } from './measured-trace.ts';
import { SpanGroups } from './span-groups.ts';
import type { GroupPlaces } from './span-groups.ts';

export interface TraceComparison {
  readonly base: ComparedSide;
  readonly other: ComparedSide;
  readonly groups: ComparedGroups;
  readonly matchedCount: number;
}

/** One of the two traces; arrays are over the index of its spans. */
export interface ComparedSide extends Omit<MeasuredTrace, 'columns'> {
  /** The index of the same work in the trace beside it; -1 where there is none. */
  readonly partners: Int32Array;
}

/** Arrays over the number of the group. */
export interface ComparedGroups extends GroupPlaces {
  readonly base: GroupSums;
  readonly other: GroupSums;
  /** Pairs of partners. */
  readonly matchedCounts: Uint32Array;
}

/** How the spans of each group are in one of the traces. */
export interface GroupSums {
  readonly spanCounts: Uint32Array;
  readonly errorCounts: Uint32Array;
  /** Sums over the spans, of self time too. */
  readonly durationsNs: Float64Array;
  readonly selfTimesNs: Float64Array;
  /** Their part of the trace's duration, as `computeTimeShares` divides it. */
  readonly sharesNs: Float64Array;
}

/** Compares two traces, each ordered by start. Takes no more than n log n. */
export function compareColumns(base: DiffColumns, other: DiffColumns): TraceComparison {
  const numbers = new SpanGroups();
  const baseTrace = measureTrace(base, numbers);
  const otherTrace = measureTrace(other, numbers);
  const partners = matchSpans(baseTrace, otherTrace);
  const places = numbers.toPlaces();
  const matchedCounts = new Uint32Array(places.count);
  const otherPartners = new Int32Array(other.spanCount).fill(-1);
  let matchedCount = 0;
  partners.forEach((partner, index) => {
    if (partner < 0) return;
    const group = baseTrace.groupIds[index] ?? 0;
    matchedCount++;
    matchedCounts[group] = (matchedCounts[group] ?? 0) + 1;
    otherPartners[partner] = index;
  });
  return {
    base: toSide(baseTrace, partners),
    other: toSide(otherTrace, otherPartners),
    groups: {
      ...places,
      base: sumGroups(baseTrace, places.count),
      other: sumGroups(otherTrace, places.count),
      matchedCounts,
    },
    matchedCount,
  };
}

function toSide(measured: MeasuredTrace, partners: Int32Array): ComparedSide {
  const { tree, groupIds, errors, selfTimesNs, sharesNs, durationNs, idleNs } = measured;
  return { tree, groupIds, errors, selfTimesNs, sharesNs, durationNs, idleNs, partners };
}

function sumGroups(trace: MeasuredTrace, count: number): GroupSums {
  const { groupIds, errors, selfTimesNs, sharesNs, columns } = trace;
  const sums = {
    spanCounts: new Uint32Array(count),
    errorCounts: new Uint32Array(count),
    durationsNs: new Float64Array(count),
    selfTimesNs: new Float64Array(count),
    sharesNs: new Float64Array(count),
  };
  groupIds.forEach((group, index) => {
    sums.spanCounts[group] = (sums.spanCounts[group] ?? 0) + 1;
    sums.errorCounts[group] = (sums.errorCounts[group] ?? 0) + (errors[index] ?? 0);
    sums.durationsNs[group] = (sums.durationsNs[group] ?? 0) + (columns.durationsNs[index] ?? 0);
    sums.selfTimesNs[group] = (sums.selfTimesNs[group] ?? 0) + (selfTimesNs[index] ?? 0);
    sums.sharesNs[group] = (sums.sharesNs[group] ?? 0) + (sharesNs[index] ?? 0);
  });
  return sums;
}
