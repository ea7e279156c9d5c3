/** Reads spans of traces, with their resources and scopes, from the engine. */
import {
  DecodeError,
  LimitError,
  StorageError,
  assembleTrace,
  identityKey,
  identityOf,
} from '@clew/model';
import type {
  Attribute,
  Resource,
  Scope,
  Span,
  SpanIdentity,
  Trace,
  TraceColumns,
  TraceId,
  TraceSummary,
} from '@clew/model';
import type {
  SpanLimit,
  SpansRequest,
  TenantRequest,
  TraceRequest,
  TracesRequest,
} from '../span-store.ts';
import { assembleColumns } from './assemble-columns.ts';
import { assembleTraces } from './assemble-traces.ts';
import { ColumnarRows } from './columnar-rows.ts';
import { Dictionary } from './dictionary.ts';
import type { Engine } from './engine/engine.ts';
import { EventLoopTurns } from './event-loop-turns.ts';
import { RowBinaryReader } from './engine/row-binary-reader.ts';
import { Sql, sql } from './engine/sql.ts';
import { ROWS_AT_ONCE, groupExtents } from './group-extents.ts';
import type { LeanPart, LeanSpan } from './plan/lean-spans.ts';
import { selectSpansByKey } from './plan/span-keys.ts';
import {
  extentOfSummary,
  readExtents,
  selectColumnarRows,
  selectExtents,
  selectLeanSpans,
  selectLeanSpansWithin,
  selectOrphanCounts,
  selectSpans,
  selectSpansOfId,
  selectSpansOfTraces,
  selectSpansWithin,
} from './plan/trace-spans.ts';
import type { StoredExtent, TraceExtent } from './plan/trace-spans.ts';
import {
  ATTRIBUTE_SET_ROW_COLUMNS,
  RESOURCE_ROW_COLUMNS,
  SCOPE_ROW_COLUMNS,
  UNKNOWN_SCOPE,
  readAttributeSetRow,
  readColumnarRow,
  readLeanRow,
  readResourceRow,
  readScopeRow,
  readSpanRow,
} from './span-row.ts';
import type { SpanRow } from './span-row.ts';
import { readChunks } from './trace-chunks.ts';

/** A trace of no more spans is read with one statement where only what a timeline shows is read. */
const COLUMNAR_ROWS_AT_ONCE = 65_536;

/** What of traces is read. */
export interface TracePart {
  /** Where it is enough: then spans come as `readLeanTraces` gives them. */
  readonly lean: LeanPart | undefined;
  /** What is true of the spans that are wanted. */
  readonly only: Sql | undefined;
  /** The only services whose spans are wanted; all of each trace when it is absent. */
  readonly services: ReadonlySet<string> | undefined;
}

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

  /** Spans of a trace, each as often as it was sent. */
  async countSpans(request: TraceRequest): Promise<number> {
    return (await this.#readExtent(request))?.rowCount ?? 0;
  }

  /** Of traces: how many spans name a parent that is not stored; a trace without such spans is missing. */
  async countOrphans({
    tenant,
    signal,
    traceIds,
    summaries,
  }: TracesRequest): Promise<ReadonlyMap<TraceId, number>> {
    const counts = new Map<TraceId, number>();
    const extents = await this.#findExtents({ tenant, signal }, traceIds, summaries);
    for (const group of groupExtents(traceIds, extents)) {
      const answer = await this.#engine.read(selectOrphanCounts(tenant, group), { signal });
      const reader = new RowBinaryReader(answer);
      while (!reader.isAtEnd) {
        counts.set(reader.hex(16) as TraceId, Number(reader.uint64()));
      }
    }
    return counts;
  }

  /** Spans in any order and as often as they were sent; undefined when there are none. */
  async readSpans(request: SpansRequest): Promise<readonly Span[] | undefined> {
    const { traceId, spanId, maxSpans, signal } = request;
    const extent = await this.#readExtent(request);
    if (extent === undefined) return undefined;
    if (maxSpans !== undefined && spanId === undefined) refuseLarger(extent, maxSpans);
    const statement =
      spanId === undefined
        ? selectSpans(request, extent)
        : selectSpansOfId(request, extent, spanId);
    const reader = new RowBinaryReader(await this.#engine.read(statement, { signal }));
    const rows = readRows(reader, () => readSpanRow(reader, traceId));
    return rows.length === 0 ? undefined : this.#complete(rows, request);
  }

  /** Trace by trace, in the order of each, each span once, some of one trace at a time; none of a trace that is not stored. */
  async *streamSpans({
    traceIds,
    summaries,
    ...request
  }: TracesRequest): AsyncGenerator<readonly Span[]> {
    const extents = await this.#findExtents(request, traceIds, summaries);
    for (const group of groupExtents(traceIds, extents)) {
      const [[traceId, extent] = []] = group;
      if (traceId !== undefined && extent !== undefined && group.size === 1) {
        yield* this.#streamTrace({ ...request, traceId }, extent);
        continue;
      }
      const traces = await this.#readTraces(selectSpansWithin(request.tenant, group), request);
      for (const id of group.keys()) {
        const trace = traces.get(id);
        if (trace !== undefined) yield trace.spans;
      }
    }
  }

  async *#streamTrace(
    request: TraceRequest,
    extent: StoredExtent,
  ): AsyncGenerator<readonly Span[]> {
    const { traceId } = request;
    const chunks = readChunks(this.#engine, {
      request,
      extent,
      select: (range) => selectSpans(request, extent, range),
      read: (reader) => readRows(reader, () => readSpanRow(reader, traceId)),
      firstRows: ROWS_AT_ONCE,
    });
    const unknown = new Map<string, Resource>();
    for await (const rows of chunks) {
      if (rows.length === 0) continue;
      // What copies a span has come in one chunk.
      yield assembleTrace(traceId, await this.#complete(rows, request, unknown)).spans;
    }
  }

  /** Undefined when there is no such trace. */
  async readColumns(request: TraceRequest & SpanLimit): Promise<TraceColumns | undefined> {
    const { tenant, traceId, signal, maxSpans } = request;
    const extent = await this.#readExtent(request);
    if (extent === undefined) return undefined;
    if (maxSpans !== undefined) refuseLarger(extent, maxSpans);
    const rows = new ColumnarRows();
    const chunks = readChunks(this.#engine, {
      request,
      extent,
      select: (range) => selectColumnarRows(request, extent, range),
      read: (reader) => readRows(reader, () => readColumnarRow(reader, rows)),
      firstRows: COLUMNAR_ROWS_AT_ONCE,
    });
    for await (const _ of chunks);
    if (rows.count === 0) return undefined;
    const { setIds } = rows;
    rows.addSets(await this.#attributeSets.look(tenant, setIds, signal));
    return assembleColumns(traceId, rows);
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
    const turns = new EventLoopTurns(signal);
    const read = () => readSpanRow(reader, reader.hex(16) as TraceId);
    const rows = await readRowsInTurns(reader, read, turns);
    return assembleTraces(await this.#complete(rows, { tenant, signal, turns }), turns);
  }

  /** The same without attributes, each span with the filters it meets and the details that `lean` names. */
  async readLeanTraces(
    { tenant, signal }: TenantRequest,
    traceIds: readonly TraceId[],
    extent: TraceExtent,
    lean: LeanPart,
  ): Promise<ReadonlyMap<TraceId, Trace>> {
    const statement = selectLeanSpans(lean, tenant, traceIds, extent);
    // A trace by itself may be large, and the engine puts it in order sooner.
    const isOne = traceIds.length === 1;
    const ordered = isOne ? sql`${statement} ORDER BY start_unix_nano, span_id` : statement;
    return this.#readLeanTraces(ordered, lean, signal);
  }

  /** Traces, some together, each in memory as a whole; one that is not stored is missing. */
  async *readTraceGroups(
    { tenant, signal, traceIds, summaries }: TracesRequest,
    { lean, only = new Sql('1'), services }: TracePart,
  ): AsyncGenerator<ReadonlyMap<TraceId, Trace>> {
    const extents = await this.#findExtents({ tenant, signal }, traceIds, summaries);
    for (const traces of groupExtents(traceIds, extents)) {
      const group = services === undefined ? traces : extentsOfServices(traces, services);
      const spans =
        lean === undefined
          ? selectSpansWithin(tenant, group)
          : selectLeanSpansWithin(lean, tenant, group);
      const statement = sql`${spans} AND (${only})`;
      yield lean === undefined
        ? await this.#readTraces(statement, { tenant, signal })
        : await this.#readLeanTraces(statement, lean, signal);
    }
  }

  async #readLeanTraces(
    statement: Sql,
    { details }: LeanPart,
    signal: AbortSignal | undefined,
  ): Promise<ReadonlyMap<TraceId, Trace>> {
    const reader = new RowBinaryReader(await this.#engine.read(statement, { signal }));
    const resources = new Map<string, Resource>();
    const turns = new EventLoopTurns(signal);
    const read = (): LeanSpan => {
      const { span, service } = readLeanRow(reader, reader.hex(16) as TraceId, details);
      span.resource = unknownResource(resources, service);
      span.met = reader.uint32();
      return span;
    };
    return assembleTraces(await readRowsInTurns(reader, read, turns), turns);
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

  async #readExtent({ traceId, ...request }: TraceRequest): Promise<StoredExtent | undefined> {
    return (await this.#readExtents(request, [traceId])).get(traceId);
  }

  /** Looks up those that have no summary. */
  async #findExtents(
    request: TenantRequest,
    traceIds: readonly TraceId[],
    summaries: readonly TraceSummary[] = [],
  ): Promise<ReadonlyMap<TraceId, StoredExtent>> {
    const extents = new Map<TraceId, StoredExtent>();
    for (const summary of summaries) {
      const extent = extentOfSummary(summary);
      if (extent !== undefined) extents.set(summary.traceId, extent);
    }
    const unknown = traceIds.filter((traceId) => !extents.has(traceId));
    if (unknown.length === 0) return extents;
    return new Map([...extents, ...(await this.#readExtents(request, unknown))]);
  }

  async #readExtents(
    { tenant, signal }: TenantRequest,
    traceIds: readonly TraceId[],
  ): Promise<ReadonlyMap<TraceId, StoredExtent>> {
    const answer = await this.#engine.read(selectExtents(tenant, traceIds), { signal });
    return readExtents(new RowBinaryReader(answer));
  }

  async #complete(
    rows: readonly SpanRow[],
    { tenant, signal, turns = new EventLoopTurns(signal) }: CompletionRequest,
    unknown: Map<string, Resource> = new Map(),
  ): Promise<readonly Span[]> {
    const resourceIds = new Set<bigint>();
    const scopeIds = new Set<bigint>();
    const setIds = new Set<bigint>();
    await turns.forEach(rows, (row) => {
      resourceIds.add(row.resourceId);
      scopeIds.add(row.scopeId);
      setIds.add(row.attributeSetId);
    });
    const [resources, scopes, sets] = await Promise.all([
      this.#resources.look(tenant, resourceIds, signal),
      this.#scopes.look(tenant, scopeIds, signal),
      this.readAttributeSets(tenant, setIds, signal),
    ]);
    const spans: Span[] = [];
    await turns.forEach(rows, ({ span, resourceId, scopeId, attributeSetId, service }) => {
      span.resource = resources.get(resourceId) ?? unknownResource(unknown, service);
      span.scope = scopes.get(scopeId) ?? UNKNOWN_SCOPE;
      const shared = sets.get(attributeSetId);
      if (shared !== undefined) span.attributes = shared.concat(span.attributes);
      spans.push(span);
    });
    return spans;
  }
}

interface CompletionRequest extends TenantRequest {
  /** Of whoever has read the rows. */
  readonly turns?: EventLoopTurns;
}

function extentsOfServices(
  extents: ReadonlyMap<TraceId, StoredExtent>,
  services: ReadonlySet<string>,
): ReadonlyMap<TraceId, StoredExtent> {
  return new Map([...extents].map(([traceId, extent]) => [traceId, { ...extent, services }]));
}

/** Looked at without asking for the time. */
const ROWS_OF_A_TURN = 256;

/** The same as `readRows`, of an answer of any size. */
async function readRowsInTurns<Row>(
  reader: RowBinaryReader,
  read: () => Row,
  turns: EventLoopTurns,
): Promise<Row[]> {
  const rows: Row[] = [];
  try {
    while (!reader.isAtEnd) {
      if (rows.length % ROWS_OF_A_TURN === 0 && turns.isOver) await turns.next();
      rows.push(read());
    }
  } catch (cause) {
    throw explainDamage(cause);
  }
  return rows;
}

function readRows<Row>(reader: RowBinaryReader, read: () => Row): Row[] {
  try {
    return reader.rows(read);
  } catch (cause) {
    throw explainDamage(cause);
  }
}

/** What was checked when it was received cannot be read any more: the store's fault, not the asker's. */
function explainDamage(cause: unknown): unknown {
  if (!(cause instanceof DecodeError)) return cause;
  return new StorageError(`a stored span is damaged: ${cause.message}`, { cause });
}

/** Throws `LimitError` for a trace of more spans than are put together. */
export function refuseLarger({ rowCount }: Pick<StoredExtent, 'rowCount'>, maxSpans: number): void {
  if (rowCount <= maxSpans) return;
  throw new LimitError(
    `the trace has ${rowCount} spans, more than the ${maxSpans} that are read at once`,
    { limit: maxSpans, actual: rowCount },
  );
}

/** Stands in for a resource that was lost with a damaged file: the service is kept with each span. */
function unknownResource(known: Map<string, Resource>, service: string): Resource {
  const existing = known.get(service);
  if (existing !== undefined) return existing;
  const resource = { service, attributes: [], droppedAttributesCount: 0, schemaUrl: '' };
  known.set(service, resource);
  return resource;
}
