/**
 * Resources and scopes by id. Their ids are hashes of what they say, so a row never changes and what was once read is
 * kept; and one id is one object, so that spans of one resource are seen to be by comparing.
 */
import type { Engine } from './engine/engine.ts';
import { RowBinaryReader } from './engine/row-binary-reader.ts';
import { Sql, sql, textLiteral, uint64Literal } from './engine/sql.ts';

export interface DictionaryOptions<T> {
  readonly engine: Engine;
  readonly table: 'resources' | 'scopes';
  readonly columns: string;
  readonly readRow: (reader: RowBinaryReader) => readonly [bigint, T];
}

/** Beyond this many, what was read is forgotten. */
const MAX_CACHED = 20_000;
const IDS_PER_STATEMENT = 2000;

export class Dictionary<T> {
  readonly #options: DictionaryOptions<T>;
  readonly #cache = new Map<string, T>();

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
    const missing: bigint[] = [];
    for (const id of ids) {
      const cached = this.#cache.get(cacheKey(tenant, id));
      if (cached === undefined) missing.push(id);
      else found.set(id, cached);
    }
    if (this.#cache.size + missing.length > MAX_CACHED) this.#cache.clear();
    for (let i = 0; i < missing.length; i += IDS_PER_STATEMENT) {
      const batch = missing.slice(i, i + IDS_PER_STATEMENT);
      for (const [id, entry] of await this.#read(tenant, batch, signal)) {
        // Another request may have read it meanwhile, and one id stays one object.
        const entryKept = this.#cache.get(cacheKey(tenant, id)) ?? entry;
        this.#cache.set(cacheKey(tenant, id), entryKept);
        found.set(id, entryKept);
      }
    }
    return found;
  }

  async #read(
    tenant: string,
    ids: readonly bigint[],
    signal: AbortSignal | undefined,
  ): Promise<(readonly [bigint, T])[]> {
    const { engine, table, columns, readRow } = this.#options;
    const statement = sql`
SELECT ${new Sql(columns)}
FROM ${new Sql(table)}
WHERE tenant = ${textLiteral(tenant)} AND id IN (${ids.map(uint64Literal)})
LIMIT 1 BY id`;
    const reader = new RowBinaryReader(await engine.read(statement, { signal }));
    return reader.rows(() => readRow(reader));
  }
}

function cacheKey(tenant: string, id: bigint): string {
  return `${id} ${tenant}`;
}
