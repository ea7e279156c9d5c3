export { ApiError, errorResponse } from './api-error.ts';
export type { ErrorResponse } from './api-error.ts';
export { createClient } from './client.ts';
export type { ClewClient, QueryParameters } from './client.ts';
export { API_ROOT } from './route.ts';
export type { Route } from './route.ts';
export { deleteTrace, listOperations, listServices, readTrace, searchTraces } from './routes.ts';
export type { OperationJson, OperationsResponse, ServicesResponse } from './routes.ts';
export { parseDuration } from './search.ts';
export type {
  SearchOrder,
  SearchQuery,
  SearchResponse,
  ServiceCountJson,
  TraceSummaryJson,
} from './search.ts';
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
