export { ApiError, errorResponse } from './api-error.ts';
export type { ErrorResponse } from './api-error.ts';
export { createClient } from './client.ts';
export type { ClewClient, QueryParameters } from './client.ts';
export { API_ROOT } from './route.ts';
export type { EventOf, EventRoute, Route } from './route.ts';
export type {
  AttributeKeyJson,
  AttributeKeysQuery,
  AttributeKeysResponse,
  AttributeScope,
  AttributeValuesResponse,
  KnownValueJson,
} from './attributes.ts';
export {
  LINES_MEDIA_TYPE,
  MAX_TRACES,
  TRACE_MEDIA_TYPES,
  deleteTrace,
  diffTraces,
  listAttributeKeys,
  listAttributeValues,
  listOperations,
  listServices,
  listTraceAttributes,
  countTraces,
  findMatches,
  readHistogram,
  readMetrics,
  readMetricsRange,
  readSpan,
  readTrace,
  readTraceAttribute,
  readTraces,
  searchSpans,
  searchTraces,
  tailSpans,
} from './routes.ts';
export type {
  LabelJson,
  MetricsInstantResponse,
  MetricsRangeResponse,
  SeriesJson,
} from './metrics.ts';
export type { OperationJson, OperationsResponse, ServicesResponse } from './routes.ts';
export type { TraceForm } from './trace-forms.ts';
export { parseDuration } from './parameters.ts';
export type { TraceMatchesQuery, TraceMatchesResponse } from './trace-matches.ts';
export { SEARCH_ORDERS, traceStreamQuery } from './search.ts';
export type {
  HistogramCellJson,
  HistogramResponse,
  TotalQuery,
  TotalResponse,
  SearchOrder,
  SearchQuery,
  SearchResponse,
  ServiceCountJson,
  SpanConditions,
  TraceSummaryJson,
} from './search.ts';
export type { TraceAttributeJson, TraceAttributeResponse } from './trace-attributes.ts';
export type {
  AttributeChangeJson,
  DiffCountsJson,
  DiffSideJson,
  GroupAttributeChangeJson,
  GroupDiffJson,
  GroupSideJson,
  ResourceDiffJson,
  SpanMatchJson,
  TraceDiffJson,
  UnmatchedSpanJson,
} from './trace-diff.ts';
export {
  TRACE_COLUMNS_MAGIC,
  TRACE_COLUMNS_PREAMBLE_BYTES,
  TRACE_COLUMNS_VERSION,
  TRACE_COLUMN_BYTES,
  decodeTraceColumns,
} from './trace-columns.ts';
export type { TraceColumnName, TraceColumnsHeader } from './trace-columns.ts';
export { spanStreamQuery } from './spans.ts';
export type {
  FoundSpanJson,
  SpanOrder,
  SpanSearchQuery,
  SpanSearchResponse,
  SpanTailEvent,
  SpanTailEvents,
  SpanTailQuery,
} from './spans.ts';
export type {
  AttributeJson,
  AttributeValueJson,
  LinkJson,
  ResourceJson,
  ScopeJson,
  SpanEventJson,
  SpanJson,
  TraceJson,
} from './trace-json.ts';
export {
  NumberedSet,
  attributeToJson,
  attributeValueToJson,
  resourceToJson,
  scopeToJson,
  spanToJson,
  traceToJson,
} from './trace-to-json.ts';
