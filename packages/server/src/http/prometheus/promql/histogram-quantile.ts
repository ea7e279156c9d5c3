import type { Evaluation } from './compile-promql.ts';
import { LabelGrouper, METRIC_NAME, dropLabels } from './labels.ts';
import type { LabelGroup, Sample } from './labels.ts';
import { parseNumber } from './literals.ts';

/** A bucket of a histogram: how many were at most as large as `bound`. */
interface Bucket {
  readonly bound: number;
  count: number;
}

/** Reads a quantile off buckets, as if what is in one were spread evenly over it. */
export function compileHistogramQuantile(
  quantile: Evaluation<number>,
  buckets: Evaluation<readonly Sample[]>,
): Evaluation<readonly Sample[]> {
  const grouper = new LabelGrouper((labels) => dropLabels(labels, ['le', METRIC_NAME]));
  return (step) => {
    const histograms = new Map<LabelGroup, Bucket[]>();
    for (const { labels, value } of buckets(step)) {
      const bound = parseNumber(labels.get('le') ?? '');
      if (bound === undefined || Number.isNaN(bound)) continue;
      const group = grouper.groupOf(labels);
      const known = histograms.get(group);
      if (known === undefined) histograms.set(group, [{ bound, count: value }]);
      else known.push({ bound, count: value });
    }
    const wanted = quantile(step);
    return [...histograms].map(([{ labels }, each]) => ({
      labels,
      value: quantileOfBuckets(wanted, each),
    }));
  };
}

/** `NaN` for buckets that do not reach to infinity, or have nothing in them. */
function quantileOfBuckets(quantile: number, given: readonly Bucket[]): number {
  if (Number.isNaN(quantile)) return NaN;
  if (quantile < 0) return -Infinity;
  if (quantile > 1) return Infinity;
  const buckets = sortBuckets(given);
  const last = buckets.at(-1);
  const largest = buckets.at(-2);
  if (last?.bound !== Infinity || largest === undefined || !(last.count > 0)) return NaN;
  const rank = quantile * last.count;
  const at = buckets.findIndex(({ count }) => count >= rank);
  const bucket = buckets[at];
  if (bucket === undefined || bucket === last) return largest.bound;
  return interpolate(rank, bucket, buckets[at - 1]);
}

/** The first bucket begins at 0, where that is below its end. */
function interpolate(rank: number, bucket: Bucket, before: Bucket | undefined): number {
  if (before === undefined && bucket.bound <= 0) return bucket.bound;
  const { bound: start, count: below } = before ?? { bound: 0, count: 0 };
  const share = bucket.count === below ? 0 : (rank - below) / (bucket.count - below);
  return start + (bucket.bound - start) * share;
}

/** Ascending, each bound once, and never less than those below, which rounding might make them. */
function sortBuckets(given: readonly Bucket[]): readonly Bucket[] {
  const buckets: Bucket[] = [];
  for (const { bound, count } of given.toSorted((a, b) => a.bound - b.bound)) {
    const last = buckets.at(-1);
    if (last?.bound === bound) last.count += count;
    else buckets.push({ bound, count });
  }
  let most = -Infinity;
  for (const bucket of buckets) {
    most = Math.max(most, bucket.count);
    bucket.count = most;
  }
  return buckets;
}
