export {
  ALL_SPANS,
  NIL,
  NOWHERE,
  attributeField,
  compareField,
  filterOf,
  intrinsicField,
  joinConditions,
  literalOf,
  readingsOf,
  searchOfConditions,
} from './build-condition.ts';
export { findBeyondSpan, isBeyondSpan } from './beyond-span.ts';
export { checkQuery } from './check-query.ts';
export { compilePattern } from './compile-pattern.ts';
export { readCompleteConditions } from './complete-conditions.ts';
export { completeQuery } from './complete-query.ts';
export type { Completion } from './complete-query.ts';
export { formatDuration, parseDuration } from './duration.ts';
export { kindOfField } from './field-kind.ts';
export type { ValueKind } from './field-kind.ts';
export { compileFields } from './evaluate/compile-fields.ts';
export type { FieldValues } from './evaluate/compile-fields.ts';
export { compileShownSpansets } from './evaluate/show-spansets.ts';
export type { ShownSpan, ShownSpanset } from './evaluate/show-spansets.ts';
export { MatchBudget } from './evaluate/match-budget.ts';
export { runWithoutPause } from './evaluate/pausable.ts';
export type { Pausable } from './evaluate/pausable.ts';
export { compileSearch, selectedFields } from './evaluate/search.ts';
export type { KnownFilters, NamedValue, Spanset, TraceMatcher } from './evaluate/search.ts';
export type { Scalar, Value } from './evaluate/value.ts';
export { findValue, readResource, scopeFieldReader } from './evaluate/field.ts';
export { DROPPED_BITS, NO_POWER } from './metrics/buckets.ts';
export type { BucketKind } from './metrics/buckets.ts';
export { combineSeries, pipelinesOf } from './metrics/combine-series.ts';
export { CompareTable, MAX_COMPARED_VALUES } from './metrics/compare-table.ts';
export type { CellCount, Side, WantedValues } from './metrics/compare-table.ts';
export {
  compareAttributes,
  comparedName,
  compareResource,
  compileComparison,
} from './metrics/compare-traces.ts';
export { computeComparison, wantedValues } from './metrics/compute-comparison.ts';
export { bucketsFor, computeSeries } from './metrics/compute-series.ts';
export { compileCount } from './metrics/count-trace.ts';
export { boundsOf } from './metrics/metrics-range.ts';
export type { MetricsRange, TimeBounds } from './metrics/metrics-range.ts';
export { MetricsTable } from './metrics/metrics-table.ts';
export { labelsKey } from './metrics/series.ts';
export type { Label, Series } from './metrics/series.ts';
export { searchOfMetrics } from './search-of-metrics.ts';
export { suggestQuery } from './suggest-query.ts';
export { durationBoundsOf, searchOfForm } from './form-search.ts';
export type { SearchForm } from './form-search.ts';
export { mentionedFields } from './mentioned-fields.ts';
export { MIRRORED, isArithmetic, isComparison, isLogical, isMatch, isNil } from './operators.ts';
export { MAX_QUERY_LENGTH, parseFieldName, parseQuery, parseValue } from './parse-query.ts';
export { printExpression, printField, printQuery } from './print-query.ts';
export { readForm } from './read-form.ts';
export type { BeyondForm, FieldCondition } from './read-form.ts';
export type {
  Aggregate,
  AggregateFilter,
  ArithmeticOperator,
  AttributeField,
  AttributeScope,
  BinaryOperation,
  BinaryOperator,
  CompareFunction,
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
