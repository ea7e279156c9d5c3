import type {
  AttributeValueJson,
  HistogramCellJson,
  LabelJson,
  MetricsInstantResponse,
  MetricsRangeResponse,
} from '@clew/api';
import { unreachable } from '@clew/model';
import type { Label, MetricsRange, Series, Value } from '@clew/traceql';
import type { HistogramCell } from '../../query/histogram.ts';

/** Series as the API shows them. */
export function rangeToJson(series: readonly Series[], range: MetricsRange): MetricsRangeResponse {
  return {
    startUnixNano: range.startUnixNano.toString(),
    stepNano: range.stepNano.toString(),
    series: series.map(({ labels, values }) => ({
      labels: labels.map(labelToJson),
      values: Array.from(values, (value) => (Number.isFinite(value) ? value : null)),
    })),
  };
}

/** Series of one interval, each as its number. */
export function instantToJson(series: readonly Series[]): MetricsInstantResponse {
  return {
    series: series.flatMap(({ labels, values }) => {
      const value = values[0] ?? Number.NaN;
      return Number.isFinite(value) ? [{ labels: labels.map(labelToJson), value }] : [];
    }),
  };
}

export function cellToJson({
  interval,
  maxDurationNano,
  spanCount,
  errorCount,
}: HistogramCell): HistogramCellJson {
  return { interval, maxDurationNano: maxDurationNano.toString(), spanCount, errorCount };
}

function labelToJson({ name, value }: Label): LabelJson {
  return { name, value: valueToJson(value) };
}

function valueToJson(value: Value | undefined): AttributeValueJson {
  switch (value?.type) {
    case undefined:
    case 'other':
      return { type: 'empty' };
    case 'string':
    case 'bool':
      return value;
    case 'int':
    case 'duration':
      return { type: 'int', value: value.value.toString() };
    case 'float': {
      const number = value.value;
      return { type: 'double', value: Number.isFinite(number) ? number : String(number) };
    }
    case 'status':
    case 'kind':
      return { type: 'string', value: value.value };
    case 'list':
      return { type: 'array', value: value.values.map(valueToJson) };
    default:
      return unreachable(value);
  }
}
