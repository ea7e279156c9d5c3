/**
 * Resources, scopes and sets of attributes by id. Their ids are hashes of what they say, so a row never changes and what was once read is
 * kept; and one id is one object, so that spans of one resource are seen to be by comparing.
 */
import type { Engine } from './engine/engine.ts';
import { RowBinaryReader } from './engine/row-binary-reader.ts';
import { Sql, integerLiteral, sql, textLiteral, uint64List } from './engine/sql.ts';

export interface DictionaryOptions<T> {
  readonly engine: Engine;
  readonly table: 'resources' | 'scopes' | 'attribute_sets';
  readonly columns: string;
  readonly readRow: (reader: RowBinaryReader) => readonly [bigint, T];
}

/** Beyond this many, what was read is forgotten. */
const MAX_CACHED = 50_000;
const IDS_PER_STATEMENT = 2000;
/** Read of a tenant before they are asked for: to look up one takes as long as to read all that a small system has. */
const READ_AHEAD = 5000;

export class Dictionary<T> {
  readonly #options: DictionaryOptions<T>;
  readonly #cache = new Map<string, T>();
  /** Tenants of which something was read ahead. */
  readonly #readAhead = new Set<string>();

  constructor(options: DictionaryOptions<T>) {
    this.#options = options;
  }

  /** The entries of `ids`; one that is not stored is missing. */
  async look(
    tenant: string,
    ids: ReadonlySet<bigint>,
    signal: AbortSignal | undefined,
  ): Promise<ReadonlyMap<bigint, T>> {
    const found = new Map<bigint, T>();
    const takeCached = (): bigint[] => {
      const missing: bigint[] = [];
      for (const id of ids) {
        const entry = this.#cache.get(cacheKey(tenant, id));
        if (entry === undefined) missing.push(id);
        else found.set(id, entry);
      }
      return missing;
    };
    let missing = takeCached();
    if (missing.length > 0 && !this.#readAhead.has(tenant)) {
      await this.#read(tenant, sql`LIMIT 1 BY id LIMIT ${integerLiteral(READ_AHEAD)}`, signal);
      this.#readAhead.add(tenant);
      missing = takeCached();
    }
    for (let i = 0; i < missing.length; i += IDS_PER_STATEMENT) {
      const batch = uint64List(missing.slice(i, i + IDS_PER_STATEMENT));
      const entries = await this.#read(tenant, sql`AND id IN (${batch}) LIMIT 1 BY id`, signal);
      for (const [id, entry] of entries) found.set(id, entry);
    }
    return found;
  }

  /** All entries of a tenant; undefined when there are more than `max`. */
  async lookAtAll(
    tenant: string,
    max: number,
    signal: AbortSignal | undefined,
  ): Promise<ReadonlyMap<bigint, T> | undefined> {
    const { engine, table } = this.#options;
    const statement = sql`
SELECT DISTINCT id FROM ${new Sql(table)} WHERE tenant = ${textLiteral(tenant)} LIMIT ${integerLiteral(max + 1)}`;
    const reader = new RowBinaryReader(await engine.read(statement, { signal, isOwn: true }));
    const ids = new Set(reader.rows(() => reader.uint64()));
    return ids.size > max ? undefined : this.look(tenant, ids, signal);
  }

  /** Reads entries into the cache, and gives them. One that was there stays: one id is one object. */
  async #read(
    tenant: string,
    which: Sql,
    signal: AbortSignal | undefined,
  ): Promise<ReadonlyMap<bigint, T>> {
    const { engine, table, columns, readRow } = this.#options;
    const statement = sql`
SELECT ${new Sql(columns)}
FROM ${new Sql(table)}
WHERE tenant = ${textLiteral(tenant)} ${which}`;
    const reader = new RowBinaryReader(await engine.read(statement, { signal, isOwn: true }));
    const entries = new Map(reader.rows(() => readRow(reader)));
    if (this.#cache.size + entries.size > MAX_CACHED) this.#cache.clear();
    for (const [id, entry] of entries) {
      const key = cacheKey(tenant, id);
      const known = this.#cache.get(key);
      if (known === undefined) this.#cache.set(key, entry);
      else entries.set(id, known);
    }
    return entries;
  }
}

function cacheKey(tenant: string, id: bigint): string {
  return `${id} ${tenant}`;
}
