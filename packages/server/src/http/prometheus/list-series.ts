/** Which metrics, labels and series there are. */
import { InvalidQueryError } from '@clew/model';
import type { QueryOptions, TraceQueries } from '../../query/trace-queries.ts';
import { LabelMatchers } from './label-matchers.ts';
import { METRICS, labelNamesOf } from './metric-catalog.ts';
import type { Metric } from './metric-catalog.ts';
import { MinuteCounts } from './minute-counts.ts';
import { METRIC_NAME, labelsKey } from './promql/labels.ts';
import type { Labels } from './promql/labels.ts';
import { parseSelector } from './promql/parse-promql.ts';
import { bucketTexts } from './read-counters.ts';

export interface SeriesRequest {
  /** Selectors; all series when there are none. */
  readonly selectors: readonly string[];
  readonly startMs: number;
  readonly endMs: number;
}

const MINUTE_MS = 60_000;

/** More are nobody's to read. */
const MAX_SERIES = 50_000;

/** Sorted. Whether there are series of them is not looked at. */
export function listLabelNames(selectors: readonly string[]): readonly string[] {
  const selected = selectMetrics(selectors);
  const names = new Set(selected.flatMap(({ metric }) => labelNamesOf(metric)));
  if (selected.length > 0) names.add(METRIC_NAME);
  return [...names].sort();
}

/** Sorted. Throws `InvalidQueryError` for what is no selector. */
export async function listLabelValues(
  queries: TraceQueries,
  label: string,
  request: SeriesRequest,
  options: QueryOptions,
): Promise<readonly string[]> {
  const selected = selectMetrics(request.selectors);
  const values = new Set<string>();
  if (label === METRIC_NAME) for (const { metric } of selected) values.add(metric.name);
  const having = selected.filter(({ metric }) => labelNamesOf(metric).includes(label));
  if (label === 'le') {
    for (const text of having.flatMap(({ metric }) => bucketTexts(metric))) values.add(text);
    return [...values];
  }
  const counts = new MinuteCounts(queries, options);
  const parts = { labels: new Set([label]), grid: gridOf(request) };
  for (const each of having) {
    for (const { labels } of await counts.read({ ...each, ...parts })) {
      values.add(labels.get(label) ?? '');
    }
  }
  values.delete('');
  return [...values].sort();
}

/** Series that were counted in a time; `isCut` when there are more. Throws `InvalidQueryError`. */
export async function listSeries(
  queries: TraceQueries,
  request: SeriesRequest,
  options: QueryOptions,
): Promise<{ readonly series: readonly Labels[]; readonly isCut: boolean }> {
  const counts = new MinuteCounts(queries, options);
  const parts = { labels: undefined, grid: gridOf(request) };
  const series = new Map<string, Labels>();
  for (const each of selectMetrics(request.selectors)) {
    const found = await counts.read({ ...each, ...parts });
    for (const labels of found.flatMap((count) => withBuckets(count.labels, each))) {
      series.set(labelsKey(labels), labels);
    }
    if (series.size > MAX_SERIES) break;
  }
  const all = [...series.values()];
  return { series: all.slice(0, MAX_SERIES), isCut: all.length > MAX_SERIES };
}

interface SelectedMetric {
  readonly metric: Metric;
  readonly matchers: LabelMatchers;
}

function selectMetrics(selectors: readonly string[]): readonly SelectedMetric[] {
  const all =
    selectors.length === 0
      ? [new LabelMatchers([])]
      : selectors.map((selector) => new LabelMatchers(readMatch(selector).matchers));
  return all.flatMap((matchers) =>
    METRICS.filter(({ name }) => matchers.matchValue(METRIC_NAME, name)).map((metric) => ({
      metric,
      matchers,
    })),
  );
}

/** A selector of the parameter `match[]`, which is named where it is none. */
function readMatch(text: string): ReturnType<typeof parseSelector> {
  try {
    return parseSelector(text);
  } catch (error) {
    if (!(error instanceof InvalidQueryError)) throw error;
    throw new InvalidQueryError(error.message, { parameter: 'match[]' });
  }
}

function withBuckets(labels: Labels, { metric, matchers }: SelectedMetric): readonly Labels[] {
  if (metric.part !== 'bucket') return [labels];
  const texts = bucketTexts(metric).filter((text) => matchers.matchValue('le', text));
  return texts.map((text) => new Map([...labels, ['le', text]]));
}

/** The whole minutes of a time as one interval. */
function gridOf({ startMs, endMs }: SeriesRequest): Parameters<MinuteCounts['read']>[0]['grid'] {
  const firstMinute = Math.floor(startMs / MINUTE_MS);
  const stepMinutes = Math.max(1, Math.ceil(endMs / MINUTE_MS) - firstMinute);
  return { firstMinute, stepMinutes, intervalCount: 1 };
}
