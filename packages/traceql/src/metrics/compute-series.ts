import { unreachable } from '@clew/model';
import type { Field, MetricsFunction } from '../syntax-tree.ts';
import { endOfPower, quantileOf } from './buckets.ts';
import type { BucketKind } from './buckets.ts';
import type { Cell, MetricsRow, MetricsTable } from './metrics-table.ts';
import { isEmptySeries, sortSeries } from './series.ts';
import type { Label, Series } from './series.ts';

export interface SeriesOptions {
  readonly stepSeconds: number;
  readonly quantileBuckets: BucketKind;
}

/** Which buckets a function needs; undefined where it needs none. */
export function bucketsFor(
  { name }: MetricsFunction,
  { quantileBuckets }: Pick<SeriesOptions, 'quantileBuckets'>,
): BucketKind | undefined {
  if (name === 'quantile_over_time') return quantileBuckets;
  return name === 'histogram_over_time' ? 'powerOfTwo' : undefined;
}

/** The series of a function over what was counted. Durations come in seconds. */
export function computeSeries(
  metricsFunction: Exclude<MetricsFunction, { readonly name: 'compare' }>,
  table: MetricsTable,
  options: SeriesOptions,
): readonly Series[] {
  const series = table.rows.flatMap((row) => seriesOf(metricsFunction, row, options));
  return sortSeries(series.filter((each) => !isEmptySeries(each)));
}

function seriesOf(
  metricsFunction: Exclude<MetricsFunction, { readonly name: 'compare' }>,
  row: MetricsRow,
  { stepSeconds, quantileBuckets }: SeriesOptions,
): readonly Series[] {
  const isOfDuration = 'field' in metricsFunction && isDuration(metricsFunction.field);
  const unit = isOfDuration ? 1e9 : 1;
  switch (metricsFunction.name) {
    case 'rate':
      return [read(row, 0, ({ weight }) => weight / stepSeconds)];
    case 'count_over_time':
      return [read(row, 0, ({ weight }) => weight)];
    case 'min_over_time':
      return [readNumbers(row, ({ min }) => min / unit)];
    case 'max_over_time':
      return [readNumbers(row, ({ max }) => max / unit)];
    case 'sum_over_time':
      return [readNumbers(row, ({ sum }) => sum / unit)];
    case 'avg_over_time':
      return [readNumbers(row, ({ sum, numberWeight }) => sum / numberWeight / unit)];
    case 'quantile_over_time':
      return metricsFunction.quantiles.map((quantile, i) => {
        const labels = [...row.labels, numberLabel('p', quantile)];
        return read({ ...row, labels }, Number.NaN, ({ buckets, quantiles }) => {
          return (quantiles?.[i] ?? quantileOf(buckets, quantile, quantileBuckets)) / unit;
        });
      });
    case 'histogram_over_time':
      return bucketsOf(row).map((key) => {
        const labels = [...row.labels, numberLabel('__bucket', endOfPower(key) / unit)];
        return read({ ...row, labels }, 0, ({ buckets }) => buckets.get(key) ?? 0);
      });
    default:
      return unreachable(metricsFunction);
  }
}

function readNumbers(row: MetricsRow, value: (cell: Cell) => number): Series {
  return read(row, Number.NaN, (cell) => (cell.numberWeight > 0 ? value(cell) : Number.NaN));
}

function read(
  { labels, cells }: MetricsRow,
  nothing: number,
  value: (cell: Cell) => number,
): Series {
  return {
    labels,
    values: Float64Array.from(cells, (cell) => (cell === undefined ? nothing : value(cell))),
  };
}

function numberLabel(name: string, value: number): Label {
  return { name, value: { type: 'float', value } };
}

function bucketsOf({ cells }: MetricsRow): readonly number[] {
  const keys = new Set(cells.flatMap((cell) => [...(cell?.buckets.keys() ?? [])]));
  return [...keys].sort((a, b) => a - b);
}

/** Whether its values are nanoseconds. */
function isDuration(field: Field): boolean {
  if (field.kind !== 'intrinsic') return false;
  const { name } = field;
  return name === 'span:duration' || name === 'trace:duration' || name === 'event:timeSinceStart';
}
