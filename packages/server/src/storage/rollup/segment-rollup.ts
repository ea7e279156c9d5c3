/**
 * What is known of the spans of a segment beside the spans: rows of the tables that searches, charts and completion read.
 * They are computed here, from the columns of each block as it is written, because for the engine the same work is
 * several times as much: it would hash and compare what a block's dictionaries have numbered already.
 *
 * A rollup lives in memory until its segment is inserted, and is inserted with the segment's token like the spans. When
 * the process dies before that, the segment's spans say it all again: see `clickhouse/recompute-rollup.ts`, which the
 * tests hold this against. Only how many spans have each key is not said again.
 */
import type { SpanBlock } from '@clew/model';
import type { NativeWriter } from '../native/native-writer.ts';
import {
  ATTRIBUTE_KEY_STRUCTURE,
  ATTRIBUTE_VALUE_STRUCTURE,
  RED_STRUCTURE,
  TRACE_STRUCTURE,
} from '../native/structures.ts';
import { AttributeCatalog, encodeAttributeValues } from './attribute-values.ts';
import type { AttributeValueRow } from './attribute-values.ts';
import type { SpanPlacement } from '../native/encode-spans.ts';
import { KeyCounts } from './key-counts.ts';
import { Names } from './names.ts';
import type { BlockNames } from './names.ts';
import { RequestRates } from './request-rates.ts';
import { TraceSummaries } from './trace-summaries.ts';

/** The tables a rollup has rows for. */
export const ROLLUP_TABLES = ['traces', 'red_1m', 'attribute_values', 'attribute_keys_1m'] as const;
export type RollupTable = (typeof ROLLUP_TABLES)[number];

const encoder = new TextEncoder();
const TRACE_COLUMN_COUNT = Object.keys(TRACE_STRUCTURE).length;
const RED_COLUMN_COUNT = Object.keys(RED_STRUCTURE).length;
const ATTRIBUTE_KEY_COLUMN_COUNT = Object.keys(ATTRIBUTE_KEY_STRUCTURE).length;
const ATTRIBUTE_VALUE_COLUMN_COUNT = Object.keys(ATTRIBUTE_VALUE_STRUCTURE).length;

export class SegmentRollup {
  readonly #tenants = new Map<string, TenantRollup>();
  readonly #catalogs: AttributeCatalogs;

  /** `catalogs` outlive segments: what one has listed the next need not. */
  constructor(catalogs: AttributeCatalogs) {
    this.#catalogs = catalogs;
  }

  /** Takes in a block. Its attributes are listed under `day`. */
  add(block: SpanBlock, placement: SpanPlacement, day: number): void {
    const { tenant } = block;
    let rollup = this.#tenants.get(tenant);
    if (rollup === undefined) {
      rollup = new TenantRollup(tenant, this.#catalogs.of(tenant));
      this.#tenants.set(tenant, rollup);
    }
    rollup.add(block, placement, day);
  }

  /** To be called when the rows will not be inserted: what is listed in them has to be listed again. */
  discard(): void {
    this.#catalogs.clear();
  }

  /** The minutes that spans began in, since 1970, by tenant. */
  minutes(): ReadonlyMap<string, ReadonlySet<number>> {
    return new Map([...this.#tenants].map(([tenant, rollup]) => [tenant, rollup.minutes()]));
  }

  /** Whether it has attribute keys or values that were not listed before. */
  get listsValues(): boolean {
    return [...this.#tenants.values()].some((rollup) => rollup.listsValues);
  }

  /** The rows for a table as Native blocks, one a tenant; nothing where there are none. */
  encode(writer: NativeWriter, table: RollupTable): readonly Uint8Array[] {
    return [...this.#tenants.values()].flatMap((rollup) => rollup.encode(writer, table));
  }
}

/** The catalogs of all tenants. */
export class AttributeCatalogs {
  readonly #catalogs = new Map<string, AttributeCatalog>();

  /** Forgets what was listed. */
  clear(): void {
    this.#catalogs.clear();
  }

  of(tenant: string): AttributeCatalog {
    let catalog = this.#catalogs.get(tenant);
    if (catalog === undefined) this.#catalogs.set(tenant, (catalog = new AttributeCatalog()));
    return catalog;
  }
}

class TenantRollup {
  readonly #tenant: Uint8Array;
  readonly #catalog: AttributeCatalog;
  readonly #names = new Names();
  readonly #traces = new TraceSummaries(this.#names);
  readonly #rates = new RequestRates(this.#names);
  readonly #keys = new KeyCounts();
  readonly #values = new Map<number, AttributeValueRow[]>();

  constructor(tenant: string, catalog: AttributeCatalog) {
    this.#tenant = encoder.encode(tenant);
    this.#catalog = catalog;
  }

  add(block: SpanBlock, { filing, own }: SpanPlacement, day: number): void {
    const names: BlockNames = {
      services: this.#names.numbersOf(block.service),
      spanNames: this.#names.numbersOf(block.name),
    };
    this.#traces.add(block, filing, names);
    this.#rates.add(block, filing, names);
    this.#keys.add(block, filing);
    let rows = this.#values.get(day);
    if (rows === undefined) this.#values.set(day, (rows = []));
    this.#catalog.collect(block, own, { day, rows });
  }

  minutes(): ReadonlySet<number> {
    return this.#rates.minutes();
  }

  get listsValues(): boolean {
    return [...this.#values.values()].some((rows) => rows.length > 0);
  }

  encode(writer: NativeWriter, table: RollupTable): readonly Uint8Array[] {
    if (table === 'traces') {
      const traces = this.#traces;
      return this.#encode(writer, TRACE_COLUMN_COUNT, traces.rowCount, () => traces.encode(writer));
    }
    if (table === 'red_1m') {
      const rates = this.#rates;
      return this.#encode(writer, RED_COLUMN_COUNT, rates.rowCount, () => rates.encode(writer));
    }
    if (table === 'attribute_keys_1m') {
      const keys = this.#keys;
      return this.#encode(writer, ATTRIBUTE_KEY_COLUMN_COUNT, keys.rowCount, () =>
        keys.encode(writer),
      );
    }
    return [...this.#values].flatMap(([day, rows]) =>
      this.#encode(writer, ATTRIBUTE_VALUE_COLUMN_COUNT, rows.length, () =>
        encodeAttributeValues(writer, rows, day),
      ),
    );
  }

  #encode(
    writer: NativeWriter,
    columnCount: number,
    rowCount: number,
    encode: () => void,
  ): readonly Uint8Array[] {
    // A block without rows would be the end of the file for the engine.
    if (rowCount === 0) return [];
    writer.begin(columnCount, rowCount);
    writer.constant('tenant', this.#tenant, rowCount);
    encode();
    return [writer.seal(0)];
  }
}
