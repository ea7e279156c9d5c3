import { InvalidQueryError, NotFoundError, assembleTrace } from '@clew/model';
import type { Span, SpanId, Trace, TraceColumns, TraceId } from '@clew/model';
import type { MetricsRange, Series, ShownSpanset, TimeBounds } from '@clew/traceql';
import type {
  AttributeKey,
  AttributeValuesRequest,
  FoundSpans,
  FoundSpansRequest,
  FoundTrace,
  KnownSummaries,
  KeyCount,
  KnownValue,
  MetricsQuery,
  Operation,
  RateReader,
  SearchScan,
  ServiceEdge,
  ServiceEdgesRequest,
  SpanQuery,
  SpansetsRequest,
  SpanRate,
  SpanRatesRequest,
  TraceArchiver,
  TraceCount,
  TraceDeleter,
  TraceQuery,
  TraceReader,
} from '../storage/span-store.ts';
import { countedValuesOf, countsByValue } from './count-values.ts';
import type { CountedValue } from './count-values.ts';
import { formatCursor, parseCursor } from './search-cursor.ts';
import { fingerprintOf } from './search-fingerprint.ts';
import { formatSpanCursor, parseSpanCursor } from './span-cursor.ts';

export type {
  FoundTrace,
  KnownSummaries,
  KnownValue,
  ServiceEdge,
  SpanOrder,
  SpanRate,
  TraceConditions,
  TraceOrder,
} from '../storage/span-store.ts';

/** What every question to `TraceQueries` can carry. */
export interface QueryOptions {
  readonly signal?: AbortSignal | undefined;
}

/** `cursor` is the `nextCursor` of an earlier page. */
export interface TraceSearch extends Omit<TraceQuery, 'tenant' | 'after' | 'signal'> {
  readonly cursor?: string | undefined;
}

export interface TraceSearchResult {
  readonly traces: readonly FoundTrace[];
  readonly scanned: SearchScan;
  /** Absent when there are no more. */
  readonly nextCursor?: string | undefined;
}

/** `cursor` is the `nextCursor` of an earlier page. */
export interface SpanSearch extends Omit<SpanQuery, 'tenant' | 'after' | 'signal'> {
  readonly cursor?: string | undefined;
}

export interface SpanSearchResult {
  readonly spans: readonly Span[];
  /** Absent when there are no more. */
  readonly nextCursor?: string | undefined;
}

/** The names under which query times are counted. */
export type QueryKind =
  | 'list_services'
  | 'list_operations'
  | 'list_attribute_keys'
  | 'count_attribute_keys'
  | 'list_attribute_values'
  | 'search_traces'
  | 'count_traces'
  | 'find_spans'
  | 'read_spans'
  | 'read_metrics'
  | 'read_trace'
  | 'read_trace_columns'
  | 'read_span'
  | 'read_service_edges'
  | 'read_span_rates'
  | 'archive_trace'
  | 'delete_trace';

/** Told after each question to the store how it went. */
export type QueryObserver = (
  kind: QueryKind,
  outcome: 'ok' | 'error' | 'canceled',
  seconds: number,
) => void;

/** What of a store questions are put to. */
export type QueriedStore = TraceReader & RateReader & TraceArchiver & TraceDeleter;

export interface TraceQueriesOptions {
  readonly store: QueriedStore;
  readonly observe: QueryObserver;
  /** Of a trace that is put together in memory; `MAX_ASSEMBLED_SPANS` when absent. */
  readonly maxAssembledSpans?: number | undefined;
}

/** A span takes some 3 KB of memory while it is put together and written as JSON. */
export const MAX_ASSEMBLED_SPANS = 200_000;
/** A span takes some 200 bytes of memory while its columns are put together. */
export const MAX_COLUMNAR_SPANS = 5_000_000;

/** Looked for together, where there may be any number. */
const MAX_STREAMED_SPANS = 1000;

const TENANT = 'default';
const COUNT_TIMEOUT_MS = 2000;

/** The questions that Clew's APIs ask, in the model's terms, over whatever store answers. */
export class TraceQueries {
  readonly #store: QueriedStore;
  readonly #observe: QueryObserver;
  /** The most spans of a trace that is put together in memory. */
  readonly maxAssembledSpans: number;

  constructor({ store, observe, maxAssembledSpans }: TraceQueriesOptions) {
    this.#store = store;
    this.#observe = observe;
    this.maxAssembledSpans = maxAssembledSpans ?? MAX_ASSEMBLED_SPANS;
  }

  /** Names, sorted. */
  listServices({ signal }: QueryOptions = {}): Promise<readonly string[]> {
    const ask = () => this.#store.listServices({ tenant: TENANT, signal });
    return this.#time('list_services', ask, signal);
  }

  /** Sorted by span name, then kind; empty for a service that has sent nothing. */
  listOperations(service: string, { signal }: QueryOptions = {}): Promise<readonly Operation[]> {
    const ask = () => this.#store.listOperations({ tenant: TENANT, service, signal });
    return this.#time('list_operations', ask, signal);
  }

  /** Sorted by key, then owner. */
  listAttributeKeys({ signal }: QueryOptions = {}): Promise<readonly AttributeKey[]> {
    const ask = () => this.#store.listAttributeKeys({ tenant: TENANT, signal });
    return this.#time('list_attribute_keys', ask, signal);
  }

  /** How many of the spans that started in the range have each key, in whole minutes and about. */
  countAttributeKeys(
    range: TimeBounds,
    { signal }: QueryOptions = {},
  ): Promise<readonly KeyCount[]> {
    const ask = () => this.#store.countAttributeKeys({ ...range, tenant: TENANT, signal });
    return this.#time('count_attribute_keys', ask, signal);
  }

  /** Sorted. */
  listAttributeValues(
    request: Omit<AttributeValuesRequest, 'tenant' | 'signal'>,
    { signal }: QueryOptions = {},
  ): Promise<readonly KnownValue[]> {
    const ask = () => this.#store.listAttributeValues({ ...request, tenant: TENANT, signal });
    return this.#time('list_attribute_values', ask, signal);
  }

  /**
   * How many of the spans that started in the range have each value of an attribute. Undefined where there are too many values, or
   * too many spans to count while somebody types.
   */
  async countAttributeValues(
    { key, owner }: Pick<AttributeValuesRequest, 'key' | 'owner'>,
    range: MetricsRange,
    { signal }: QueryOptions = {},
  ): Promise<readonly CountedValue[] | undefined> {
    const tooLate = AbortSignal.timeout(COUNT_TIMEOUT_MS);
    const either = signal === undefined ? tooLate : AbortSignal.any([signal, tooLate]);
    const request = { metrics: countsByValue(key, owner), range };
    try {
      return countedValuesOf(await this.readMetrics(request, { signal: either }));
    } catch (error) {
      const isOurs = tooLate.aborted && signal?.aborted !== true;
      if (isOurs || error instanceof InvalidQueryError) return undefined;
      throw error;
    }
  }

  /** Throws `InvalidQueryError` for a cursor that no answer to this search carried. */
  async searchTraces(
    { cursor, ...query }: TraceSearch,
    { signal }: QueryOptions = {},
  ): Promise<TraceSearchResult> {
    const fingerprint = fingerprintOf(query);
    const after = cursor === undefined ? undefined : parseCursor(cursor, fingerprint);
    const ask = () => this.#store.searchTraces({ ...query, tenant: TENANT, after, signal });
    const { traces, scanned, next } = await this.#time('search_traces', ask, signal);
    const nextCursor = next === undefined ? undefined : formatCursor(next, fingerprint);
    return { traces, scanned, nextCursor };
  }

  /** The same some at a time, up to any limit. Throws as `searchTraces` does, before the first. */
  async *streamFoundTraces(
    { cursor, ...query }: TraceSearch,
    { signal }: QueryOptions = {},
  ): AsyncGenerator<readonly FoundTrace[]> {
    const after = cursor === undefined ? undefined : parseCursor(cursor, fingerprintOf(query));
    const stream = this.#store.streamFoundTraces({ ...query, tenant: TENANT, after, signal });
    yield* this.#timeAll('search_traces', stream, signal);
  }

  /** How many traces a search finds in all. */
  countTraces(
    query: Omit<TraceSearch, 'limit' | 'cursor' | 'order'>,
    { signal }: QueryOptions = {},
  ): Promise<TraceCount> {
    const ask = () => this.#store.countTraces({ ...query, limit: 1, tenant: TENANT, signal });
    return this.#time('count_traces', ask, signal);
  }

  /**
   * Newest first where no order is asked for. A page may have fewer spans than its limit and a cursor all the same. Throws `InvalidQueryError` for a cursor that no
   * answer to this search carried.
   */
  async searchSpans(
    { cursor, ...query }: SpanSearch,
    options: QueryOptions = {},
  ): Promise<SpanSearchResult> {
    const fingerprint = fingerprintOf(query);
    const after = cursor === undefined ? undefined : parseSpanCursor(cursor, fingerprint);
    const { spans, next } = await this.findSpans({ ...query, after }, options);
    return {
      spans: await this.readFoundSpans({ search: query.search, spans }, options),
      nextCursor: next === undefined ? undefined : formatSpanCursor(next, fingerprint),
    };
  }

  /** The same some at a time, up to any limit. Throws as `searchSpans` does, before the first. */
  async *streamFoundSpans(
    { cursor, limit, ...query }: SpanSearch,
    options: QueryOptions = {},
  ): AsyncGenerator<readonly Span[]> {
    const { search } = query;
    let after = cursor === undefined ? undefined : parseSpanCursor(cursor, fingerprintOf(query));
    let left = limit;
    do {
      const page = { ...query, after, limit: Math.min(left, MAX_STREAMED_SPANS) };
      const { spans, next } = await this.findSpans(page, options);
      const read = await this.readFoundSpans({ search, spans }, options);
      if (read.length > 0) yield read;
      left -= read.length;
      after = next;
    } while (after !== undefined && left > 0);
  }

  /** Newest first where no order is asked for. */
  findSpans(
    query: Omit<SpanQuery, 'tenant' | 'signal'>,
    { signal }: QueryOptions = {},
  ): Promise<FoundSpans> {
    const ask = () => this.#store.findSpans({ ...query, tenant: TENANT, signal });
    return this.#time('find_spans', ask, signal);
  }

  /** In the same order; those that are gone, or do not answer as a whole, are left out. */
  readFoundSpans(
    request: Omit<FoundSpansRequest, 'tenant' | 'signal'>,
    { signal }: QueryOptions = {},
  ): Promise<readonly Span[]> {
    const ask = () => this.#store.readFoundSpans({ ...request, tenant: TENANT, signal });
    return this.#time('read_spans', ask, signal);
  }

  /** By trace; those that are not stored, or do not answer any more, are missing. */
  readSpansets(
    request: Omit<SpansetsRequest, 'tenant' | 'signal'>,
    { signal }: QueryOptions = {},
  ): Promise<ReadonlyMap<TraceId, readonly ShownSpanset[]>> {
    const ask = () => this.#store.readSpansets({ ...request, tenant: TENANT, signal });
    return this.#time('read_spans', ask, signal);
  }

  /** Of traces that a search found: how many spans name a parent that is not stored; a trace without such spans is missing. */
  countOrphans(
    found: readonly FoundTrace[],
    { signal }: QueryOptions = {},
  ): Promise<ReadonlyMap<TraceId, number>> {
    const traceIds = found.map(({ traceId }) => traceId);
    const ask = () =>
      this.#store.countOrphans({ tenant: TENANT, traceIds, summaries: found, signal });
    return this.#time('read_spans', ask, signal);
  }

  /** Sorted by labels. */
  readMetrics(
    request: Pick<MetricsQuery, 'metrics' | 'range'>,
    { signal }: QueryOptions = {},
  ): Promise<readonly Series[]> {
    const ask = () => this.#store.readMetrics({ ...request, tenant: TENANT, signal });
    return this.#time('read_metrics', ask, signal);
  }

  /**
   * The whole trace in memory. Throws `NotFoundError` when no span of it is stored, and `LimitError` when there are more
   * than can be put together.
   */
  async readTrace(traceId: TraceId, { signal }: QueryOptions = {}): Promise<Trace> {
    const maxSpans = this.maxAssembledSpans;
    const ask = () => this.#store.readSpans({ tenant: TENANT, traceId, maxSpans, signal });
    const spans = await this.#time('read_trace', ask, signal);
    if (spans === undefined) throw new NotFoundError('trace', traceId);
    return assembleTrace(traceId, spans);
  }

  /** A trace of any size, some thousand spans at a time. Throws `NotFoundError`, before the first, when there are none. */
  async *streamTrace(
    traceId: TraceId,
    { signal }: QueryOptions = {},
  ): AsyncGenerator<readonly Span[]> {
    let isFound = false;
    for await (const spans of this.streamTraces([traceId], { signal })) {
      isFound = true;
      yield spans;
    }
    if (!isFound) throw new NotFoundError('trace', traceId);
  }

  /** One after the other, in the order of the ids, each some thousand spans at a time; those that are not stored are left out. */
  streamTraces(
    traceIds: readonly TraceId[],
    { signal, summaries }: QueryOptions & KnownSummaries = {},
  ): AsyncGenerator<readonly Span[]> {
    const stream = this.#store.streamSpans({ tenant: TENANT, traceIds, summaries, signal });
    return this.#timeAll('read_trace', stream, signal);
  }

  /** What a timeline shows of it. Throws `NotFoundError` when no span of the trace is stored, and `LimitError`. */
  async readTraceColumns(traceId: TraceId, { signal }: QueryOptions = {}): Promise<TraceColumns> {
    const request = { tenant: TENANT, traceId, maxSpans: MAX_COLUMNAR_SPANS, signal };
    const ask = () => this.#store.readTraceColumns(request);
    const columns = await this.#time('read_trace_columns', ask, signal);
    if (columns === undefined) throw new NotFoundError('trace', traceId);
    return columns;
  }

  /** The spans of a trace that have an id: most often one. Throws `NotFoundError` when there is none. */
  async readSpan(traceId: TraceId, spanId: SpanId, { signal }: QueryOptions = {}): Promise<Trace> {
    const ask = () => this.#store.readSpans({ tenant: TENANT, traceId, spanId, signal });
    const spans = await this.#time('read_span', ask, signal);
    if (spans === undefined) throw new NotFoundError('span', spanId);
    return assembleTrace(traceId, spans);
  }

  /** Calls between services. */
  readServiceEdges(
    request: Omit<ServiceEdgesRequest, 'tenant' | 'signal'>,
    { signal }: QueryOptions = {},
  ): Promise<readonly ServiceEdge[]> {
    const ask = () => this.#store.readServiceEdges({ ...request, tenant: TENANT, signal });
    return this.#time('read_service_edges', ask, signal);
  }

  /** Spans by the minute. */
  readSpanRates(
    request: Omit<SpanRatesRequest, 'tenant' | 'signal'>,
    { signal }: QueryOptions = {},
  ): Promise<readonly SpanRate[]> {
    const ask = () => this.#store.readSpanRates({ ...request, tenant: TENANT, signal });
    return this.#time('read_span_rates', ask, signal);
  }

  /** Keeps a trace beyond retention. Throws `NotFoundError` when no span of it is stored. */
  async archiveTrace(traceId: TraceId, { signal }: QueryOptions = {}): Promise<void> {
    const ask = () => this.#store.archiveTrace({ tenant: TENANT, traceId, signal });
    const isArchived = await this.#time('archive_trace', ask, signal);
    if (!isArchived) throw new NotFoundError('trace', traceId);
  }

  /** Throws `NotFoundError` when no span of the trace is stored. */
  async deleteTrace(traceId: TraceId, { signal }: QueryOptions = {}): Promise<void> {
    const ask = () => this.#store.deleteTrace({ tenant: TENANT, traceId, signal });
    const isDeleted = await this.#time('delete_trace', ask, signal);
    if (!isDeleted) throw new NotFoundError('trace', traceId);
  }

  async #time<Answer>(
    kind: QueryKind,
    ask: () => Promise<Answer>,
    signal: AbortSignal | undefined,
  ): Promise<Answer> {
    const started = performance.now();
    const seconds = (): number => (performance.now() - started) / 1000;
    try {
      const answer = await ask();
      this.#observe(kind, 'ok', seconds());
      return answer;
    } catch (error) {
      this.#observe(kind, signal?.aborted ? 'canceled' : 'error', seconds());
      throw error;
    }
  }

  /** Counts the time that the store takes, and not what the asker does between. */
  async *#timeAll<Part>(
    kind: QueryKind,
    parts: AsyncIterable<Part>,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Part> {
    let outcome: Parameters<QueryObserver>[1] = 'canceled';
    let seconds = 0;
    let started = performance.now();
    const pause = (): void => void (seconds += (performance.now() - started) / 1000);
    try {
      for await (const part of parts) {
        pause();
        yield part;
        started = performance.now();
      }
      pause();
      outcome = 'ok';
    } catch (error) {
      pause();
      outcome = signal?.aborted ? 'canceled' : 'error';
      throw error;
    } finally {
      this.#observe(kind, outcome, seconds);
    }
  }
}
