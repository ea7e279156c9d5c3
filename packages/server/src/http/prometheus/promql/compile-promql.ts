/** The meaning of PromQL at one moment, given what its selectors find then. */
import { unreachable } from '@clew/model';
import { compileAggregation } from './aggregate.ts';
import { compileBinary } from './binary.ts';
import { compileHistogramQuantile } from './histogram-quantile.ts';
import { LabelGrouper, METRIC_NAME, dropLabels } from './labels.ts';
import type { Labels, Sample } from './labels.ts';
import { compileOverTime } from './over-time.ts';
import { createLabelJoin, createLabelReplace } from './relabel.ts';
import { subqueryTimes } from './subquery-times.ts';
import type { QueryRange } from './subquery-times.ts';
import { OVER_TIME_FUNCTIONS } from './syntax-tree.ts';
import type { Call, Expression, FunctionName, OverTimeFunction, Selector } from './syntax-tree.ts';

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
  /** What is asked about, around all subqueries. */
  readonly range: QueryRange;
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
    case 'subquery':
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
  if (isVectorFunction(name)) return compileVectorCall(name, given, source);
  if (isOverTime(name)) return compileOverTimeCall(name, given, source);
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
    case 'histogram_quantile':
      return compileHistogramQuantile(compileScalar(first, source), compileVector(second, source));
    default:
      return unreachable(name);
  }
}

/** Those that take samples first, and do more than change numbers. */
const VECTOR_FUNCTIONS = [
  'clamp',
  'absent',
  'label_replace',
  'label_join',
  'scalar',
  'sort',
  'sort_desc',
] as const satisfies readonly FunctionName[];
type VectorFunction = (typeof VECTOR_FUNCTIONS)[number];

function isVectorFunction(name: FunctionName): name is VectorFunction {
  return VECTOR_FUNCTIONS.some((each) => each === name);
}

function compileVectorCall(
  name: VectorFunction,
  given: readonly Expression[],
  source: PromqlSource,
): Evaluation {
  const [first, second, third] = given;
  const vector = compileVector(first, source);
  switch (name) {
    case 'clamp': {
      const raised = compileMap(vector, Math.max, compileScalar(second, source));
      return compileMap(raised, Math.min, compileScalar(third, source));
    }
    case 'absent':
      return compileAbsent(first, vector);
    case 'label_replace':
      return compileRelabel(vector, createLabelReplace(textsOf(given)));
    case 'label_join':
      return compileRelabel(vector, createLabelJoin(textsOf(given)));
    case 'scalar':
      return (step) => onlyValue(vector(step));
    case 'sort':
    case 'sort_desc': {
      const direction = name === 'sort' ? 1 : -1;
      return (step) => vector(step).toSorted((a, b) => direction * compareValues(a.value, b.value));
    }
    default:
      return unreachable(name);
  }
}

type NumberFunction = keyof typeof NUMBER_FUNCTIONS;

function isNumberFunction(name: FunctionName): name is NumberFunction {
  return name in NUMBER_FUNCTIONS;
}

const NUMBER_FUNCTIONS = {
  abs: Math.abs,
  ceil: Math.ceil,
  floor: Math.floor,
  // By the inverse, as Prometheus has it: 0.3 and not 0.30000000000000004.
  round: (value, nearest) => Math.floor(value * (1 / nearest) + 0.5) / (1 / nearest),
  sgn: Math.sign,
  sqrt: Math.sqrt,
  exp: Math.exp,
  ln: Math.log,
  log2: Math.log2,
  log10: Math.log10,
  clamp_min: Math.max,
  clamp_max: Math.min,
} as const satisfies Partial<
  Readonly<Record<FunctionName, (value: number, other: number) => number>>
>;

function isOverTime(name: FunctionName): name is OverTimeFunction {
  return OVER_TIME_FUNCTIONS.some((each) => each === name);
}

function compileOverTimeCall(
  name: OverTimeFunction,
  given: readonly Expression[],
  source: PromqlSource,
): Evaluation {
  const subquery = given.at(-1);
  if (subquery?.kind !== 'subquery') return () => [];
  const times = subqueryTimes(subquery, source.timesMs, source.range);
  const operand = compileVector(subquery.operand, { ...source, timesMs: times.timesMs });
  const quantile = given.length > 1 ? compileScalar(given[0], source) : () => NaN;
  return compileOverTime(name, operand, { times, quantile });
}

/** 1 where there is nothing, with the labels that a selector asks for by their values. */
function compileAbsent(
  argument: Expression | undefined,
  vector: Evaluation<readonly Sample[]>,
): Evaluation {
  const matchers = argument?.kind === 'selector' ? argument.matchers : [];
  const labels = new Map<string, string>();
  for (const { label, operator, value } of matchers) {
    const isOnly = matchers.filter((each) => each.label === label).length === 1;
    if (operator === '=' && label !== METRIC_NAME && value !== '' && isOnly) {
      labels.set(label, value);
    }
  }
  return (step) => (vector(step).length === 0 ? [{ labels, value: 1 }] : []);
}

function compileRelabel(
  vector: Evaluation<readonly Sample[]>,
  relabel: (labels: Labels) => Labels,
): Evaluation {
  const grouper = new LabelGrouper(relabel);
  return (step) =>
    vector(step).map(({ labels, value }) => ({ labels: grouper.groupOf(labels).labels, value }));
}

function textsOf(expressions: readonly Expression[]): readonly string[] {
  return expressions.flatMap((each) => (each.kind === 'text' ? [each.value] : []));
}

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
