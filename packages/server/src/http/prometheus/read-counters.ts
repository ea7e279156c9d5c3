import { LimitError } from '@clew/model';
import { COARSE_BOUNDS, FINE_BOUNDS, boundsAround, weightsBelow } from './bucket-bounds.ts';
import { LabelMatchers } from './label-matchers.ts';
import { METRICS } from './metric-catalog.ts';
import type { Metric } from './metric-catalog.ts';
import type { MinuteCount, MinuteCounts } from './minute-counts.ts';
import type { Evaluation } from './promql/compile-promql.ts';
import { sampleCounters } from './promql/counter-samples.ts';
import type { CounterSeries } from './promql/counter-samples.ts';
import type { SelectionUse } from './promql/find-selections.ts';
import { METRIC_NAME, dropLabels } from './promql/labels.ts';
import type { Labels, Sample } from './promql/labels.ts';
import { parseNumber } from './promql/literals.ts';
import { gridOf, growingWindowsOf, minutesOf, windowsOf } from './promql/minute-windows.ts';
import type { MinuteGrid } from './promql/minute-windows.ts';

/** How far back a counter without a window has been counting. */
const ORIGIN_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** Numbers of all series and intervals of a selector; with more than the first, histograms have fewer buckets. */
const MAX_FINE_NUMBERS = 60_000;
const MAX_NUMBERS = 5_000_000;

export interface SelectedCounters {
  readonly samples: Evaluation<readonly Sample[]>;
  /** Whether there are metrics of the name that was asked for. */
  readonly isKnown: boolean;
}

/** Since when all counters of a query without a window have been counting: a counter is what it was some time ago, and what came since. */
export function originOf(uses: readonly SelectionUse[]): number {
  const firsts = uses
    .filter(({ window }) => window === undefined)
    .map(({ selector, timesMs }) => (timesMs[0] ?? Infinity) - selector.offsetMs);
  return Math.min(...firsts) - ORIGIN_MS;
}

/** What a selector finds at each of some times. Throws `LimitError` when it is too much. */
export async function readCounters(
  counts: MinuteCounts,
  { selector, window, labels, timesMs }: SelectionUse,
  originMs: number,
): Promise<SelectedCounters> {
  const matchers = new LabelMatchers(selector.matchers);
  const metrics = METRICS.filter(({ name }) => matchers.matchValue(METRIC_NAME, name));
  if (timesMs.length === 0) return { samples: () => [], isKnown: metrics.length > 0 };
  const { offsetMs } = selector;
  const windows =
    window === undefined
      ? growingWindowsOf(timesMs, { offsetMs, originMs })
      : windowsOf(timesMs, { offsetMs, rangeMs: lengthOf(window) });
  const grid = gridOf(windows);
  const series: CounterSeries[] = [];
  for (const metric of metrics) {
    const read = await counts.read({ metric, matchers, labels, grid });
    for (const each of toSeries(read, { metric, matchers, grid })) {
      // What a function makes of a counter is another metric.
      const reduced = window === undefined ? each.labels : dropLabels(each.labels, [METRIC_NAME]);
      series.push({ ...each, labels: reduced });
    }
  }
  const divisor = divisorOf(window);
  return {
    samples: sampleCounters(series, windows, { grid, divisor }),
    isKnown: metrics.length > 0,
  };
}

function lengthOf({ name, rangeMs }: NonNullable<SelectionUse['window']>): number {
  return name === 'irate' ? MINUTE_MS : rangeMs;
}

/** What a count is given in parts of: the seconds it took, or what its minutes are of the window. */
function divisorOf(window: SelectionUse['window']): number {
  if (window === undefined) return 1;
  const { name, rangeMs } = window;
  if (name === 'irate') return 60;
  const minutes = minutesOf(rangeMs);
  return name === 'rate' ? minutes * 60 : (minutes * MINUTE_MS) / rangeMs;
}

interface SeriesParts {
  readonly metric: Metric;
  readonly matchers: LabelMatchers;
  readonly grid: MinuteGrid;
}

function toSeries(
  counts: readonly MinuteCount[],
  { metric, matchers, grid }: SeriesParts,
): readonly CounterSeries[] {
  const byLabels = new Map<Labels, MinuteCount[]>();
  for (const count of counts) {
    const known = byLabels.get(count.labels);
    if (known === undefined) byLabels.set(count.labels, [count]);
    else known.push(count);
  }
  const perBound = byLabels.size * grid.intervalCount;
  const boundsOf = (among: readonly number[]): readonly Bound[] =>
    boundsFor(counts, among, { matchers, metric });
  let bounds = metric.part === 'bucket' ? boundsOf(FINE_BOUNDS) : undefined;
  if (bounds !== undefined && perBound * bounds.length > MAX_FINE_NUMBERS) {
    bounds = boundsOf(COARSE_BOUNDS);
  }
  checkSize(perBound * (bounds?.length ?? 1));
  const groups = [...byLabels];
  if (bounds !== undefined) {
    return groups.flatMap(([labels, each]) => bucketSeries(labels, each, { bounds, grid }));
  }
  return groups.map(([labels, each]) => {
    const amounts = new Float64Array(grid.intervalCount);
    for (const count of each) amounts[count.interval] = amountOf(count, metric);
    return { labels, amounts, firstInterval: firstOf(each) };
  });
}

function amountOf({ calls, failed, seconds }: MinuteCount, { counts, perSecond }: Metric): number {
  if (counts === 'calls') return calls;
  return counts === 'failed' ? failed : seconds * perSecond;
}

interface Bound {
  readonly seconds: number;
  readonly text: string;
}

/** Those that are asked for by name, or all that tell something. */
function boundsFor(
  counts: readonly MinuteCount[],
  among: readonly number[],
  { matchers, metric: { perSecond } }: Pick<SeriesParts, 'matchers' | 'metric'>,
): readonly Bound[] {
  const only = matchers.onlyValue('le');
  if (only !== undefined) {
    const value = parseNumber(only);
    const isFound = value !== undefined && value >= 0 && matchers.matchValue('le', only);
    return isFound ? [{ seconds: value / perSecond, text: only }] : [];
  }
  const finite = boundsAround(
    counts.map(({ latency }) => latency),
    among,
  );
  const all = [
    ...finite.map((seconds) => ({ seconds, text: boundText(seconds, perSecond) })),
    REST,
  ];
  return all.filter(({ text }) => matchers.matchValue('le', text));
}

const REST: Bound = { seconds: Infinity, text: '+Inf' };

function boundText(seconds: number, perSecond: number): string {
  return String(Number((seconds * perSecond).toPrecision(6)));
}

/** The `le` of the buckets that histograms have at least. */
export function bucketTexts({ perSecond }: Metric): readonly string[] {
  return [...COARSE_BOUNDS.map((seconds) => boundText(seconds, perSecond)), REST.text];
}

function bucketSeries(
  labels: Labels,
  counts: readonly MinuteCount[],
  { bounds, grid }: { readonly bounds: readonly Bound[]; readonly grid: MinuteGrid },
): readonly CounterSeries[] {
  const seconds = bounds.map((bound) => bound.seconds);
  const amounts = bounds.map(() => new Float64Array(grid.intervalCount));
  for (const { latency, interval } of counts) {
    for (const [i, weight] of weightsBelow(latency, seconds).entries()) {
      const bucket = amounts[i];
      if (bucket !== undefined) bucket[interval] = weight;
    }
  }
  const firstInterval = firstOf(counts);
  return bounds.map(({ text }, i) => ({
    labels: new Map([...labels, ['le', text]]),
    amounts: amounts[i] ?? new Float64Array(grid.intervalCount),
    firstInterval,
  }));
}

function firstOf(counts: readonly MinuteCount[]): number {
  return counts.reduce((first, { interval }) => Math.min(first, interval), Infinity);
}

function checkSize(count: number): void {
  if (count <= MAX_NUMBERS) return;
  throw new LimitError(
    `query processing would load too many samples into memory in query execution: ${count}, at most ${MAX_NUMBERS}; ask for fewer series, a shorter time or a longer step`,
    { limit: MAX_NUMBERS, actual: count },
  );
}
