/**
 * Spans as columns: the one shape every receiver ends in and the store begins with. A column is a typed array or a run
 * of bytes in the very form ClickHouse's Native format wants, so that writing a block is mostly copying memory. No
 * object per span, no JavaScript string per value: a decoder pushes byte ranges of the request.
 *
 * A span is built by pushing exactly one value to each column and its attributes to `attributes`, then `endSpan`.
 * `rollbackSpan` forgets everything pushed since the last `endSpan`, so that one bad span never loses its batch.
 *
 * The spans of a block belong to one tenant. `resources` and `scopes` hold each resource and scope the block's spans
 * name, once, under the 64-bit id that `resourceIds` and `scopeIds` refer to.
 */
import { AttributeColumns } from './attribute-columns.ts';
import { ByteColumn } from './byte-column.ts';
import { DictionaryColumn } from './dictionary-column.ts';
import { Float32Column, Uint32Column } from './number-columns.ts';
import { Uint64Column } from './uint64-column.ts';

/** Each distinct resource of a block, a row each. */
export class ResourceColumns {
  readonly #rows = new RowIndex();
  readonly ids: Uint64Column = new Uint64Column();
  readonly service: DictionaryColumn = new DictionaryColumn();
  readonly schemaUrl: DictionaryColumn = new DictionaryColumn();
  readonly attributes: AttributeColumns = new AttributeColumns();
  readonly droppedAttributesCounts: Uint32Column = new Uint32Column();

  get count(): number {
    return this.ids.length;
  }

  /** The row with this id, given as its halves; -1 when there is none. */
  find(low: number, high: number): number {
    return this.#rows.find(this.ids, low, high);
  }

  /** Forgets all rows, and keeps the memory. */
  clear(): void {
    this.#rows.clear();
    this.ids.truncate(0);
    this.service.clear();
    this.schemaUrl.clear();
    this.attributes.clear();
    this.droppedAttributesCounts.truncate(0);
  }
}

/** Each distinct instrumentation scope of a block, a row each. */
export class ScopeColumns {
  readonly #rows = new RowIndex();
  readonly ids: Uint64Column = new Uint64Column();
  readonly name: DictionaryColumn = new DictionaryColumn();
  readonly version: DictionaryColumn = new DictionaryColumn();
  readonly schemaUrl: DictionaryColumn = new DictionaryColumn();
  readonly attributes: AttributeColumns = new AttributeColumns();
  readonly droppedAttributesCounts: Uint32Column = new Uint32Column();

  get count(): number {
    return this.ids.length;
  }

  /** The row with this id, given as its halves; -1 when there is none. */
  find(low: number, high: number): number {
    return this.#rows.find(this.ids, low, high);
  }

  /** Forgets all rows, and keeps the memory. */
  clear(): void {
    this.#rows.clear();
    this.ids.truncate(0);
    this.name.clear();
    this.version.clear();
    this.schemaUrl.clear();
    this.attributes.clear();
    this.droppedAttributesCounts.truncate(0);
  }
}

/** Finds rows by id. It catches up with the column when it is asked, so that whoever adds a row need not know of it. */
class RowIndex {
  readonly #rows = new Map<bigint, number>();
  #rowCount = 0;

  find(ids: Uint64Column, low: number, high: number): number {
    while (this.#rowCount < ids.length) {
      this.#rows.set(ids.at(this.#rowCount), this.#rowCount);
      this.#rowCount++;
    }
    return this.#rows.get((BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)) ?? -1;
  }

  clear(): void {
    this.#rows.clear();
    this.#rowCount = 0;
  }
}

export class SpanBlock {
  readonly tenant: string;
  #spanCount = 0;

  /** 16 bytes a span. */
  readonly traceIds: ByteColumn = new ByteColumn();
  /** 8 bytes a span. */
  readonly spanIds: ByteColumn = new ByteColumn();
  /** 8 bytes a span, zeros for a root. */
  readonly parentSpanIds: ByteColumn = new ByteColumn();
  /** As sent, however wrong; where a span is filed by time is the store's business. */
  readonly startUnixNano: Uint64Column = new Uint64Column();
  readonly durationNano: Uint64Column = new Uint64Column();
  /** The resource's `service.name`, repeated here because every question asks for it. */
  readonly service: DictionaryColumn = new DictionaryColumn();
  readonly name: DictionaryColumn = new DictionaryColumn();
  /** Index into `SPAN_KINDS`. */
  readonly kinds: ByteColumn = new ByteColumn();
  /** Index into `SPAN_STATUSES`. */
  readonly statuses: ByteColumn = new ByteColumn();
  readonly statusMessage: DictionaryColumn = new DictionaryColumn();
  readonly traceState: DictionaryColumn = new DictionaryColumn();
  /** OTLP's `flags`: W3C trace flags in the low byte, "parent is remote" in bits 8 and 9. */
  readonly flags: Uint32Column = new Uint32Column();
  /** How many spans this one stands for: 1, or what its sampler's threshold says. */
  readonly weights: Float32Column = new Float32Column();
  readonly resourceIds: Uint64Column = new Uint64Column();
  readonly scopeIds: Uint64Column = new Uint64Column();
  readonly attributes: AttributeColumns = new AttributeColumns();
  readonly droppedAttributesCounts: Uint32Column = new Uint32Column();
  /** A string a span: its OTLP `Event` messages, each with its length in front. */
  readonly events: ByteColumn = new ByteColumn();
  readonly droppedEventsCounts: Uint32Column = new Uint32Column();
  /** A string a span: its OTLP `Link` messages, each with its length in front. */
  readonly links: ByteColumn = new ByteColumn();
  readonly droppedLinksCounts: Uint32Column = new Uint32Column();

  readonly resources: ResourceColumns = new ResourceColumns();
  readonly scopes: ScopeColumns = new ScopeColumns();

  #eventsMark = 0;
  #linksMark = 0;

  constructor(tenant: string) {
    this.tenant = tenant;
  }

  /**
   * Makes room for `count` spans more with `textBytes` of attributes' strings: a guess is enough, and saves most of the
   * copying and half of the memory that growing step by step touches. Measured by `otlp/decode/2000-spans`.
   */
  reserve(count: number, textBytes: number): void {
    this.traceIds.reserve(count * 16);
    this.spanIds.reserve(count * 8);
    this.parentSpanIds.reserve(count * 8);
    for (const column of [this.startUnixNano, this.durationNano, this.resourceIds, this.scopeIds]) {
      column.reserve(count);
    }
    for (const column of [this.service, this.name, this.statusMessage, this.traceState]) {
      column.indexes.reserve(count);
    }
    for (const column of [this.kinds, this.statuses, this.events, this.links])
      column.reserve(count);
    this.flags.reserve(count);
    this.weights.reserve(count);
    this.droppedAttributesCounts.reserve(count);
    this.droppedEventsCounts.reserve(count);
    this.droppedLinksCounts.reserve(count);
    this.attributes.reserve(count, textBytes);
  }

  get spanCount(): number {
    return this.#spanCount;
  }

  endSpan(): void {
    this.attributes.endRow();
    this.#spanCount++;
    this.#eventsMark = this.events.length;
    this.#linksMark = this.links.length;
  }

  /** Makes the block one without spans again, and keeps its memory for those to come. */
  clear(): void {
    this.#spanCount = this.#eventsMark = this.#linksMark = 0;
    this.attributes.clear();
    for (const column of [
      this.traceIds,
      this.spanIds,
      this.parentSpanIds,
      this.events,
      this.links,
    ]) {
      column.clear();
    }
    for (const column of [this.service, this.name, this.statusMessage, this.traceState])
      column.clear();
    for (const column of this.#columns()) column.truncate(0);
    this.resources.clear();
    this.scopes.clear();
  }

  rollbackSpan(): void {
    this.attributes.rollbackRow();
    this.traceIds.truncate(this.#spanCount * 16);
    this.events.truncate(this.#eventsMark);
    this.links.truncate(this.#linksMark);
    for (const column of [this.spanIds, this.parentSpanIds]) column.truncate(this.#spanCount * 8);
    for (const column of this.#columns()) column.truncate(this.#spanCount);
  }

  /** Those that have a fixed place for each span. */
  #columns(): readonly { truncate(length: number): void }[] {
    return [
      this.startUnixNano,
      this.durationNano,
      this.service,
      this.name,
      this.kinds,
      this.statuses,
      this.statusMessage,
      this.traceState,
      this.flags,
      this.weights,
      this.resourceIds,
      this.scopeIds,
      this.droppedAttributesCounts,
      this.droppedEventsCounts,
      this.droppedLinksCounts,
    ];
  }
}
