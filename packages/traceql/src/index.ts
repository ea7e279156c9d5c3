export { checkQuery, kindOfField } from './check-query.ts';
export type { ValueKind } from './check-query.ts';
export { completeQuery } from './complete-query.ts';
export type { Completion } from './complete-query.ts';
export { formatDuration, parseDuration } from './duration.ts';
export { compileSearch, selectedFields } from './evaluate/search.ts';
export type { NamedValue, Spanset, TraceMatcher } from './evaluate/search.ts';
export type { Scalar, Value } from './evaluate/value.ts';
export { searchOfForm } from './form-search.ts';
export type { SearchForm } from './form-search.ts';
export { MIRRORED, isArithmetic, isComparison, isLogical, isMatch } from './operators.ts';
export { MAX_QUERY_LENGTH, parseQuery } from './parse-query.ts';
export { printExpression, printField, printQuery } from './print-query.ts';
export type {
  Aggregate,
  AggregateFilter,
  ArithmeticOperator,
  AttributeField,
  AttributeScope,
  BinaryOperation,
  BinaryOperator,
  ComparisonOperator,
  Expression,
  Field,
  Hint,
  Intrinsic,
  IntrinsicField,
  Literal,
  MetricsExpression,
  MetricsFunction,
  MetricsOperation,
  MetricsPipeline,
  MetricsQuery,
  Order,
  Pipeline,
  Query,
  Relation,
  ScalarExpression,
  SearchQuery,
  SecondStage,
  SpansetExpression,
  SpansetFilter,
  SpansetOperation,
  SpansetOperator,
  Stage,
  StaticValue,
  StructuralOperator,
  TextRange,
} from './syntax-tree.ts';
