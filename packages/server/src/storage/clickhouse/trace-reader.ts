import { SPAN_KINDS } from '@clew/model';
import type { Clock, Span, TraceId } from '@clew/model';
import type { Series } from '@clew/traceql';
import { MAX_KEYS } from '../rollup/attribute-values.ts';
import type {
  AttributeKey,
  AttributeOwner,
  AttributeType,
  AttributeValuesRequest,
  FoundSpans,
  FoundSpansRequest,
  KnownValue,
  MetricsQuery,
  Operation,
  SpanQuery,
  TenantRequest,
  TraceQuery,
  TraceReader,
  TraceSearchPage,
} from '../span-store.ts';
import type { AttributeKeys } from './attribute-keys.ts';
import type { Engine } from './engine/engine.ts';
import { RowBinaryReader } from './engine/row-binary-reader.ts';
import { Sql, integerLiteral, sql, textLiteral } from './engine/sql.ts';
import { MetricsReader } from './metrics-reader.ts';
import { SpanSearch } from './span-search.ts';
import { TraceLoader } from './trace-loader.ts';
import { TraceSearch } from './trace-search.ts';
import { withinTime } from './within-time.ts';

export interface TraceReaderOptions {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly keys: AttributeKeys;
  /** A question that takes several statements may not take longer than one. */
  readonly queryTimeoutMs: number;
}

/** Answers questions from the engine. */
export class ClickHouseTraceReader implements TraceReader {
  readonly #engine: Engine;
  readonly #queryTimeoutMs: number;
  readonly #loader: TraceLoader;
  readonly #search: TraceSearch;
  readonly #spans: SpanSearch;
  readonly #metrics: MetricsReader;

  constructor({ engine, clock, keys, queryTimeoutMs }: TraceReaderOptions) {
    this.#engine = engine;
    this.#queryTimeoutMs = queryTimeoutMs;
    this.#loader = new TraceLoader(engine);
    this.#search = new TraceSearch({ engine, clock, keys, loader: this.#loader });
    this.#spans = new SpanSearch({
      engine,
      clock,
      loader: this.#loader,
      search: this.#search,
    });
    this.#metrics = new MetricsReader({
      engine,
      keys,
      loader: this.#loader,
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
FROM attribute_values
WHERE tenant = ${textLiteral(tenant)} AND value = ''
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

  async listAttributeValues(request: AttributeValuesRequest): Promise<readonly KnownValue[]> {
    const { tenant, owner, key, prefix, limit, signal } = request;
    const ofOwner = owner === undefined ? new Sql('1') : sql`owner = ${textLiteral(owner)}`;
    const reader = await this.#ask(
      sql`
SELECT DISTINCT type, value
FROM attribute_values
WHERE tenant = ${textLiteral(tenant)} AND ${ofOwner} AND key = ${textLiteral(key)}
  AND value != '' AND startsWith(value, ${textLiteral(prefix)})
ORDER BY value, type
LIMIT ${integerLiteral(limit)}`,
      signal,
    );
    return reader.rows(() => ({ type: reader.text() as AttributeType, value: reader.text() }));
  }

  searchTraces(query: TraceQuery): Promise<TraceSearchPage> {
    return withinTime(this.#queryTimeoutMs, query.signal, (signal) =>
      this.#search.find({ ...query, signal }),
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

  readMetrics(query: MetricsQuery): Promise<readonly Series[]> {
    return withinTime(this.#queryTimeoutMs, query.signal, (signal) =>
      this.#metrics.read({ ...query, signal }),
    );
  }

  readSpans(
    request: TenantRequest & { readonly traceId: TraceId },
  ): Promise<readonly Span[] | undefined> {
    return this.#loader.readSpans(request);
  }

  async #ask(statement: Sql, signal: AbortSignal | undefined): Promise<RowBinaryReader> {
    return new RowBinaryReader(await this.#engine.read(statement, { signal }));
  }
}
