/** When spans run: nanoseconds since the trace's start, over the index of the spans, as `TraceColumns` has them. */
export interface SpanTimes {
  readonly startsNs: Float64Array;
  readonly durationsNs: Float64Array;
}

/**
 * The self time of each span: the part of it during which none of its children runs. Children overlap each other and may
 * outlast their parent, so what they cover is merged and cut to the parent. Linear: spans must be ordered by start, as
 * `assembleTrace` leaves them, and `parents` be those of their tree. Exact in traces of up to 104 days.
 */
export function computeSelfTimes(
  { startsNs, durationsNs }: SpanTimes,
  parents: Int32Array,
): Float64Array {
  const selfTimesNs = Float64Array.from(durationsNs);
  const coveredUntilNs = Float64Array.from(startsNs);
  for (let index = 0; index < parents.length; index++) {
    const parent = parents[index] ?? -1;
    if (parent < 0) continue;
    const startNs = startsNs[index] ?? 0;
    const parentEndNs = (startsNs[parent] ?? 0) + (durationsNs[parent] ?? 0);
    const fromNs = Math.max(startNs, coveredUntilNs[parent] ?? 0);
    const toNs = Math.min(startNs + (durationsNs[index] ?? 0), parentEndNs);
    if (toNs <= fromNs) continue;
    // Beyond what a double holds exactly, the parts of a span may seem longer than the span.
    selfTimesNs[parent] = Math.max(0, (selfTimesNs[parent] ?? 0) - (toNs - fromNs));
    coveredUntilNs[parent] = toNs;
  }
  return selfTimesNs;
}
