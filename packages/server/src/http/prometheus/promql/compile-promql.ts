/** The meaning of PromQL at one moment, given what its selectors find then. */
import { unreachable } from '@clew/model';
import { compileAggregation } from './aggregate.ts';
import { compileBinary } from './binary.ts';
import { compileHistogramQuantile } from './histogram-quantile.ts';
import { LabelGrouper, METRIC_NAME, dropLabels } from './labels.ts';
import type { Labels, Sample } from './labels.ts';
import type { Call, Expression, FunctionName, Selector } from './syntax-tree.ts';

/** A scalar, a text, or samples. */
export type PromqlValue = number | string | readonly Sample[];

/** Computes a value for a step of the query. */
export type Evaluation<Value extends PromqlValue = PromqlValue> = (step: number) => Value;

/** A selector, or a function of a window of one. */
export type Selection = Selector | Call;

export interface PromqlSource {
  /** What a selection finds at each step: series come at each step with the same `Labels`. */
  readonly read: (selection: Selection) => Evaluation<readonly Sample[]>;
  /** Of each step, since 1970. */
  readonly timesMs: readonly number[];
}

export function compilePromql(expression: Expression, source: PromqlSource): Evaluation {
  switch (expression.kind) {
    case 'number':
    case 'text': {
      const { value } = expression;
      return () => value;
    }
    case 'selector':
      return source.read(expression);
    case 'window':
      // Only functions take one, and they read it themselves.
      return () => [];
    case 'negation':
      return compileMap(compilePromql(expression.operand, source), (value) => -value);
    case 'call':
      return compileCall(expression, source);
    case 'aggregation': {
      const { parameter } = expression;
      return compileAggregation(
        expression,
        compileVector(expression.operand, source),
        parameter === undefined ? undefined : compileScalar(parameter, source),
      );
    }
    case 'binary':
      return compileBinary(
        expression,
        compilePromql(expression.left, source),
        compilePromql(expression.right, source),
      );
    default:
      return unreachable(expression);
  }
}

function compileCall(call: Call, source: PromqlSource): Evaluation {
  const { name, arguments: given } = call;
  const [first, second] = given;
  if (isNumberFunction(name)) {
    const other = second === undefined ? () => 1 : compileScalar(second, source);
    return compileMap(compileVector(first, source), NUMBER_FUNCTIONS[name], other);
  }
  switch (name) {
    case 'rate':
    case 'increase':
    case 'irate':
      return source.read(call);
    case 'time':
      return (step) => (source.timesMs[step] ?? NaN) / 1000;
    case 'vector': {
      const scalar = compileScalar(first, source);
      return (step) => [{ labels: NO_LABELS, value: scalar(step) }];
    }
    case 'scalar': {
      const vector = compileVector(first, source);
      return (step) => onlyValue(vector(step));
    }
    case 'sort':
    case 'sort_desc': {
      const vector = compileVector(first, source);
      const direction = name === 'sort' ? 1 : -1;
      return (step) => vector(step).toSorted((a, b) => direction * compareValues(a.value, b.value));
    }
    case 'histogram_quantile':
      return compileHistogramQuantile(compileScalar(first, source), compileVector(second, source));
    default:
      return unreachable(name);
  }
}

type NumberFunction = 'abs' | 'ceil' | 'floor' | 'round' | 'clamp_min' | 'clamp_max';

function isNumberFunction(name: FunctionName): name is NumberFunction {
  return name in NUMBER_FUNCTIONS;
}

const NUMBER_FUNCTIONS: Readonly<Record<NumberFunction, (value: number, other: number) => number>> =
  {
    abs: Math.abs,
    ceil: Math.ceil,
    floor: Math.floor,
    // By the inverse, as Prometheus has it: 0.3 and not 0.30000000000000004.
    round: (value, nearest) => Math.floor(value * (1 / nearest) + 0.5) / (1 / nearest),
    clamp_min: Math.max,
    clamp_max: Math.min,
  };

const NO_LABELS: Labels = new Map();

/** `checkExpression` has seen to what kind of value it is. */
function compileVector(
  expression: Expression | undefined,
  source: PromqlSource,
): Evaluation<readonly Sample[]> {
  if (expression === undefined) return () => [];
  const evaluate = compilePromql(expression, source);
  return (step) => {
    const value = evaluate(step);
    return typeof value === 'object' ? value : [];
  };
}

function compileScalar(
  expression: Expression | undefined,
  source: PromqlSource,
): Evaluation<number> {
  if (expression === undefined) return () => NaN;
  const evaluate = compilePromql(expression, source);
  return (step) => {
    const value = evaluate(step);
    return typeof value === 'number' ? value : NaN;
  };
}

/** Changes numbers, which are then no longer those of the metric. */
function compileMap(
  operand: Evaluation,
  change: (value: number, other: number) => number,
  other: Evaluation<number> = () => NaN,
): Evaluation {
  const nameless = new LabelGrouper((labels) => dropLabels(labels, [METRIC_NAME]));
  return (step) => {
    const value = operand(step);
    if (typeof value === 'string') return value;
    if (typeof value === 'number') return change(value, other(step));
    const argument = other(step);
    return value.map((sample) => ({
      labels: nameless.groupOf(sample.labels).labels,
      value: change(sample.value, argument),
    }));
  };
}

function onlyValue(samples: readonly Sample[]): number {
  return samples.length === 1 ? (samples[0]?.value ?? NaN) : NaN;
}

/** What is no number is the smallest. */
function compareValues(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(b)) - Number(Number.isNaN(a));
  return a - b;
}
