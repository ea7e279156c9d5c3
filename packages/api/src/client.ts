import { DecodeError } from '@clew/model';
import type { TraceColumns } from '@clew/model';
import { ApiError, errorResponse } from './api-error.ts';
import type { ErrorResponse } from './api-error.ts';
import { API_ROOT } from './route.ts';
import type { EventOf, EventRoute, Route } from './route.ts';
import type { AttributeKeysResponse, AttributeValuesResponse } from './attributes.ts';
import {
  LINES_MEDIA_TYPE,
  TRACE_MEDIA_TYPES,
  countTraces,
  deleteTrace,
  diffTraces,
  findMatches,
  listAttributeKeys,
  listAttributeValues,
  listOperations,
  listServices,
  listTraceAttributes,
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
import type { MetricsInstantResponse, MetricsRangeResponse } from './metrics.ts';
import type { OperationsResponse, ServicesResponse } from './routes.ts';
import type {
  HistogramResponse,
  SearchResponse,
  TotalResponse,
  TraceSummaryJson,
} from './search.ts';
import { readLines } from './read-lines.ts';
import { readStream } from './read-stream.ts';
import { TRACE_FORMS } from './trace-forms.ts';
import type { TraceForm } from './trace-forms.ts';
import { readServerSentEvents } from './server-sent-events.ts';
import type { SpanSearchResponse, SpanTailEvent } from './spans.ts';
import { decodeTraceColumns } from './trace-columns.ts';
import type {
  TraceAttributeQuery,
  TraceAttributeResponse,
  TraceAttributesResponse,
} from './trace-attributes.ts';
import type { TraceDiffJson } from './trace-diff.ts';
import type { TraceJson } from './trace-json.ts';
import type { TraceMatchesResponse } from './trace-matches.ts';

/** Query parameters as they stand in the URL. */
export type QueryParameters = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The part of the web's `Response` that is used, by whichever library declares it. */
type FetchResponse = Awaited<ReturnType<typeof fetch>>;

interface RequestOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Calls the API over `fetch`. Every failure is an `ApiError`, except an abort, which is passed on as it is. */
export interface ClewClient {
  listServices(options?: RequestOptions): Promise<ServicesResponse>;
  listOperations(service: string, options?: RequestOptions): Promise<OperationsResponse>;
  listAttributeKeys(
    query?: QueryParameters,
    options?: RequestOptions,
  ): Promise<AttributeKeysResponse>;
  listAttributeValues(
    query: QueryParameters,
    options?: RequestOptions,
  ): Promise<AttributeValuesResponse>;
  searchTraces(query: QueryParameters, options?: RequestOptions): Promise<SearchResponse>;
  /** All traces that are found, or as many as `limit` says, each as it comes. What fails meanwhile throws behind those that came before. */
  streamFoundTraces(
    query: QueryParameters,
    options?: RequestOptions,
  ): AsyncGenerator<TraceSummaryJson>;
  countTraces(query: QueryParameters, options?: RequestOptions): Promise<TotalResponse>;
  searchSpans(query: QueryParameters, options?: RequestOptions): Promise<SpanSearchResponse>;
  /** Events until the server ends them, or whoever asks stops asking. A refused request throws at the first. */
  tailSpans(query: QueryParameters, options?: RequestOptions): AsyncGenerator<SpanTailEvent>;
  readHistogram(query: QueryParameters, options?: RequestOptions): Promise<HistogramResponse>;
  readMetrics(query: QueryParameters, options?: RequestOptions): Promise<MetricsInstantResponse>;
  readMetricsRange(query: QueryParameters, options?: RequestOptions): Promise<MetricsRangeResponse>;
  readTrace(traceId: string, options?: RequestOptions): Promise<TraceJson>;
  /**
   * Several traces, `MAX_TRACES` at most, as an `ExportTraceServiceRequest` of OTLP in protobuf, of any size: its bytes as they
   * come. The fields of a trace come together, the traces in the order of the ids, without those that are not stored.
   */
  streamTraces(traceIds: readonly string[], options?: RequestOptions): AsyncGenerator<Uint8Array>;
  /** One trace as text of any size: its bytes as they come. */
  streamTrace(
    traceId: string,
    form: TraceForm,
    options?: RequestOptions,
  ): AsyncGenerator<Uint8Array>;
  /** What a timeline shows of the spans, which are views of the answer's bytes. */
  readTraceColumns(traceId: string, options?: RequestOptions): Promise<TraceColumns>;
  /** The spans that have the id, most often one, in the form of a trace. */
  readSpan(traceId: string, spanId: string, options?: RequestOptions): Promise<TraceJson>;
  /** Which spans of a trace have all words of `text`, or answer `q`. */
  findMatches(
    traceId: string,
    query: QueryParameters,
    options?: RequestOptions,
  ): Promise<TraceMatchesResponse>;
  listTraceAttributes(traceId: string, options?: RequestOptions): Promise<TraceAttributesResponse>;
  /** Its value on every span, in the order of the columns. Rejects with an `ApiError` when there are too many different ones. */
  readTraceAttribute(
    traceId: string,
    attribute: TraceAttributeQuery,
    options?: RequestOptions,
  ): Promise<TraceAttributeResponse>;
  /** Rejects with an `ApiError` of code `not_found` that names the trace which is not there. */
  diffTraces(base: string, other: string, options?: RequestOptions): Promise<TraceDiffJson>;
  /** Rejects with an `ApiError` of code `not_found` when there is no such trace. */
  deleteTrace(traceId: string, options?: RequestOptions): Promise<void>;
}

/** `baseUrl` is where Clew is served, with its base path and without a slash at the end: `http://localhost:16686`. */
export function createClient(baseUrl: string): ClewClient {
  return {
    listServices: (options) => request(baseUrl, listServices, { ...options }),
    listOperations: (service, options) =>
      request(baseUrl, listOperations, { ...options, path: { service } }),
    listAttributeKeys: (query = {}, options = {}) =>
      request(baseUrl, listAttributeKeys, { ...options, query }),
    listAttributeValues: (query, options) =>
      request(baseUrl, listAttributeValues, { ...options, query }),
    searchTraces: (query, options) => request(baseUrl, searchTraces, { ...options, query }),
    streamFoundTraces: (query, options) => streamFoundTraces(baseUrl, query, options),
    countTraces: (query, options) => request(baseUrl, countTraces, { ...options, query }),
    searchSpans: (query, options) => request(baseUrl, searchSpans, { ...options, query }),
    tailSpans: (query, options) => follow(baseUrl, tailSpans, { ...options, query }),
    readHistogram: (query, options) => request(baseUrl, readHistogram, { ...options, query }),
    readMetrics: (query, options) => request(baseUrl, readMetrics, { ...options, query }),
    readMetricsRange: (query, options) => request(baseUrl, readMetricsRange, { ...options, query }),
    readTrace: (traceId, options) => request(baseUrl, readTrace, { ...options, path: { traceId } }),
    streamTraces: (traceIds, options) => streamTraces(baseUrl, traceIds, options),
    streamTrace: (traceId, form, options) => streamTrace(baseUrl, { traceId, form }, options),
    readTraceColumns: (traceId, options) => requestColumns(baseUrl, traceId, options),
    readSpan: (traceId, spanId, options) =>
      request(baseUrl, readSpan, { ...options, path: { traceId, spanId } }),
    findMatches: (traceId, query, options) =>
      request(baseUrl, findMatches, { ...options, path: { traceId }, query }),
    listTraceAttributes: (traceId, options) =>
      request(baseUrl, listTraceAttributes, { ...options, path: { traceId } }),
    readTraceAttribute: (traceId, { scope, key }, options) =>
      request(baseUrl, readTraceAttribute, {
        ...options,
        path: { traceId },
        query: { scope, key },
      }),
    diffTraces: (base, other, options) =>
      request(baseUrl, diffTraces, { ...options, query: { base, other } }),
    deleteTrace: (traceId, options) =>
      request(baseUrl, deleteTrace, { ...options, path: { traceId } }),
  };
}

async function request<Path, Query, Response>(
  baseUrl: string,
  route: Route<Path, Query, Response>,
  {
    path = {},
    query = {},
    signal,
  }: RequestOptions & {
    readonly path?: Readonly<Record<string, string>>;
    readonly query?: QueryParameters;
  },
): Promise<Response> {
  const url = `${baseUrl}${API_ROOT}${fillPath(route.path, path)}${formatQuery(query)}`;
  const method = route.method ?? 'get';
  const response = await send(url, { method, accept: 'application/json', signal });
  if (response.status === 204) return undefined as Response;
  const body = await readJson(response, signal);
  if (!response.ok) throw toApiError(response.status, body);
  // The answer comes from the server of the same release and may be large, so it is not validated again here.
  return body as Response;
}

async function* follow<Query, Events>(
  baseUrl: string,
  route: EventRoute<Query, Events>,
  { query, signal }: RequestOptions & { readonly query: QueryParameters },
): AsyncGenerator<EventOf<Events>> {
  const url = `${baseUrl}${API_ROOT}${route.path}${formatQuery(query)}`;
  const response = await send(url, { method: 'get', accept: 'text/event-stream', signal });
  const { ok, status, body } = response;
  if (!ok) throw toApiError(status, await readJson(response, signal));
  if (body === null) return;
  try {
    for await (const { event, data } of readServerSentEvents(body)) {
      // A newer server may have events that this client does not know.
      if (!Object.hasOwn(route.events, event)) continue;
      yield { event, data: JSON.parse(data) as unknown } as EventOf<Events>;
    }
  } catch (cause) {
    throw explainBreak(cause, response, signal);
  }
}

async function* streamFoundTraces(
  baseUrl: string,
  query: QueryParameters,
  { signal }: RequestOptions = {},
): AsyncGenerator<TraceSummaryJson> {
  const url = `${baseUrl}${API_ROOT}${searchTraces.path}${formatQuery(query)}`;
  const response = await send(url, { method: 'get', accept: LINES_MEDIA_TYPE, signal });
  const { ok, status, body } = response;
  if (!ok) throw toApiError(status, await readJson(response, signal));
  if (body === null) return;
  const lines = readLines(body);
  try {
    for await (const line of lines) {
      const value = JSON.parse(line) as TraceSummaryJson | ErrorResponse;
      if ('error' in value) throw toApiError(status, value);
      yield value;
    }
  } catch (cause) {
    throw cause instanceof ApiError ? cause : explainBreak(cause, response, signal);
  }
}

async function* streamTraces(
  baseUrl: string,
  traceId: readonly string[],
  options: RequestOptions = {},
): AsyncGenerator<Uint8Array> {
  const url = `${baseUrl}${API_ROOT}${readTraces.path}${formatQuery({ traceId })}`;
  yield* streamBytes(url, TRACE_MEDIA_TYPES.protobuf, options);
}

async function* streamTrace(
  baseUrl: string,
  { traceId, form }: { readonly traceId: string; readonly form: TraceForm },
  options: RequestOptions = {},
): AsyncGenerator<Uint8Array> {
  const { path, accept } = TRACE_FORMS[form];
  yield* streamBytes(`${baseUrl}${fillPath(path, { traceId })}`, accept, options);
}

async function* streamBytes(
  url: string,
  accept: string,
  { signal }: RequestOptions,
): AsyncGenerator<Uint8Array> {
  const response = await send(url, { method: 'get', accept, signal });
  if (!response.ok) throw toApiError(response.status, await readJson(response, signal));
  if (response.body === null) return;
  try {
    yield* readStream(response.body);
  } catch (cause) {
    throw explainBreak(cause, response, signal);
  }
}

async function requestColumns(
  baseUrl: string,
  traceId: string,
  { signal }: RequestOptions = {},
): Promise<TraceColumns> {
  const url = `${baseUrl}${API_ROOT}${fillPath(readTrace.path, { traceId })}`;
  const accept = TRACE_MEDIA_TYPES.columns;
  const response = await send(url, { method: 'get', accept, signal });
  if (!response.ok) throw toApiError(response.status, await readJson(response, signal));
  try {
    return decodeTraceColumns(await response.arrayBuffer());
  } catch (cause) {
    if (!(cause instanceof DecodeError)) throw explainBreak(cause, response, signal);
    const { status } = response;
    const message = `the answer is not a trace: ${cause.message}`;
    throw new ApiError(message, { code: 'internal', status, cause });
  }
}

/** Of an answer that ended before its end; an abort stays what it is. */
function explainBreak(
  cause: unknown,
  { status }: FetchResponse,
  signal: AbortSignal | undefined,
): unknown {
  if (signal?.aborted) return cause;
  return new ApiError('the answer broke off', { code: 'unavailable', status, cause });
}

function fillPath(path: string, values: Readonly<Record<string, string>>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
}

function formatQuery(query: QueryParameters): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const one of typeof value === 'string' ? [value] : value) parameters.append(name, one);
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

interface SendOptions extends RequestOptions {
  readonly method: string;
  readonly accept: string;
}

async function send(url: string, { method, accept, signal }: SendOptions): Promise<FetchResponse> {
  try {
    return await fetch(url, {
      method: method.toUpperCase(),
      headers: { accept },
      signal: signal ?? null,
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ApiError('the server cannot be reached', { code: 'unavailable', status: 0, cause });
  }
}

async function readJson(
  response: FetchResponse,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  const { ok, status } = response;
  try {
    return await response.json();
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw explainBreak(cause, response, signal);
    // The error page of a proxy: its status says more than its text.
    if (!ok) return undefined;
    throw new ApiError('the answer is not JSON', { code: 'internal', status, cause });
  }
}

function toApiError(status: number, body: unknown): ApiError {
  const parsed = errorResponse.safeParse(body);
  if (parsed.success)
    return new ApiError(parsed.data.error.message, { ...parsed.data.error, status });
  return new ApiError(`the server answered ${status}`, { code: 'internal', status });
}
