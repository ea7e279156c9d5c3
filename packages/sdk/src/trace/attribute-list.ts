import type { Attributes } from '@opentelemetry/api';
import { shorten } from '@clew/model';
import type { AttributeRules } from './attribute-rules.ts';

export type Scalar = string | number | boolean | bigint;
export type Stored = Scalar | Uint8Array | readonly (Scalar | undefined)[];

/** From this many on, a key is looked up in a map: below it, looking at each is quicker than keeping one. */
const INDEXED_COUNT = 32;

/** Of a list: an array may have billions of places with nothing in them. */
const MAX_ITEMS = 16_384;

/** What an attribute takes at most beside its texts: tags, lengths, a number. */
const OVERHEAD_BYTES = 32;
const BYTES_PER_CHARACTER = 3;

/**
 * The attributes of a span, an event or a link: checked, copied and cut on the way in.
 */
export class AttributeList {
  /** Keys and values, alternating; `used` of the places are taken. */
  readonly items: (Stored | undefined)[];
  used = 0;
  readonly #rules: AttributeRules;
  #indexByKey: Map<string, number> | undefined;
  #droppedCount = 0;
  #maxBytes = 0;

  constructor(rules: AttributeRules) {
    this.items = rules.room.slice();
    this.#rules = rules;
  }

  /** How many attributes there was no room for. */
  get droppedCount(): number {
    return this.#droppedCount;
  }

  /** Sets a value; one that OpenTelemetry does not allow (an object, a function, a key that is none) is left out, and told. */
  set(key: string, value: unknown): void {
    const stored = this.#toStored(value);
    if (stored === undefined || typeof key !== 'string' || key === '') {
      this.#refuse(key, value);
      return;
    }
    const index = this.#find(key);
    if (index < 0) {
      this.#add(key, stored);
    } else {
      this.items[index + 1] = stored;
      this.#maxBytes += maxBytesOf(stored);
    }
  }

  setAll(attributes: Attributes): void {
    // The letters of a text are no attributes.
    if (typeof attributes !== 'object') return;
    // The keys of one object differ, so those of the first need not be looked for.
    const isFirst = this.used === 0;
    try {
      for (const key in attributes) {
        if (!Object.hasOwn(attributes, key)) continue;
        const value = attributes[key];
        if (!isFirst) this.set(key, value);
        else this.#addValue(key, value);
      }
    } catch {
      // An object with getters that throw must not hurt who traces it; what was read until then is kept.
    }
  }

  /** How many bytes `writeAttributes` takes at most. */
  get maxBytes(): number {
    return this.#maxBytes;
  }

  /** About how many bytes `writeAttributes` takes. */
  guessBytes(): number {
    return this.#maxBytes >> 2;
  }

  #find(key: string): number {
    if (this.#indexByKey !== undefined) return this.#indexByKey.get(key) ?? -1;
    const items = this.items;
    for (let i = 0; i < this.used; i += 2) {
      if (items[i] === key) return i;
    }
    return -1;
  }

  #addValue(key: string, value: unknown): void {
    const stored = this.#toStored(value);
    if (stored === undefined || key === '') this.#refuse(key, value);
    else this.#add(key, stored);
  }

  /** `undefined` and `null` say that there is nothing, which is nothing to complain of. */
  #refuse(key: unknown, value: unknown): void {
    if (value === undefined || value === null) return;
    const name = typeof key === 'string' ? `"${shorten(key)}"` : typeof key;
    this.#rules.complaints.tell(
      `an attribute that is no text, number, boolean or list of them is left out: ${name}`,
    );
  }

  #add(key: string, stored: Stored): void {
    const used = this.used;
    if (used >= 2 * this.#rules.maxCount) {
      this.#droppedCount++;
      return;
    }
    this.items[used] = key;
    this.items[used + 1] = stored;
    this.used = used + 2;
    this.#maxBytes += maxBytesOf(key) + maxBytesOf(stored);
    if (this.#indexByKey !== undefined) this.#indexByKey.set(key, used);
    else if (used === 2 * INDEXED_COUNT) this.#index();
  }

  #index(): void {
    this.#indexByKey = new Map();
    for (let i = 0; i < this.used; i += 2) {
      this.#indexByKey.set(this.items[i] as string, i);
    }
  }

  #toStored(value: unknown): Stored | undefined {
    return typeof value === 'object' && value !== null
      ? this.#toList(value)
      : this.#toScalar(value);
  }

  #toList(value: object): Stored | undefined {
    try {
      if (!Array.isArray(value)) {
        return value instanceof Uint8Array ? value.slice(0, this.#rules.maxLength) : undefined;
      }
      const items: readonly unknown[] =
        value.length > MAX_ITEMS ? value.slice(0, MAX_ITEMS) : value;
      return items.map((item) => this.#toScalar(item));
    } catch {
      return undefined; // It defends itself.
    }
  }

  #toScalar(value: unknown): Scalar | undefined {
    if (typeof value === 'string') {
      return value.length > this.#rules.maxLength ? cut(value, this.#rules.maxLength) : value;
    }
    if (typeof value === 'number' || typeof value === 'boolean') return value;
    return typeof value === 'bigint' ? this.#toInt(value) : undefined;
  }

  /** An OTLP integer has 64 bits; a larger one keeps its digits as text. */
  #toInt(value: bigint): Scalar | undefined {
    return BigInt.asIntN(64, value) === value ? value : this.#toScalar(String(value));
  }
}

/** Not between the two halves of a character. */
function cut(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  const isHalf = last >= 0xd8_00 && last <= 0xdb_ff;
  return text.slice(0, isHalf ? length - 1 : length);
}

function maxBytesOf(item: Stored | undefined): number {
  if (typeof item === 'string') return item.length * BYTES_PER_CHARACTER + OVERHEAD_BYTES;
  if (typeof item !== 'object') return OVERHEAD_BYTES;
  if (item instanceof Uint8Array) return item.length + OVERHEAD_BYTES;
  let sum = OVERHEAD_BYTES;
  for (const part of item) sum += maxBytesOf(part);
  return sum;
}
