/**
 * The values that completion offers of a key. Whoever types asks for those of one key again at each letter, so its list is read
 * once and remembered until a segment brings values, which few do: of a key the first `MAX_VALUES` of a day are listed.
 */
import type { Clock } from '@clew/model';
import type { AttributeType, AttributeValuesRequest, KnownValue } from '../span-store.ts';
import type { Engine } from './engine/engine.ts';
import { RowBinaryReader } from './engine/row-binary-reader.ts';
import { Sql, integerLiteral, sql, textLiteral, unionAll } from './engine/sql.ts';

export interface KnownValuesOptions {
  readonly engine: Engine;
  readonly clock: Clock;
}

/** Of which types the attributes of sets are; a span has them. */
export const SET_TYPES = ['string', 'int'] as const;

/** A list with more values is read anew for each prefix. */
const MAX_LIST = 500;
/** Beyond this many values of all lists, what was read is forgotten. */
const MAX_REMEMBERED = 50_000;
/** For so long retention may have dropped what is still offered. */
const REMEMBERED_MS = 60_000;

interface List {
  /** Undefined where there are too many. */
  readonly values: readonly KnownValue[] | undefined;
  readonly readMs: number;
}

export class KnownValues {
  readonly #options: KnownValuesOptions;
  #lists = new Map<string, List>();
  #remembered = 0;

  constructor(options: KnownValuesOptions) {
    this.#options = options;
  }

  /** To be called when values were listed that may be new. */
  forget(): void {
    this.#lists = new Map();
    this.#remembered = 0;
  }

  /** Those that begin with the prefix, by value in the order of its bytes. */
  async read(request: AttributeValuesRequest): Promise<readonly KnownValue[]> {
    const { prefix, limit } = request;
    const values = await this.#list(request);
    if (values === undefined) return this.#select(request);
    return values.filter(({ value }) => value.startsWith(prefix)).slice(0, limit);
  }

  async #list(request: AttributeValuesRequest): Promise<readonly KnownValue[] | undefined> {
    // What is read while it is forgotten is not remembered.
    const lists = this.#lists;
    const nowMs = this.#options.clock.nowMs();
    const id = JSON.stringify([request.tenant, request.owner ?? '', request.key]);
    const known = lists.get(id);
    if (known !== undefined && nowMs - known.readMs < REMEMBERED_MS) return known.values;
    const read = await this.#select({ ...request, prefix: '', limit: MAX_LIST + 1 });
    const values = read.length > MAX_LIST ? undefined : read;
    if (lists !== this.#lists) return values;
    if (this.#remembered + read.length > MAX_REMEMBERED) this.forget();
    this.#lists.set(id, { values, readMs: nowMs });
    // An empty list takes room, too, and one that is replaced is counted twice: it is a bound, not a count.
    this.#remembered += (values?.length ?? 0) + 1;
    return values;
  }

  async #select(request: AttributeValuesRequest): Promise<readonly KnownValue[]> {
    const { prefix, limit, signal } = request;
    const statement = sql`
SELECT DISTINCT type, value
FROM (${selectValues(request)})
WHERE value != '' AND startsWith(value, ${textLiteral(prefix)})
ORDER BY value, type
LIMIT ${integerLiteral(limit)}`;
    const reader = new RowBinaryReader(await this.#options.engine.read(statement, { signal }));
    return reader.rows(() => ({ type: reader.text() as AttributeType, value: reader.text() }));
  }
}

function selectValues({ tenant, owner, key }: AttributeValuesRequest): Sql {
  const ofTenant = sql`tenant = ${textLiteral(tenant)}`;
  const ofOwner = owner === undefined ? new Sql('1') : sql`owner = ${textLiteral(owner)}`;
  const ofSets = (owner === 'resource' ? [] : SET_TYPES).map((type) => {
    const map = new Sql(`attr_${type}`);
    return sql`
SELECT DISTINCT ${textLiteral(type)}, toString(${map}[${textLiteral(key)}])
FROM attribute_sets
WHERE ${ofTenant} AND mapContains(${map}, ${textLiteral(key)})`;
  });
  return unionAll([
    sql`SELECT type, value FROM attribute_values WHERE ${ofTenant} AND ${ofOwner} AND key = ${textLiteral(key)}`,
    ...ofSets,
  ]);
}
