/** What is done with series: kept by their size, compared with a number, computed with. */
import { unreachable } from '@clew/model';
import type {
  ComparisonOperator,
  Literal,
  MetricsExpression,
  MetricsOperation,
  MetricsPipeline,
  SecondStage,
} from '../syntax-tree.ts';
import { compareSeries, isEmptySeries, labelsKey } from './series.ts';
import type { Series } from './series.ts';

/** The series of an expression, whose pipelines were answered before; a number alone is one series. */
export function combineSeries(
  expression: MetricsExpression,
  answerOf: (pipeline: MetricsPipeline) => readonly Series[],
  binCount: number,
): readonly Series[] {
  const result = combine(expression, answerOf);
  if (typeof result !== 'number') return result;
  return [{ labels: [], values: new Float64Array(binCount).fill(result) }];
}

/** The pipelines of an expression, from left to right. */
export function pipelinesOf(expression: MetricsExpression): readonly MetricsPipeline[] {
  switch (expression.kind) {
    case 'number':
      return [];
    case 'metricsPipeline':
      return [expression];
    case 'metricsOperation':
      return [...pipelinesOf(expression.left), ...pipelinesOf(expression.right)];
    default:
      return unreachable(expression);
  }
}

function combine(
  expression: MetricsExpression,
  answerOf: (pipeline: MetricsPipeline) => readonly Series[],
): readonly Series[] | number {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'metricsPipeline':
      return expression.seconds.reduce(applySecond, answerOf(expression));
    case 'metricsOperation': {
      const left = combine(expression.left, answerOf);
      const right = combine(expression.right, answerOf);
      return operate(expression.operator, left, right);
    }
    default:
      return unreachable(expression);
  }
}

function applySecond(series: readonly Series[], second: SecondStage): readonly Series[] {
  if (second.kind === 'compare') return keepWhere(series, second.operator, numberOf(second.value));
  return keepLargest(series, second.count, second.kind === 'topk' ? 1 : -1);
}

function numberOf({ value }: Literal): number {
  if (value.type === 'float') return value.value;
  // Durations are seconds among the results.
  if (value.type === 'duration') return Number(value.value) / 1e9;
  return value.type === 'int' ? Number(value.value) : Number.NaN;
}

function keepWhere(
  series: readonly Series[],
  operator: ComparisonOperator,
  number: number,
): readonly Series[] {
  const holds = COMPARISONS[operator];
  return keep(series, (value) => holds(value, number));
}

const COMPARISONS: Readonly<Record<ComparisonOperator, (a: number, b: number) => boolean>> = {
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** In each interval so many of the series; of equal ones the first by their labels. */
function keepLargest(series: readonly Series[], count: number, sign: 1 | -1): readonly Series[] {
  const ordered = [...series].sort(compareSeries);
  const kept = ordered.map(({ values }) => new Uint8Array(values.length));
  const binCount = ordered[0]?.values.length ?? 0;
  for (let bin = 0; bin < binCount; bin++) {
    const valueOf = (index: number): number => ordered[index]?.values[bin] ?? Number.NaN;
    const largest = [...ordered.keys()]
      .filter((index) => !Number.isNaN(valueOf(index)))
      .sort((a, b) => sign * (valueOf(b) - valueOf(a)) || a - b)
      .slice(0, count);
    for (const index of largest) (kept[index] ?? [])[bin] = 1;
  }
  return keep(ordered, (_, index, bin) => kept[index]?.[bin] === 1);
}

/** The values for which it holds, of the series that have one. */
function keep(
  series: readonly Series[],
  isKept: (value: number, index: number, bin: number) => boolean,
): readonly Series[] {
  return series
    .map(({ labels, values }, index) => ({
      labels,
      values: values.map((value, bin) => (isKept(value, index, bin) ? value : Number.NaN)),
    }))
    .filter((each) => !isEmptySeries(each));
}

type Operator = MetricsOperation['operator'];

/** Series of the same labels with each other; one without its like is left out. */
function operate(
  operator: Operator,
  left: readonly Series[] | number,
  right: readonly Series[] | number,
): readonly Series[] | number {
  if (typeof left === 'number') {
    if (typeof right === 'number') return compute(operator, left, right);
    return right.map((each) => change(each, (value) => compute(operator, left, value)));
  }
  if (typeof right === 'number') {
    return left.map((each) => change(each, (value) => compute(operator, value, right)));
  }
  const others = new Map(right.map(({ labels, values }) => [labelsKey(labels), values]));
  return left.flatMap((each) => {
    const values = others.get(labelsKey(each.labels));
    if (values === undefined) return [];
    return [change(each, (value, bin) => compute(operator, value, values[bin] ?? Number.NaN))];
  });
}

function change({ labels, values }: Series, map: (value: number, bin: number) => number): Series {
  return { labels, values: values.map(map) };
}

/** Nothing comes of a division by 0. */
function compute(operator: Operator, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return right === 0 ? Number.NaN : left / right;
    default:
      return unreachable(operator);
  }
}
