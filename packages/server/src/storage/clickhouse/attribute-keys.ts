/**
 * Under which keys spans and resources have attributes, and of which types. A condition on an attribute means values of any
 * type, of the span, its set or its resource; each of these is a map of its own to look into, and nearly always one has the key.
 * What is listed of a segment becomes visible before its spans do (`insert-segment.ts`), so a key that is not listed is nowhere.
 */
import { MAX_KEYS } from '../rollup/attribute-values.ts';
import type { AttributeOwner, AttributeType } from '../span-store.ts';
import type { Engine } from './engine/engine.ts';
import { RowBinaryReader } from './engine/row-binary-reader.ts';
import { integerLiteral, sql, textLiteral } from './engine/sql.ts';

/** Where attributes are kept. Those of a span are with it or in its set. */
export type AttributePlace = AttributeOwner | 'set';

export interface KeyTypes {
  /** Whether there may be a value of the type under the key. */
  mayBe(place: AttributePlace, key: string, type: AttributeType): boolean;
}

/** Beyond this many tenants, what was read is forgotten. */
const MAX_TENANTS = 1000;

/** Nothing is known: any key may have values of any type. */
export const ANY_KEY_TYPES: KeyTypes = {
  mayBe: (place, _, type) => place !== 'set' || type === 'string' || type === 'int',
};

export class AttributeKeys {
  readonly #engine: Engine;
  #known = new Map<string, KeyTypes>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** To be called when keys were listed that may be new. */
  forget(): void {
    this.#known = new Map();
  }

  async read(tenant: string, signal: AbortSignal | undefined): Promise<KeyTypes> {
    // What is read while it is forgotten is not remembered.
    const known = this.#known;
    const types = known.get(tenant) ?? (await this.#read(tenant, signal));
    if (known.size >= MAX_TENANTS) known.clear();
    known.set(tenant, types);
    return types;
  }

  /** From `MAX_KEYS` on, keys may have been left out of the list. */
  async #read(tenant: string, signal: AbortSignal | undefined): Promise<KeyTypes> {
    const ofTenant = sql`tenant = ${textLiteral(tenant)}`;
    const statement = sql`
SELECT DISTINCT owner, key, type
FROM (
  SELECT owner, key, type FROM attribute_values WHERE ${ofTenant} AND value = ''
  UNION ALL
  SELECT 'set', arrayJoin(mapKeys(attr_string)), 'string' FROM attribute_sets WHERE ${ofTenant}
  UNION ALL
  SELECT 'set', arrayJoin(mapKeys(attr_int)), 'int' FROM attribute_sets WHERE ${ofTenant}
)
LIMIT ${integerLiteral(MAX_KEYS)}`;
    const reader = new RowBinaryReader(await this.#engine.read(statement, { signal, isOwn: true }));
    const byKey = new Map<string, Set<string>>();
    let count = 0;
    for (; !reader.isAtEnd; count++) {
      const id = `${reader.text()} ${reader.text()}`;
      const types = byKey.get(id) ?? new Set();
      byKey.set(id, types.add(reader.text()));
    }
    if (count >= MAX_KEYS) return ANY_KEY_TYPES;
    // The empty key is not listed.
    return {
      mayBe: (place, key, type) =>
        (key === '' && ANY_KEY_TYPES.mayBe(place, key, type)) ||
        byKey.get(`${place} ${key}`)?.has(type) === true,
    };
  }
}
