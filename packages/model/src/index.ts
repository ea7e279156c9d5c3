export { DEFAULT_ANALYSIS_OPTIONS } from './analysis/analysis-options.ts';
export type { AnalysisOptions } from './analysis/analysis-options.ts';
export { analyzeTrace } from './analysis/analyze-trace.ts';
export type { AnalysisInput, TraceAnalysis } from './analysis/analyze-trace.ts';
export { computeClockSkews } from './analysis/clock-skews.ts';
export type { ClockTree } from './analysis/clock-skews.ts';
export { findCriticalPath } from './analysis/critical-path.ts';
export type { CriticalPath } from './analysis/critical-path.ts';
export { correctClocks } from './analysis/dependencies.ts';
export type { Dependencies } from './analysis/dependencies.ts';
export { describeFinding } from './analysis/findings/describe-finding.ts';
export type { Finding, FindingKind } from './analysis/findings/finding.ts';
export { SPAN_RELATIONS } from './analysis/span-relations.ts';
export type { SpanRelation } from './analysis/span-relations.ts';
export type { SpanSlack } from './analysis/span-slack.ts';
export type { TraceTiming } from './analysis/trace-timing.ts';
export { assert, unreachable } from './assert.ts';
export { findAttribute } from './attributes.ts';
export type { Attribute, AttributeValue } from './attributes.ts';
export { AttributeColumns } from './block/attribute-columns.ts';
export type { AttributeColumnType, AttributeMap } from './block/attribute-columns.ts';
export { ByteColumn } from './block/byte-column.ts';
export { DictionaryColumn } from './block/dictionary-column.ts';
export { Float32Column, Uint32Column } from './block/number-columns.ts';
export { ResourceColumns, ScopeColumns, SpanBlock } from './block/span-block.ts';
export { StringDictionary } from './block/string-dictionary.ts';
export { Uint64Column } from './block/uint64-column.ts';
export {
  isCancellation,
  isCancellationEvent,
  isCancellationMessage,
  isErrorEvent,
} from './cancelled-spans.ts';
export { systemClock } from './clock.ts';
export type { Clock } from './clock.ts';
export type { AttributeChange } from './diff/attribute-changes.ts';
export { compareColumns } from './diff/compare-columns.ts';
export type {
  ComparedGroups,
  ComparedSide,
  GroupSums,
  TraceComparison,
} from './diff/compare-columns.ts';
export type { DiffColumns, DiffSpan } from './diff/diff-columns.ts';
export type { GroupAttributeChange, GroupDiff, GroupPlace, GroupSide } from './diff/group-diff.ts';
export type { ResourceDiff } from './diff/resource-diff.ts';
export type { SpanMatch, StatusChange } from './diff/span-match.ts';
export { diffTraces } from './diff/trace-diff.ts';
export type { DiffCounts, DiffSide, TraceDiff } from './diff/trace-diff.ts';
export type { UnmatchedSpan } from './diff/unmatched-span.ts';
export {
  ConfigError,
  DecodeError,
  InvalidQueryError,
  LimitError,
  NotFoundError,
  OverloadedError,
  PermissionError,
  QuotaError,
  QuerySyntaxError,
  StorageError,
  TraceError,
  shorten,
} from './errors.ts';
export type { ErrorCode } from './errors.ts';
export { IdNumbers } from './id-numbers.ts';
export { formatHex, parseSpanId, parseTraceId, writeHex } from './ids.ts';
export type { SpanId, TraceId } from './ids.ts';
export {
  boundsOfBucket,
  latencyBucket,
  mergeSketches,
  quantileOf,
  totalWeight,
  weightBelow,
} from './latency-sketch.ts';
export type { BucketBounds, LatencySketch } from './latency-sketch.ts';
export { nearestNames } from './nearest-names.ts';
export { samplingWeight } from './sampling-weight.ts';
export { createTextMatcher } from './span-text.ts';
export { MISSING_PARENT, findParents } from './span-parents.ts';
export type { LinkedSpans } from './span-parents.ts';
export { SPAN_KINDS, SPAN_STATUSES } from './span.ts';
export type { Link, Resource, Scope, Span, SpanEvent, SpanKind, SpanStatus } from './span.ts';
export { identityKey, identityOf } from './span-identity.ts';
export type { SpanIdentity } from './span-identity.ts';
export { durationNano, unixMsFromNano, unixNano, unixNanoFromMs } from './time.ts';
export type { DurationNano, UnixNano } from './time.ts';
export { TraceAssembler, assembleTrace } from './trace.ts';
export type { ServiceCount, Trace, TraceSummary } from './trace.ts';
export { toTraceColumns } from './trace-columns.ts';
export type { TraceColumns } from './trace-columns.ts';
export { TraceTreeBuilder, buildTraceTree, growTraceTree, isCalled } from './trace-tree.ts';
export type { TraceTree, TreeSpan } from './trace-tree.ts';
export { collectAttributeValues, collectAttributes } from './trace-attributes.ts';
export type { TraceAttribute } from './trace-attributes.ts';
