/**
 * Under which keys spans and resources have attributes, and of which types. A condition on an attribute means values of any
 * type, of the span or its resource; each of these is a map of its own to look into, and nearly always one has the key.
 * What is listed of a segment becomes visible before its spans do (`insert-segment.ts`), so a key that is not listed is nowhere.
 */
import { MAX_KEYS } from '../rollup/attribute-values.ts';
import type { AttributeOwner, AttributeType } from '../span-store.ts';
import type { Engine } from './engine/engine.ts';
import { RowBinaryReader } from './engine/row-binary-reader.ts';
import { integerLiteral, sql, textLiteral } from './engine/sql.ts';

export interface KeyTypes {
  /** Whether one of the owners may have a value of the type under the key. */
  mayBe(owner: AttributeOwner, key: string, type: AttributeType): boolean;
}

/** Beyond this many tenants, what was read is forgotten. */
const MAX_TENANTS = 1000;

/** Nothing is known: any key may have values of any type. */
export const ANY_KEY_TYPES: KeyTypes = { mayBe: () => true };

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
    const statement = sql`
SELECT DISTINCT owner, key, type
FROM attribute_values
WHERE tenant = ${textLiteral(tenant)} AND value = ''
LIMIT ${integerLiteral(MAX_KEYS)}`;
    const reader = new RowBinaryReader(await this.#engine.read(statement, { signal }));
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
      mayBe: (owner, key, type) => key === '' || byKey.get(`${owner} ${key}`)?.has(type) === true,
    };
  }
}
