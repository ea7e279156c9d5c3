/**
 * When the children of each span were working. The rest is the span's self time: what it spent itself.
 *
 * Children overlap each other and may outlast their parent, so their times are merged and cut to the parent's. As spans
 * come ordered by start, one pass merges the children of all spans at once; a first pass counts, so that the stretches of
 * all spans lie in one pair of arrays.
 */

/** The merged stretches under span `i` are at `firsts[i]` up to `firsts[i + 1]`, ordered, apart from each other. */
export interface ChildCoverage {
  readonly firsts: Uint32Array;
  readonly startsNs: Float64Array;
  readonly endsNs: Float64Array;
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
  return {
    firsts,
    startsNs,
    endsNs,
    selfTimesNs: computeSelfTimes(times, firsts, { startsNs, endsNs }),
  };
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

function computeSelfTimes(
  { durationsNs }: SpanTimes,
  firsts: Uint32Array,
  { startsNs, endsNs }: { readonly startsNs: Float64Array; readonly endsNs: Float64Array },
): Float64Array {
  const selfTimes = new Float64Array(durationsNs);
  for (let index = 0; index < selfTimes.length; index++) {
    const to = firsts[index + 1] ?? 0;
    let covered = 0;
    for (let at = firsts[index] ?? 0; at < to; at++)
      covered += (endsNs[at] ?? 0) - (startsNs[at] ?? 0);
    selfTimes[index] = (selfTimes[index] ?? 0) - covered;
  }
  return selfTimes;
}
