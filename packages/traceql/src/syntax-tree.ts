/**
 * The syntax tree of TraceQL. Every node carries where it stands in the text, so that whoever finds fault with one can point
 * at it; two trees are the same question when they are equal but for that (`printQuery` leaves it out).
 */
import type { SpanKind, SpanStatus } from '@clew/model';

/** Characters of the query's text, `end` exclusive. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

interface Node {
  readonly range: TextRange;
}

/** A whole query: which spans and traces to find, or which series to compute of them. */
export type Query = SearchQuery | MetricsQuery;

export interface SearchQuery extends Node {
  readonly kind: 'search';
  readonly pipeline: Pipeline;
  /** Newest first when it is missing. */
  readonly order: Order | undefined;
  readonly hints: readonly Hint[];
}

export interface MetricsQuery extends Node {
  readonly kind: 'metrics';
  readonly expression: MetricsExpression;
  readonly hints: readonly Hint[];
}

/** `order by duration desc`, of found traces. */
export interface Order extends Node {
  readonly by: 'start' | 'duration';
  readonly direction: 'asc' | 'desc';
}

/** `with(name=value)`: how to answer, not what. */
export interface Hint extends Node {
  readonly name: string;
  readonly value: Literal;
}

/** Stages one after the other; the first makes spansets, each of the others works on those of the one before. */
export interface Pipeline extends Node {
  readonly stages: readonly [Stage, ...Stage[]];
}

export type Stage =
  | SpansetExpression
  | AggregateFilter
  | ScalarFilter
  | GroupStage
  | CoalesceStage
  | SelectStage;

export type SpansetExpression = SpansetFilter | SpansetOperation | PipelineExpression;

/** `{ … }`; all spans where there is no condition. */
export interface SpansetFilter extends Node {
  readonly kind: 'filter';
  readonly condition: Expression | undefined;
}

export interface SpansetOperation extends Node {
  readonly kind: 'operation';
  readonly operator: SpansetOperator;
  readonly left: SpansetExpression;
  readonly right: SpansetExpression;
}

/** A pipeline in parentheses, as one side of an operation. */
export interface PipelineExpression extends Node {
  readonly kind: 'pipeline';
  readonly pipeline: Pipeline;
}

/** `&&` and `||`, and how the right-hand spans are related to left-hand ones. */
export type SpansetOperator = '&&' | '||' | StructuralOperator;

/**
 * `>` child, `>>` descendant, `<` parent, `<<` ancestor, `~` sibling; with `!` those that are not, with `&` both sides.
 */
export type StructuralOperator = `${'' | '!' | '&'}${Relation}`;
export type Relation = '>' | '>>' | '<' | '<<' | '~';

/** `count() > 2`: keeps the spansets of which it is true. */
export interface AggregateFilter extends Node {
  readonly kind: 'aggregateFilter';
  readonly operator: ComparisonOperator;
  readonly left: ScalarExpression;
  readonly right: ScalarExpression;
}

/** `({ … } | count()) > ({ … } | count())`: the spans of all its pipelines, where it is true of what they come to. */
export interface ScalarFilter extends Node {
  readonly kind: 'scalarFilter';
  readonly operator: ComparisonOperator;
  readonly left: ScalarExpression;
  readonly right: ScalarExpression;
}

/** A number about a spanset; about what pipelines find in it, in a `ScalarFilter`. */
export type ScalarExpression = Literal | Aggregate | ScalarPipeline | ScalarOperation;

/** `({ … } | count())`. */
export interface ScalarPipeline extends Node {
  readonly kind: 'scalarPipeline';
  readonly pipeline: Pipeline;
  readonly scalar: ScalarExpression;
}

export interface Aggregate extends Node {
  readonly kind: 'aggregate';
  readonly function: 'count' | 'min' | 'max' | 'sum' | 'avg';
  /** Undefined for `count()` alone. */
  readonly argument: Expression | undefined;
}

export interface ScalarOperation extends Node {
  readonly kind: 'scalarOperation';
  readonly operator: ArithmeticOperator;
  readonly left: ScalarExpression;
  readonly right: ScalarExpression;
}

/** `by(…)`: splits each spanset into one a value. */
export interface GroupStage extends Node {
  readonly kind: 'group';
  readonly by: Expression;
}

/** `coalesce()`: the spansets of a trace as one. */
export interface CoalesceStage extends Node {
  readonly kind: 'coalesce';
}

/** `select(…)`: what else to show of each span. */
export interface SelectStage extends Node {
  readonly kind: 'select';
  readonly fields: readonly Field[];
}

/** What is true or false, or has a value, of a span. */
export type Expression = Literal | Field | UnaryOperation | BinaryOperation;

export interface UnaryOperation extends Node {
  readonly kind: 'unary';
  readonly operator: '!' | '-';
  readonly operand: Expression;
}

export interface BinaryOperation extends Node {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}

export type BinaryOperator = '&&' | '||' | ComparisonOperator | '=~' | '!~' | ArithmeticOperator;
export type ComparisonOperator = '=' | '!=' | '<' | '<=' | '>' | '>=';
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '^';

export type Literal = Node & { readonly kind: 'literal'; readonly value: StaticValue };

/** Integers are exact to 64 bits; durations are nanoseconds. */
export type StaticValue =
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'int'; readonly value: bigint }
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'duration'; readonly value: bigint }
  | { readonly type: 'status'; readonly value: SpanStatus }
  | { readonly type: 'kind'; readonly value: SpanKind }
  | { readonly type: 'nil' };

/** What a span has: an attribute, or something that every span has. */
export type Field = AttributeField | IntrinsicField;

export interface AttributeField extends Node {
  readonly kind: 'attribute';
  readonly scope: AttributeScope;
  /** Of the span's parent. */
  readonly ofParent: boolean;
  readonly name: string;
}

/** `any` is written with nothing before the dot: the span's attribute, and if it has none, its resource's. */
export type AttributeScope = 'any' | 'span' | 'resource' | 'event' | 'link' | 'instrumentation';

export interface IntrinsicField extends Node {
  readonly kind: 'intrinsic';
  readonly name: Intrinsic;
}

/** The names they are printed with; `intrinsics.ts` has the other names that are understood. */
export type Intrinsic =
  | 'span:duration'
  | 'span:name'
  | 'span:status'
  | 'span:statusMessage'
  | 'span:kind'
  | 'span:id'
  | 'span:parentID'
  | 'span:childCount'
  | 'trace:duration'
  | 'trace:rootName'
  | 'trace:rootService'
  | 'trace:id'
  | 'event:name'
  | 'event:timeSinceStart'
  | 'link:traceID'
  | 'link:spanID'
  | 'instrumentation:name'
  | 'instrumentation:version'
  | 'nestedSetLeft'
  | 'nestedSetRight'
  | 'nestedSetParent'
  | 'parent';

export type MetricsExpression = MetricsPipeline | MetricsOperation | NumberOperand;

/** `{ … } | rate() by(…) | topk(5)`. */
export interface MetricsPipeline extends Node {
  readonly kind: 'metricsPipeline';
  readonly pipeline: Pipeline;
  readonly function: MetricsFunction;
  readonly by: readonly Field[];
  readonly seconds: readonly SecondStage[];
}

export type MetricsFunction = Node &
  (
    | { readonly name: 'rate' | 'count_over_time' }
    | {
        readonly name:
          | 'min_over_time'
          | 'max_over_time'
          | 'sum_over_time'
          | 'avg_over_time'
          | 'histogram_over_time';
        readonly field: Field;
      }
    | {
        readonly name: 'quantile_over_time';
        readonly field: Field;
        readonly quantiles: readonly number[];
      }
    | {
        readonly name: 'compare';
        readonly selection: SpansetFilter;
        readonly topCount: number | undefined;
        readonly window: SelectionWindow | undefined;
      }
  );

export type CompareFunction = Extract<MetricsFunction, { readonly name: 'compare' }>;

/** Since 1970, the end exclusive; the selection's spans begin in it. */
export interface SelectionWindow {
  readonly startUnixNano: bigint;
  readonly endUnixNano: bigint;
}

/** What is done with series. */
export type SecondStage = Node &
  (
    | { readonly kind: 'topk' | 'bottomk'; readonly count: number }
    | { readonly kind: 'compare'; readonly operator: ComparisonOperator; readonly value: Literal }
  );

/** Between series of the same labels, or with one number. */
export interface MetricsOperation extends Node {
  readonly kind: 'metricsOperation';
  readonly operator: '+' | '-' | '*' | '/';
  readonly left: MetricsExpression;
  readonly right: MetricsExpression;
}

export interface NumberOperand extends Node {
  readonly kind: 'number';
  readonly value: number;
}
