/**
 * When the children of each span were working. The rest is the span's self time: what it spent itself.
 *
 * Children overlap each other and may outlast their parent, so their times are merged and cut to the parent's. As spans
 * come ordered by start, one pass merges the children of all spans at once; a first pass counts, so that the stretches of
 * all spans lie in one pair of arrays.
 */
import { upperBound } from '../base/binary-search.ts';

/** The merged stretches under span `i` are at `firsts[i]` up to `firsts[i + 1]`, ordered, apart from each other. */
export interface ChildCoverage {
  readonly firsts: Uint32Array;
  readonly startsNs: Float64Array;
  readonly endsNs: Float64Array;
  /** How much the stretches before each one cover, summed up over all spans. */
  readonly coveredBeforeNs: Float64Array;
  /** What no child covers, per span. */
  readonly selfTimesNs: Float64Array;
}

/** Of each span, ordered by start. */
export interface SpanTimes {
  readonly offsetsNs: Float64Array;
  readonly durationsNs: Float64Array;
}

export function computeChildCoverage(parents: Int32Array, times: SpanTimes): ChildCoverage {
  const counts = new Uint32Array(parents.length);
  mergeChildren(parents, times, (parent) => {
    counts[parent] = (counts[parent] ?? 0) + 1;
    return -1;
  });
  const firsts = sumBefore(counts);
  const total = firsts[parents.length] ?? 0;
  const startsNs = new Float64Array(total);
  const endsNs = new Float64Array(total);
  counts.fill(0);
  mergeChildren(
    parents,
    times,
    (parent, startNs) => {
      const at = (firsts[parent] ?? 0) + (counts[parent] ?? 0);
      counts[parent] = (counts[parent] ?? 0) + 1;
      startsNs[at] = startNs;
      return at;
    },
    endsNs,
  );
  const coveredBeforeNs = new Float64Array(total + 1);
  for (let at = 0; at < total; at++) {
    const length = (endsNs[at] ?? 0) - (startsNs[at] ?? 0);
    coveredBeforeNs[at + 1] = (coveredBeforeNs[at] ?? 0) + length;
  }
  const selfTimesNs = times.durationsNs.map((durationNs, index) => {
    const before = coveredBeforeNs[firsts[index] ?? 0] ?? 0;
    return durationNs - ((coveredBeforeNs[firsts[index + 1] ?? 0] ?? 0) - before);
  });
  return { firsts, startsNs, endsNs, coveredBeforeNs, selfTimesNs };
}

/** How much of a span's time before `ns` its children cover: by binary search. */
export function coveredUntil(coverage: ChildCoverage, spanIndex: number, ns: number): number {
  const { firsts, startsNs, endsNs, coveredBeforeNs } = coverage;
  const from = firsts[spanIndex] ?? 0;
  const to = firsts[spanIndex + 1] ?? 0;
  const at = upperBound({ values: endsNs, from, to }, ns);
  const before = (coveredBeforeNs[at] ?? 0) - (coveredBeforeNs[from] ?? 0);
  return at < to ? before + Math.max(0, ns - (startsNs[at] ?? 0)) : before;
}

/** Calls `open` for each new stretch, which answers where its end is to be written. */
function mergeChildren(
  parents: Int32Array,
  { offsetsNs, durationsNs }: SpanTimes,
  open: (parent: number, startNs: number) => number,
  endsNs?: Float64Array,
): void {
  const lastEnds = new Float64Array(parents.length).fill(-1);
  const lastAts = new Int32Array(parents.length);
  for (let index = 0; index < parents.length; index++) {
    const parent = parents[index] ?? -1;
    if (parent < 0) continue;
    const childStart = offsetsNs[index] ?? 0;
    const parentStart = offsetsNs[parent] ?? 0;
    const start = Math.max(childStart, parentStart);
    const end = Math.min(
      childStart + (durationsNs[index] ?? 0),
      parentStart + (durationsNs[parent] ?? 0),
    );
    const lastEnd = lastEnds[parent] ?? -1;
    if (end <= start || end <= lastEnd) continue;
    if (start > lastEnd) lastAts[parent] = open(parent, start);
    lastEnds[parent] = end;
    if (endsNs !== undefined) endsNs[lastAts[parent] ?? 0] = end;
  }
}

function sumBefore(counts: Uint32Array): Uint32Array {
  const firsts = new Uint32Array(counts.length + 1);
  for (let i = 0; i < counts.length; i++) firsts[i + 1] = (firsts[i] ?? 0) + (counts[i] ?? 0);
  return firsts;
}
