/** How many spans the groups of a trace have, and how long they took: an array per figure, over the index of the group. */
import { allIndexes, sortIndexes } from '../../base/sort-indexes.ts';
import type { TraceView } from '../trace-view.ts';
import type { SpanGroups } from './group-spans.ts';

export interface GroupFigures {
  readonly counts: Uint32Array;
  readonly errorCounts: Uint32Array;
  /** The durations of the spans together: what runs side by side counts as often. */
  readonly totalsNs: Float64Array;
  readonly selfTimesNs: Float64Array;
  readonly minsNs: Float64Array;
  readonly p50sNs: Float64Array;
  readonly p95sNs: Float64Array;
  readonly p99sNs: Float64Array;
  readonly maxsNs: Float64Array;
  /** The spans of group `g`, shortest first, are those from `firsts[g]` up to `firsts[g + 1]`. */
  readonly spanIndexes: Uint32Array;
  readonly firsts: Uint32Array;
  /** Of all spans: what the self times of all groups come to. */
  readonly selfTimeNs: number;
}

/** What the figures are made of. */
export interface FigureSource extends Pick<TraceView, 'durationsNs' | 'errors' | 'spanCount'> {
  readonly coverage: Pick<TraceView['coverage'], 'selfTimesNs'>;
}

/** Linear in the spans: they are sorted by duration once, and then dealt out to their groups. */
export function summarizeGroups(view: FigureSource, { labels, groupOf }: SpanGroups): GroupFigures {
  const { durationsNs, errors, spanCount } = view;
  const { selfTimesNs: ownNs } = view.coverage;
  const groupCount = labels.length;
  const counts = new Uint32Array(groupCount);
  const errorCounts = new Uint32Array(groupCount);
  const totalsNs = new Float64Array(groupCount);
  const selfTimesNs = new Float64Array(groupCount);
  let selfTimeNs = 0;
  for (let index = 0; index < spanCount; index++) {
    const group = groupOf[index] ?? 0;
    counts[group] = (counts[group] ?? 0) + 1;
    errorCounts[group] = (errorCounts[group] ?? 0) + (errors[index] ?? 0);
    totalsNs[group] = (totalsNs[group] ?? 0) + (durationsNs[index] ?? 0);
    selfTimesNs[group] = (selfTimesNs[group] ?? 0) + (ownNs[index] ?? 0);
    selfTimeNs += ownNs[index] ?? 0;
  }
  const firsts = new Uint32Array(groupCount + 1);
  for (let group = 0; group < groupCount; group++) {
    firsts[group + 1] = (firsts[group] ?? 0) + (counts[group] ?? 0);
  }
  const spanIndexes = dealOut(sortIndexes(allIndexes(spanCount), durationsNs), groupOf, firsts);
  const rank = (share: number): Float64Array =>
    Float64Array.from(counts, (count, group) => {
      if (count === 0) return 0;
      const at = Math.max(1, Math.ceil(share * count)) - 1;
      return durationsNs[spanIndexes[(firsts[group] ?? 0) + at] ?? 0] ?? 0;
    });
  return {
    counts,
    errorCounts,
    totalsNs,
    selfTimesNs,
    minsNs: rank(0),
    p50sNs: rank(0.5),
    p95sNs: rank(0.95),
    p99sNs: rank(0.99),
    maxsNs: rank(1),
    spanIndexes,
    firsts,
    selfTimeNs,
  };
}

/** The spans of one group. */
export function spansOfGroup({ spanIndexes, firsts }: GroupFigures, group: number): Uint32Array {
  return spanIndexes.subarray(firsts[group], firsts[group + 1]);
}

function dealOut(order: Uint32Array, groupOf: Uint32Array, firsts: Uint32Array): Uint32Array {
  const places = firsts.slice();
  const dealt = new Uint32Array(order.length);
  for (const index of order) {
    const group = groupOf[index] ?? 0;
    const place = places[group] ?? 0;
    places[group] = place + 1;
    dealt[place] = index;
  }
  return dealt;
}
