import { NotFoundError, assembleTrace } from '@clew/model';
import type { Span, Trace, TraceId } from '@clew/model';
import type { Series } from '@clew/traceql';
import type {
  AttributeKey,
  AttributeValuesRequest,
  FoundSpans,
  FoundSpansRequest,
  FoundTrace,
  KnownValue,
  MetricsQuery,
  Operation,
  SearchScan,
  SpanQuery,
  TraceCount,
  TraceDeleter,
  TraceQuery,
  TraceReader,
} from '../storage/span-store.ts';
import { formatCursor, parseCursor } from './search-cursor.ts';
import { formatSpanCursor, parseSpanCursor } from './span-cursor.ts';

export type { TraceConditions, TraceOrder } from '../storage/span-store.ts';

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
  | 'list_attribute_values'
  | 'search_traces'
  | 'count_traces'
  | 'find_spans'
  | 'read_spans'
  | 'read_metrics'
  | 'read_trace'
  | 'delete_trace';

/** Told after each question to the store how it went. */
export type QueryObserver = (
  kind: QueryKind,
  outcome: 'ok' | 'error' | 'canceled',
  seconds: number,
) => void;

export interface TraceQueriesOptions {
  readonly reader: TraceReader;
  readonly deleter: TraceDeleter;
  readonly observe: QueryObserver;
}

const TENANT = 'default';

/** The questions that Clew's APIs ask, in the model's terms, over whatever store answers. */
export class TraceQueries {
  readonly #reader: TraceReader;
  readonly #deleter: TraceDeleter;
  readonly #observe: QueryObserver;

  constructor({ reader, deleter, observe }: TraceQueriesOptions) {
    this.#reader = reader;
    this.#deleter = deleter;
    this.#observe = observe;
  }

  /** Names, sorted. */
  listServices({ signal }: QueryOptions = {}): Promise<readonly string[]> {
    const ask = () => this.#reader.listServices({ tenant: TENANT, signal });
    return this.#time('list_services', ask, signal);
  }

  /** Sorted by span name, then kind; empty for a service that has sent nothing. */
  listOperations(service: string, { signal }: QueryOptions = {}): Promise<readonly Operation[]> {
    const ask = () => this.#reader.listOperations({ tenant: TENANT, service, signal });
    return this.#time('list_operations', ask, signal);
  }

  /** Sorted by key, then owner. */
  listAttributeKeys({ signal }: QueryOptions = {}): Promise<readonly AttributeKey[]> {
    const ask = () => this.#reader.listAttributeKeys({ tenant: TENANT, signal });
    return this.#time('list_attribute_keys', ask, signal);
  }

  /** Sorted. */
  listAttributeValues(
    request: Omit<AttributeValuesRequest, 'tenant' | 'signal'>,
    { signal }: QueryOptions = {},
  ): Promise<readonly KnownValue[]> {
    const ask = () => this.#reader.listAttributeValues({ ...request, tenant: TENANT, signal });
    return this.#time('list_attribute_values', ask, signal);
  }

  /** Throws `InvalidQueryError` for a cursor that no answer carried. */
  async searchTraces(
    { cursor, ...query }: TraceSearch,
    { signal }: QueryOptions = {},
  ): Promise<TraceSearchResult> {
    const after = cursor === undefined ? undefined : parseCursor(cursor);
    const ask = () => this.#reader.searchTraces({ ...query, tenant: TENANT, after, signal });
    const { traces, scanned, next } = await this.#time('search_traces', ask, signal);
    return { traces, scanned, nextCursor: next === undefined ? undefined : formatCursor(next) };
  }

  /** How many traces a search finds in all. */
  countTraces(
    query: Omit<TraceSearch, 'limit' | 'cursor' | 'order'>,
    { signal }: QueryOptions = {},
  ): Promise<TraceCount> {
    const ask = () => this.#reader.countTraces({ ...query, limit: 1, tenant: TENANT, signal });
    return this.#time('count_traces', ask, signal);
  }

  /**
   * Newest first. A page may have fewer spans than its limit and a cursor all the same. Throws `InvalidQueryError` for a cursor that no
   * answer carried.
   */
  async searchSpans(
    { cursor, ...query }: SpanSearch,
    options: QueryOptions = {},
  ): Promise<SpanSearchResult> {
    const after = cursor === undefined ? undefined : parseSpanCursor(cursor);
    const { spans, next } = await this.findSpans({ ...query, after }, options);
    return {
      spans: await this.readFoundSpans({ search: query.search, spans }, options),
      nextCursor: next === undefined ? undefined : formatSpanCursor(next),
    };
  }

  /** Newest first. */
  findSpans(
    query: Omit<SpanQuery, 'tenant' | 'signal'>,
    { signal }: QueryOptions = {},
  ): Promise<FoundSpans> {
    const ask = () => this.#reader.findSpans({ ...query, tenant: TENANT, signal });
    return this.#time('find_spans', ask, signal);
  }

  /** In the same order; those that are gone, or do not answer as a whole, are left out. */
  readFoundSpans(
    request: Omit<FoundSpansRequest, 'tenant' | 'signal'>,
    { signal }: QueryOptions = {},
  ): Promise<readonly Span[]> {
    const ask = () => this.#reader.readFoundSpans({ ...request, tenant: TENANT, signal });
    return this.#time('read_spans', ask, signal);
  }

  /** Sorted by labels. */
  readMetrics(
    request: Pick<MetricsQuery, 'metrics' | 'range'>,
    { signal }: QueryOptions = {},
  ): Promise<readonly Series[]> {
    const ask = () => this.#reader.readMetrics({ ...request, tenant: TENANT, signal });
    return this.#time('read_metrics', ask, signal);
  }

  /** Throws `NotFoundError` when no span of the trace is stored. */
  async readTrace(traceId: TraceId, { signal }: QueryOptions = {}): Promise<Trace> {
    const ask = () => this.#reader.readSpans({ tenant: TENANT, traceId, signal });
    const spans = await this.#time('read_trace', ask, signal);
    if (spans === undefined) throw new NotFoundError('trace', traceId);
    return assembleTrace(traceId, spans);
  }

  /** Throws `NotFoundError` when no span of the trace is stored. */
  async deleteTrace(traceId: TraceId, { signal }: QueryOptions = {}): Promise<void> {
    const ask = () => this.#deleter.deleteTrace({ tenant: TENANT, traceId, signal });
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
}
