import { SPAN_KINDS } from '@clew/model';
import type { Clock, Span, TraceColumns, TraceId } from '@clew/model';
import type { Series, ShownSpanset, TimeBounds } from '@clew/traceql';
import { MAX_KEYS } from '../rollup/attribute-values.ts';
import type {
  AttributeKey,
  AttributeOwner,
  AttributeType,
  AttributeValuesRequest,
  FoundSpans,
  FoundSpansRequest,
  FoundTrace,
  KeyCount,
  KnownValue,
  MetricsQuery,
  Operation,
  SpanLimit,
  SpansRequest,
  SpanQuery,
  SpansetsRequest,
  TenantRequest,
  TraceCount,
  TraceQuery,
  TraceReader,
  TraceRequest,
  TracesRequest,
  TraceSearchPage,
} from '../span-store.ts';
import type { ArchivedTraces } from './archive/archived-traces.ts';
import type { AttributeKeys } from './attribute-keys.ts';
import type { Engine } from './engine/engine.ts';
import { RowBinaryReader } from './engine/row-binary-reader.ts';
import { Sql, integerLiteral, sql, textLiteral, unionAll } from './engine/sql.ts';
import { SET_TYPES } from './known-values.ts';
import type { KnownValues } from './known-values.ts';
import { MetricsReader } from './metrics-reader.ts';
import { SpanSearch } from './span-search.ts';
import { SpansetReader } from './spanset-reader.ts';
import type { TraceLoader } from './trace-loader.ts';
import { TraceSearch } from './trace-search.ts';
import { withinTime } from './within-time.ts';

export interface TraceReaderOptions {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly keys: AttributeKeys;
  readonly values: KnownValues;
  readonly loader: TraceLoader;
  readonly archived: ArchivedTraces;
  /** A question that takes several statements may not take longer than one. */
  readonly queryTimeoutMs: number;
}

function selectKeys(tenant: string): Sql {
  const ofTenant = sql`tenant = ${textLiteral(tenant)}`;
  const ofSets = SET_TYPES.map((type) => {
    const key = new Sql(`arrayJoin(mapKeys(attr_${type}))`);
    return sql`SELECT DISTINCT 'span', ${key}, ${textLiteral(type)} FROM attribute_sets WHERE ${ofTenant}`;
  });
  return unionAll([
    sql`SELECT owner, key, type FROM attribute_values WHERE ${ofTenant} AND value = ''`,
    ...ofSets,
  ]);
}

/** Answers questions from the engine. */
export class ClickHouseTraceReader implements TraceReader {
  readonly #engine: Engine;
  readonly #queryTimeoutMs: number;
  readonly #values: KnownValues;
  readonly #loader: TraceLoader;
  readonly #archived: ArchivedTraces;
  readonly #search: TraceSearch;
  readonly #spans: SpanSearch;
  readonly #spansets: SpansetReader;
  readonly #metrics: MetricsReader;

  constructor(options: TraceReaderOptions) {
    const { engine, clock, keys, loader, archived, queryTimeoutMs } = options;
    this.#engine = engine;
    this.#values = options.values;
    this.#queryTimeoutMs = queryTimeoutMs;
    this.#loader = loader;
    this.#archived = archived;
    this.#search = new TraceSearch({ engine, clock, keys, loader });
    this.#spans = new SpanSearch({
      engine,
      clock,
      loader,
      search: this.#search,
    });
    this.#spansets = new SpansetReader({ loader, search: this.#search });
    this.#metrics = new MetricsReader({
      engine,
      keys,
      loader,
      search: this.#search,
    });
  }

  async listServices({ tenant, signal }: TenantRequest): Promise<readonly string[]> {
    const reader = await this.#ask(
      sql`SELECT DISTINCT service FROM operations WHERE tenant = ${textLiteral(tenant)} ORDER BY service`,
      signal,
    );
    return reader.rows(() => reader.text());
  }

  async listOperations(
    request: TenantRequest & { readonly service: string },
  ): Promise<readonly Operation[]> {
    const reader = await this.#ask(
      sql`
SELECT DISTINCT name, kind
FROM operations
WHERE tenant = ${textLiteral(request.tenant)} AND service = ${textLiteral(request.service)}
ORDER BY name, kind`,
      request.signal,
    );
    return reader.rows(() => ({
      spanName: reader.text(),
      spanKind: SPAN_KINDS[reader.uint8()] ?? 'unspecified',
    }));
  }

  async listAttributeKeys({ tenant, signal }: TenantRequest): Promise<readonly AttributeKey[]> {
    const reader = await this.#ask(
      sql`
SELECT owner, key, arraySort(groupUniqArray(type))
FROM (${selectKeys(tenant)})
GROUP BY owner, key
ORDER BY key, owner
LIMIT ${integerLiteral(MAX_KEYS)}`,
      signal,
    );
    return reader.rows(() => ({
      owner: reader.text() as AttributeOwner,
      key: reader.text(),
      types: reader.array(() => reader.text() as AttributeType),
    }));
  }

  async countAttributeKeys({
    tenant,
    startUnixNano,
    endUnixNano,
    signal,
  }: TenantRequest & TimeBounds): Promise<readonly KeyCount[]> {
    const minuteOf = (nanos: bigint): Sql => integerLiteral(Number(nanos / 60_000_000_000n) * 60);
    const [from, to] = [minuteOf(startUnixNano), minuteOf(endUnixNano - 1n)];
    const reader = await this.#ask(
      sql`
SELECT owner, key, sum(span_count) AS count
FROM attribute_keys_1m
WHERE tenant = ${textLiteral(tenant)}
  AND minute BETWEEN toDateTime(${from}, 'UTC') AND toDateTime(${to}, 'UTC')
GROUP BY owner, key
ORDER BY count DESC
LIMIT ${integerLiteral(MAX_KEYS)}`,
      signal,
    );
    return reader.rows(() => ({
      owner: reader.text() as AttributeOwner,
      key: reader.text(),
      spanCount: Number(reader.uint64()),
    }));
  }

  listAttributeValues(request: AttributeValuesRequest): Promise<readonly KnownValue[]> {
    return this.#values.read(request);
  }

  searchTraces(query: TraceQuery): Promise<TraceSearchPage> {
    return withinTime(this.#queryTimeoutMs, query.signal, (signal) =>
      this.#search.find({ ...query, signal }),
    );
  }

  streamFoundTraces(query: TraceQuery): AsyncIterable<readonly FoundTrace[]> {
    return this.#search.stream(query);
  }

  countTraces(query: TraceQuery): Promise<TraceCount> {
    return withinTime(this.#queryTimeoutMs, query.signal, (signal) =>
      this.#search.count({ ...query, signal }),
    );
  }

  findSpans(query: SpanQuery): Promise<FoundSpans> {
    return withinTime(this.#queryTimeoutMs, query.signal, (signal) =>
      this.#spans.find({ ...query, signal }),
    );
  }

  readFoundSpans(request: FoundSpansRequest): Promise<readonly Span[]> {
    return withinTime(this.#queryTimeoutMs, request.signal, (signal) =>
      this.#spans.read({ ...request, signal }),
    );
  }

  readSpansets(request: SpansetsRequest): Promise<ReadonlyMap<TraceId, readonly ShownSpanset[]>> {
    return withinTime(this.#queryTimeoutMs, request.signal, (signal) =>
      this.#spansets.read({ ...request, signal }),
    );
  }

  readMetrics(query: MetricsQuery): Promise<readonly Series[]> {
    return withinTime(this.#queryTimeoutMs, query.signal, (signal) =>
      this.#metrics.read({ ...query, signal }),
    );
  }

  async readSpans(request: SpansRequest): Promise<readonly Span[] | undefined> {
    if (await this.#archived.has(request)) return this.#archived.readSpans(request);
    return this.#loader.readSpans(request);
  }

  countOrphans(request: TracesRequest): Promise<ReadonlyMap<TraceId, number>> {
    return withinTime(this.#queryTimeoutMs, request.signal, (signal) =>
      this.#loader.countOrphans({ ...request, signal }),
    );
  }

  streamSpans(request: TracesRequest): AsyncIterable<readonly Span[]> {
    return this.#archived.streamSpans(request);
  }

  readTraceColumns(request: TraceRequest & SpanLimit): Promise<TraceColumns | undefined> {
    return withinTime(this.#queryTimeoutMs, request.signal, async (signal) =>
      (await this.#archived.has(request))
        ? this.#archived.readColumns({ ...request, signal })
        : this.#loader.readColumns({ ...request, signal }),
    );
  }

  async #ask(statement: Sql, signal: AbortSignal | undefined): Promise<RowBinaryReader> {
    return new RowBinaryReader(await this.#engine.read(statement, { signal }));
  }
}
