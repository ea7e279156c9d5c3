/** The part of PromQL that is evaluated here, as a tree. Parentheses are gone, durations are milliseconds. */
import { unreachable } from '@clew/model';

export type Expression =
  | NumberLiteral
  | TextLiteral
  | Selector
  | WindowSelector
  | Subquery
  | Call
  | Aggregation
  | BinaryOperation
  | Negation;

export interface NumberLiteral {
  readonly kind: 'number';
  readonly value: number;
}

export interface TextLiteral {
  readonly kind: 'text';
  readonly value: string;
}

/** `name{label="value"}`. The name is a matcher of the label `__name__`. */
export interface Selector {
  readonly kind: 'selector';
  readonly matchers: readonly Matcher[];
  readonly offsetMs: number;
  /** The moment that is looked at, whatever moment is asked about. */
  readonly at?: FixedTime | undefined;
}

/** Since 1970, or an end of the time that is asked about. */
export type FixedTime = { readonly timeMs: number } | 'start' | 'end';

export interface Matcher {
  readonly label: string;
  readonly operator: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

/** `selector[5m]`, the argument of a function that looks at a window of time. */
export interface WindowSelector {
  readonly kind: 'window';
  readonly selector: Selector;
  readonly rangeMs: number;
}

/** `expression[1h:5m]`: what the expression was in a window of time, at the multiples of a step. */
export interface Subquery {
  readonly kind: 'subquery';
  readonly operand: Expression;
  readonly rangeMs: number;
  readonly stepMs: number;
  readonly offsetMs: number;
  readonly at: FixedTime | undefined;
}

export const WINDOW_FUNCTIONS = ['rate', 'increase', 'irate'] as const;
export type WindowFunction = (typeof WINDOW_FUNCTIONS)[number];

/** Of a window, the values in it as they are. */
export const OVER_TIME_FUNCTIONS = [
  'avg_over_time',
  'min_over_time',
  'max_over_time',
  'sum_over_time',
  'count_over_time',
  'last_over_time',
  'quantile_over_time',
] as const;
export type OverTimeFunction = (typeof OVER_TIME_FUNCTIONS)[number];

export const FUNCTIONS = [
  'rate',
  'increase',
  'irate',
  'avg_over_time',
  'min_over_time',
  'max_over_time',
  'sum_over_time',
  'count_over_time',
  'last_over_time',
  'quantile_over_time',
  'histogram_quantile',
  'abs',
  'ceil',
  'floor',
  'round',
  'sgn',
  'sqrt',
  'exp',
  'ln',
  'log2',
  'log10',
  'clamp',
  'clamp_min',
  'clamp_max',
  'absent',
  'label_replace',
  'label_join',
  'sort',
  'sort_desc',
  'scalar',
  'vector',
  'time',
] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

export interface Call {
  readonly kind: 'call';
  readonly name: FunctionName;
  readonly arguments: readonly Expression[];
}

export const AGGREGATIONS = [
  'sum',
  'avg',
  'min',
  'max',
  'count',
  'group',
  'stddev',
  'stdvar',
  'quantile',
  'topk',
  'bottomk',
] as const;
export type AggregationName = (typeof AGGREGATIONS)[number];

export interface Aggregation {
  readonly kind: 'aggregation';
  readonly name: AggregationName;
  /** How many, of `topk` and `bottomk`; which, of `quantile`. */
  readonly parameter: Expression | undefined;
  readonly operand: Expression;
  readonly grouping: Grouping;
}

/** Which labels tell groups apart: some, or all but some. */
export interface Grouping {
  readonly kind: 'by' | 'without';
  readonly labels: readonly string[];
}

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '^';
export type ComparisonOperator = '==' | '!=' | '<' | '<=' | '>' | '>=';
export type SetOperator = 'and' | 'or' | 'unless';

export interface BinaryOperation {
  readonly kind: 'binary';
  readonly operator: ArithmeticOperator | ComparisonOperator | SetOperator;
  readonly left: Expression;
  readonly right: Expression;
  readonly matching: Matching;
  /** Of a comparison: 1 or 0 instead of the samples of which it holds. */
  readonly isBool: boolean;
}

/** Which samples of the two sides belong together. */
export interface Matching {
  readonly kind: 'on' | 'ignoring';
  readonly labels: readonly string[];
  /** The side that may have several for one of the other. */
  readonly many: 'left' | 'right' | undefined;
  /** Labels that the many get of the one. */
  readonly include: readonly string[];
}

export interface Negation {
  readonly kind: 'negation';
  readonly operand: Expression;
}

export type ExpressionType = 'scalar' | 'text' | 'vector' | 'window';

export function typeOf(expression: Expression): ExpressionType {
  switch (expression.kind) {
    case 'number':
      return 'scalar';
    case 'text':
      return 'text';
    case 'window':
    case 'subquery':
      return 'window';
    case 'selector':
    case 'aggregation':
      return 'vector';
    case 'call':
      return expression.name === 'scalar' || expression.name === 'time' ? 'scalar' : 'vector';
    case 'negation':
      return typeOf(expression.operand);
    case 'binary': {
      const isScalar =
        typeOf(expression.left) === 'scalar' && typeOf(expression.right) === 'scalar';
      return isScalar ? 'scalar' : 'vector';
    }
    default:
      return unreachable(expression);
  }
}
