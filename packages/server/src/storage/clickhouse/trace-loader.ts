/** Reads spans of traces, with their resources and scopes, from the engine. */
import { DecodeError, StorageError, assembleTrace, identityKey, identityOf } from '@clew/model';
import type { Attribute, Resource, Scope, Span, SpanIdentity, Trace, TraceId } from '@clew/model';
import type { TenantRequest } from '../span-store.ts';
import { Dictionary } from './dictionary.ts';
import type { Engine } from './engine/engine.ts';
import { RowBinaryReader } from './engine/row-binary-reader.ts';
import type { Sql } from './engine/sql.ts';
import type { LeanSpan } from './plan/lean-spans.ts';
import { selectSpansByKey } from './plan/span-keys.ts';
import {
  readExtent,
  selectExtent,
  selectLeanSpans,
  selectSpans,
  selectSpansOfTraces,
} from './plan/trace-spans.ts';
import type { TraceExtent } from './plan/trace-spans.ts';
import {
  ATTRIBUTE_SET_ROW_COLUMNS,
  RESOURCE_ROW_COLUMNS,
  SCOPE_ROW_COLUMNS,
  readAttributeSetRow,
  readLeanRow,
  readResourceRow,
  readScopeRow,
  readSpanRow,
} from './span-row.ts';
import type { SpanRow } from './span-row.ts';

export class TraceLoader {
  readonly #engine: Engine;
  readonly #resources: Dictionary<Resource>;
  readonly #scopes: Dictionary<Scope>;
  readonly #attributeSets: Dictionary<readonly Attribute[]>;

  constructor(engine: Engine) {
    this.#engine = engine;
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
    this.#attributeSets = new Dictionary({
      engine,
      table: 'attribute_sets',
      columns: ATTRIBUTE_SET_ROW_COLUMNS,
      readRow: readAttributeSetRow,
    });
  }

  /** Spans in any order and as often as they were sent; undefined when there are none. */
  async readSpans(
    request: TenantRequest & { readonly traceId: TraceId },
  ): Promise<readonly Span[] | undefined> {
    const { tenant, signal, traceId } = request;
    const extent = readExtent(
      new RowBinaryReader(await this.#engine.read(selectExtent(request), { signal })),
    );
    if (extent === undefined) return undefined;
    const statement = selectSpans(request, extent);
    const reader = new RowBinaryReader(await this.#engine.read(statement, { signal }));
    const rows = readRows(reader, () => readSpanRow(reader, traceId));
    return rows.length === 0 ? undefined : this.#complete(tenant, rows, signal);
  }

  /** Traces that lie within an extent; one that is not stored is missing. */
  async readTraces(
    { tenant, signal }: TenantRequest,
    traceIds: readonly TraceId[],
    extent: TraceExtent,
  ): Promise<ReadonlyMap<TraceId, Trace>> {
    const statement = selectSpansOfTraces(tenant, traceIds, extent);
    return this.#readTraces(statement, { tenant, signal });
  }

  /** Spans, each in its fullest copy, by the keys of their identities; some that were not asked for may be among them. */
  async readSpansByIdentity(
    request: TenantRequest,
    identities: readonly SpanIdentity[],
  ): Promise<ReadonlyMap<string, Span>> {
    const statement = selectSpansByKey(request.tenant, identities);
    const traces = await this.#readTraces(statement, request);
    const spans = [...traces.values()].flatMap((trace) => trace.spans);
    return new Map(spans.map((span) => [identityKey(identityOf(span)), span]));
  }

  /** Traces of the rows that a statement gives, each with its trace's id in front. */
  async #readTraces(
    statement: Sql,
    { tenant, signal }: TenantRequest,
  ): Promise<ReadonlyMap<TraceId, Trace>> {
    const reader = new RowBinaryReader(await this.#engine.read(statement, { signal }));
    const rows = readRows(reader, () => readSpanRow(reader, reader.hex(16) as TraceId));
    return assembleTraces(await this.#complete(tenant, rows, signal));
  }

  /** The same without attributes, each span with the filters it meets, as `met` tells. */
  async readLeanTraces(
    { tenant, signal }: TenantRequest,
    traceIds: readonly TraceId[],
    extent: TraceExtent,
    met: Sql,
  ): Promise<ReadonlyMap<TraceId, Trace>> {
    const statement = selectLeanSpans(met, tenant, traceIds, extent);
    const reader = new RowBinaryReader(await this.#engine.read(statement, { signal }));
    const resources = new Map<string, Resource>();
    const spans = reader.rows((): LeanSpan => {
      const { service, ...span } = readLeanRow(reader, reader.hex(16) as TraceId);
      return { ...span, resource: unknownResource(resources, service), met: reader.uint32() };
    });
    return assembleTraces(spans);
  }

  readResources(
    tenant: string,
    ids: ReadonlySet<bigint>,
    signal: AbortSignal | undefined,
  ): Promise<ReadonlyMap<bigint, Resource>> {
    return this.#resources.look(tenant, ids, signal);
  }

  /** Undefined when there are more than `max`. */
  readAllResources(
    tenant: string,
    max: number,
    signal: AbortSignal | undefined,
  ): Promise<ReadonlyMap<bigint, Resource> | undefined> {
    return this.#resources.lookAtAll(tenant, max, signal);
  }

  /** One of the ids may be 0, of no set. */
  readAttributeSets(
    tenant: string,
    ids: ReadonlySet<bigint>,
    signal: AbortSignal | undefined,
  ): Promise<ReadonlyMap<bigint, readonly Attribute[]>> {
    const sets = new Set(ids);
    sets.delete(0n);
    return this.#attributeSets.look(tenant, sets, signal);
  }

  /** Undefined when there are more than `max`. */
  readAllAttributeSets(
    tenant: string,
    max: number,
    signal: AbortSignal | undefined,
  ): Promise<ReadonlyMap<bigint, readonly Attribute[]> | undefined> {
    return this.#attributeSets.lookAtAll(tenant, max, signal);
  }

  readScopes(
    tenant: string,
    ids: ReadonlySet<bigint>,
    signal: AbortSignal | undefined,
  ): Promise<ReadonlyMap<bigint, Scope>> {
    return this.#scopes.look(tenant, ids, signal);
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
    const setIds = new Set(rows.map((row) => row.attributeSetId));
    const sets = await this.readAttributeSets(tenant, setIds, signal);
    const unknown = new Map<string, Resource>();
    // The rows are ours: adding to them saves a copy of each.
    return rows.map((row) =>
      Object.assign(row.span, {
        resource: resources.get(row.resourceId) ?? unknownResource(unknown, row.service),
        scope: scopes.get(row.scopeId) ?? UNKNOWN_SCOPE,
        attributes: [...(sets.get(row.attributeSetId) ?? []), ...row.span.attributes],
      }),
    );
  }
}

function assembleTraces(spans: readonly Span[]): ReadonlyMap<TraceId, Trace> {
  const byTrace = new Map<TraceId, Span[]>();
  for (const span of spans) {
    const others = byTrace.get(span.traceId);
    if (others === undefined) byTrace.set(span.traceId, [span]);
    else others.push(span);
  }
  return new Map([...byTrace].map(([traceId, each]) => [traceId, assembleTrace(traceId, each)]));
}

/** What was checked when it was received cannot be read any more: the store's fault, not the asker's. */
function readRows(reader: RowBinaryReader, read: () => SpanRow): SpanRow[] {
  try {
    return reader.rows(read);
  } catch (cause) {
    if (!(cause instanceof DecodeError)) throw cause;
    throw new StorageError(`a stored span is damaged: ${cause.message}`, { cause });
  }
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
