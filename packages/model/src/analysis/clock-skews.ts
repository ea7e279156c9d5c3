/**
 * What clocks are off by, as far as the spans of one trace show it. A caller's span holds its callee's, so a callee that begins
 * before its caller, or ends after it, has a clock that is wrong. How much is not known to less than the time that the call was on
 * its way: the way there and the way back are taken to be equally long, as NTP does (RFC 5905, section 8). A callee that lasts
 * longer than its caller only moves so far that it does not begin before it.
 *
 * What shares its parent's clock moves with it. Each call has its own correction: a service may run on many hosts.
 */

/** The tree of a trace, and the times of its spans as they were sent. */
export interface ClockTree {
  /** Below 0 for a root. */
  readonly parents: Int32Array;
  /** The spans, parents before children; those left out have no skew. */
  readonly order: Uint32Array;
  /** Whole nanoseconds since any moment. */
  readonly startsNs: Float64Array;
  readonly durationsNs: Float64Array;
  /** 1 for a span that was timed by its parent's clock. */
  readonly sharesClock: Uint8Array;
  /** 1 for a span whose end says nothing of its parent's: it may go on after it. */
  readonly mayOutlast?: Uint8Array;
}

/** What is to be added to the start of each span. A skew of more than `maxNs` is given and not reckoned with. */
export function computeClockSkews(tree: ClockTree, maxNs: number = Infinity): Float64Array {
  const { parents, order, startsNs, sharesClock } = tree;
  const skewsNs = new Float64Array(parents.length);
  for (const index of order) {
    const parent = parents[index] ?? -1;
    if (parent < 0) continue;
    const parentSkewNs = skewsNs[parent] ?? 0;
    if (sharesClock[index] === 1) skewsNs[index] = parentSkewNs;
    else {
      const movedNs = Math.abs(parentSkewNs) > maxNs ? 0 : parentSkewNs;
      const parentStartNs = (startsNs[parent] ?? 0) + movedNs;
      skewsNs[index] = skewOf(tree, index, (startsNs[index] ?? 0) - parentStartNs);
    }
  }
  return skewsNs;
}

function skewOf(
  { parents, durationsNs, mayOutlast }: ClockTree,
  index: number,
  startsLaterNs: number,
): number {
  const roomNs = (durationsNs[parents[index] ?? -1] ?? 0) - (durationsNs[index] ?? 0);
  if (roomNs < 0 || mayOutlast?.[index] === 1) return Math.max(0, -startsLaterNs);
  if (startsLaterNs >= 0 && startsLaterNs <= roomNs) return 0;
  return Math.floor(roomNs / 2) - startsLaterNs;
}
