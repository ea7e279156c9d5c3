import { setTimeout as sleep } from 'node:timers/promises';
import { DecodeError, SPAN_KINDS, StorageError, durationNano, unixNanoFromMs } from '@clew/model';
import type { Clock, Resource, Scope, Span, TraceId, TraceSummary } from '@clew/model';
import type {
  FoundTrace,
  Operation,
  TenantRequest,
  TraceQuery,
  TraceReader,
  TraceSearchPage,
} from '../span-store.ts';
import { Dictionary } from './dictionary.ts';
import type { Engine } from './engine/engine.ts';
import { RowBinaryReader } from './engine/row-binary-reader.ts';
import { sql, textLiteral } from './engine/sql.ts';
import type { Sql } from './engine/sql.ts';
import { readResourceMatches, selectResources } from './plan/resource-match.ts';
import type { ResourceMatch } from './plan/resource-match.ts';
import { ResourceKeys } from './resource-keys.ts';
import { planSearch, readMatches } from './plan/search.ts';
import type { Match } from './plan/search.ts';
import { readSummaries, selectSummaries } from './plan/summaries.ts';
import { readExtent, selectExtent, selectSpans } from './plan/trace-spans.ts';
import {
  RESOURCE_ROW_COLUMNS,
  SCOPE_ROW_COLUMNS,
  readResourceRow,
  readScopeRow,
  readSpanRow,
} from './span-row.ts';
import type { SpanRow } from './span-row.ts';

export interface TraceReaderOptions {
  readonly engine: Engine;
  readonly clock: Clock;
  /** Changes whenever resources are inserted. */
  readonly resourceVersion: () => number;
}

/** Answers questions from the engine. */
export class ClickHouseTraceReader implements TraceReader {
  readonly #engine: Engine;
  readonly #clock: Clock;
  readonly #resources: Dictionary<Resource>;
  readonly #scopes: Dictionary<Scope>;
  readonly #resourceKeys: ResourceKeys;

  constructor({ engine, clock, resourceVersion }: TraceReaderOptions) {
    this.#engine = engine;
    this.#clock = clock;
    this.#resourceKeys = new ResourceKeys(engine, resourceVersion);
    this.#resources = new Dictionary({
      engine,
      table: 'resources',
      columns: RESOURCE_ROW_COLUMNS,
      readRow: readResourceRow,
    });
    this.#scopes = new Dictionary({
      engine,
      table: 'scopes',
      columns: SCOPE_ROW_COLUMNS,
      readRow: readScopeRow,
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

  async searchTraces(query: TraceQuery): Promise<TraceSearchPage> {
    // One more than asked for tells whether there is a next page.
    const matches = await this.#findMatches({ ...query, limit: query.limit + 1 });
    const page = matches.slice(0, query.limit);
    if (page.length === 0) return { traces: [] };
    const traces = await this.#summarize(query, page);
    const last = page.at(-1);
    if (last === undefined || matches.length <= query.limit) return { traces };
    return {
      traces,
      next: { matchedStartUnixNano: last.startUnixNano, traceId: last.traceId },
    };
  }

  async readSpans(
    request: TenantRequest & { readonly traceId: TraceId },
  ): Promise<readonly Span[] | undefined> {
    const { signal } = request;
    const extent = readExtent(await this.#ask(selectExtent(request), signal));
    if (extent === undefined) return undefined;
    const reader = await this.#ask(selectSpans(request, extent), signal);
    const rows = readRows(reader, request.traceId);
    return rows.length === 0 ? undefined : this.#complete(request.tenant, rows, signal);
  }

  async #findMatches(query: TraceQuery): Promise<readonly Match[]> {
    const resources = await this.#matchResources(query);
    let matches: Match[] = [];
    const now = unixNanoFromMs(this.#clock.nowMs());
    for (const step of planSearch(query, resources, now)) {
      matches = readMatches(await this.#ask(step, query.signal));
      if (matches.length >= query.limit) break;
    }
    return matches;
  }

  async #matchResources(query: TraceQuery): Promise<readonly ResourceMatch[]> {
    const { tenant, attributes, signal } = query;
    const mayMatch = await Promise.all(
      attributes.map(({ key }) => this.#resourceKeys.mayHave(tenant, key, signal)),
    );
    if (!mayMatch.includes(true)) return attributes.map(() => ({ ids: [] }));
    return readResourceMatches(await this.#ask(selectResources(query), signal), query);
  }

  async #summarize(query: TraceQuery, matches: readonly Match[]): Promise<readonly FoundTrace[]> {
    const summaries = await this.#readSummaries(query, matches);
    return matches.map((match) => ({
      ...(summaries.get(match.traceId) ?? emptySummary(match)),
      matchedStartUnixNano: match.startUnixNano,
      matchedSpanId: match.spanId,
    }));
  }

  /**
   * The spans and the summaries of an insert become visible one shortly after the other; a search that falls in
   * between waits for the second.
   */
  async #readSummaries(
    { tenant, signal }: TraceQuery,
    matches: readonly Match[],
  ): Promise<ReadonlyMap<TraceId, TraceSummary>> {
    const traceIds = matches.map((match) => match.traceId);
    for (let attempt = 1; ; attempt++) {
      const summaries = readSummaries(await this.#ask(selectSummaries(tenant, traceIds), signal));
      if (summaries.size === traceIds.length || attempt === SUMMARY_ATTEMPTS) return summaries;
      await sleep(SUMMARY_RETRY_MS);
    }
  }

  async #complete(
    tenant: string,
    rows: readonly SpanRow[],
    signal: AbortSignal | undefined,
  ): Promise<readonly Span[]> {
    const resourceIds = new Set(rows.map((row) => row.resourceId));
    const scopeIds = new Set(rows.map((row) => row.scopeId));
    const resources = await this.#resources.look(tenant, resourceIds, signal);
    const scopes = await this.#scopes.look(tenant, scopeIds, signal);
    const unknown = new Map<string, Resource>();
    // The rows are ours: adding to them saves a copy of each.
    return rows.map((row) =>
      Object.assign(row.span, {
        resource: resources.get(row.resourceId) ?? unknownResource(unknown, row.service),
        scope: scopes.get(row.scopeId) ?? UNKNOWN_SCOPE,
      }),
    );
  }

  async #ask(statement: Sql, signal: AbortSignal | undefined): Promise<RowBinaryReader> {
    return new RowBinaryReader(await this.#engine.read(statement, { signal }));
  }
}

const SUMMARY_ATTEMPTS = 10;
const SUMMARY_RETRY_MS = 50;

/** What was checked when it was received cannot be read any more: the store's fault, not the asker's. */
function readRows(reader: RowBinaryReader, traceId: TraceId): SpanRow[] {
  try {
    return reader.rows(() => readSpanRow(reader, traceId));
  } catch (cause) {
    if (!(cause instanceof DecodeError)) throw cause;
    throw new StorageError(`a stored span is damaged: ${cause.message}`, { cause });
  }
}

/** What can be said of a trace whose summary has not appeared: its newest matching span. */
function emptySummary(match: Match): TraceSummary {
  return {
    traceId: match.traceId,
    rootService: '',
    rootSpanName: '',
    startUnixNano: match.startUnixNano,
    durationNano: durationNano(0n),
    spanCount: 1,
    errorCount: 0,
    services: [],
  };
}

/** Stands in for a resource that was lost with a damaged file: the service is kept with each span. */
function unknownResource(known: Map<string, Resource>, service: string): Resource {
  const existing = known.get(service);
  if (existing !== undefined) return existing;
  const resource = { service, attributes: [], droppedAttributesCount: 0, schemaUrl: '' };
  known.set(service, resource);
  return resource;
}

const UNKNOWN_SCOPE: Scope = {
  name: '',
  version: '',
  attributes: [],
  droppedAttributesCount: 0,
  schemaUrl: '',
};
