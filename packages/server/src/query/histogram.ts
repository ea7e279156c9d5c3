/** A picture of a search, as TraceQL's histogram of the durations of what it finds, errors apart. */
import { NOWHERE, intrinsicField } from '@clew/traceql';
import type { MetricsQuery, SearchQuery, Series } from '@clew/traceql';
import { metricsBy } from './metrics-query.ts';

export interface HistogramCell {
  /** Counted from 0. */
  readonly interval: number;
  /** Durations are up to this, and more than half of it; 0 of spans that took no time. */
  readonly maxDurationNano: bigint;
  readonly spanCount: number;
  readonly errorCount: number;
}

const DURATION = intrinsicField('span:duration');
const STATUS = intrinsicField('span:status');

export function histogramOf({ pipeline }: SearchQuery): MetricsQuery {
  const histogram = { name: 'histogram_over_time', field: DURATION, range: NOWHERE } as const;
  return metricsBy(pipeline, histogram, STATUS);
}

/** The cells of the series that `histogramOf` computes; by interval, then by duration. */
export function cellsOf(series: readonly Series[]): readonly HistogramCell[] {
  const cells = new Map<
    string,
    { -readonly [Field in keyof HistogramCell]: HistogramCell[Field] }
  >();
  for (const { labels, values } of series) {
    const [status, bucket] = labels.map(({ value }) => value);
    if (bucket?.type !== 'float') continue;
    const isError = status?.type === 'status' && status.value === 'error';
    const maxDurationNano = BigInt(Math.round(bucket.value * 1e9));
    for (const [interval, count] of values.entries()) {
      if (!(count > 0)) continue;
      const key = `${interval} ${maxDurationNano}`;
      const cell = cells.get(key) ?? { interval, maxDurationNano, spanCount: 0, errorCount: 0 };
      cell.spanCount += count;
      if (isError) cell.errorCount += count;
      cells.set(key, cell);
    }
  }
  return [...cells.values()].sort(
    (a, b) => a.interval - b.interval || Number(a.maxDurationNano - b.maxDurationNano),
  );
}
