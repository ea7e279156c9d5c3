/**
 * Attributes that many spans have alike are stored once, as a set, and each span names its set: what kind of request it was, to
 * which database, in which function. That is half of what spans say, for a thousandth of the rows; a question about such an attribute is
 * put to the sets, which are few, and then to one column of numbers. Which attributes those are, `shared-keys.ts` says.
 *
 * A set is written with the first block that has it, and again until it is in the engine, and once more every day, as
 * resources are (`clickhouse/block-identities.ts`). Where there would be too many sets, attributes stay with their spans.
 */
import { AttributeColumns, Uint64Column } from '@clew/model';
import type { AttributeMap, SpanBlock, StringDictionary } from '@clew/model';
import { StringCursor } from '../native/string-cursor.ts';
import { KeyedRows } from '../rollup/keyed-rows.ts';
import { SHARED_KEYS } from './shared-keys.ts';
import { AttributeSplitter, MAX_SHARED_BYTES } from './split-attributes.ts';
import type { KeyNumbers, OwnAttributes } from './split-attributes.ts';

/** Sets of a tenant and a day; a block that could bring more of them is not taken apart. */
export const MAX_SETS = 50_000;
/** A key that has taken more values than this is not shared for the rest of the day. */
export const MAX_VALUES_OF_KEY = 1000;
/** Beyond this many tenants, what is known is forgotten. */
const MAX_TENANTS = 1000;

/** A block's attributes, taken apart. Valid until the next block is. */
export interface SplitBlock {
  /** The halves of each span's id, in turn; 0 for no set. */
  readonly setIds: Uint32Array<ArrayBuffer>;
  readonly own: OwnAttributes;
  /** To be written with the block. */
  readonly newSets: SetColumns;
}

/** Sets, a row each. */
export interface SetColumns {
  readonly ids: Uint64Column;
  readonly attributes: AttributeColumns;
}

/** What is in which segment, by the texts that a segment keeps (`segment/segment-log.ts`). */
export interface SetClaim {
  /** The day that sets are filed under, since 1970. */
  readonly day: number;
  /** Of the segment that the block goes to. */
  readonly held: Set<string>;
}

export class AttributeSets {
  readonly #splitter = new AttributeSplitter();
  readonly #tenants = new Map<string, KnownSets>();
  readonly #byNumber = new Map<number, KnownSets>();
  #lastNumber = 0;

  split(block: SpanBlock, claim: SetClaim): SplitBlock {
    const known = this.#known(block.tenant, claim.day);
    const numbers = known.numbersOf(block);
    const { attributes } = block;
    const { setIds, own } = this.#splitter.split(attributes, numbers);
    const newRows = known.claim(setIds, claim.held);
    return { setIds, own, newSets: known.collect(newRows, { attributes, numbers, setIds }) };
  }

  /** Remembers which sets a segment brought into the engine. What was repaired may have lost some: they will be written again. */
  markStored(
    identities: ReadonlySet<string>,
    { isRepaired }: { readonly isRepaired: boolean },
  ): void {
    if (isRepaired) return;
    for (const identity of identities) {
      const [kind, number, row] = identity.split(' ');
      if (kind === KIND) this.#byNumber.get(Number(number))?.markStored(Number(row));
    }
  }

  #known(tenant: string, day: number): KnownSets {
    const known = this.#tenants.get(tenant);
    if (known?.day === day) return known;
    if (known !== undefined) this.#byNumber.delete(known.number);
    if (this.#tenants.size >= MAX_TENANTS) {
      this.#tenants.clear();
      this.#byNumber.clear();
    }
    const fresh = new KnownSets(++this.#lastNumber, day);
    this.#tenants.set(tenant, fresh);
    this.#byNumber.set(fresh.number, fresh);
    return fresh;
  }
}

/** Whether what a segment keeps is a set that it holds. */
export function isSetIdentity(identity: string): boolean {
  return identity.startsWith(`${KIND} `);
}

const KIND = 'attribute_sets';

/** Of a row of known sets: its id, filled up to the key of `KeyedRows`, and its state. */
const ROW_SIZE = 6;
const STATE = 5;
/** The state of a set that is in the engine; any other is the number of the block that last had it. */
const STORED = 1;

/** The sets of a tenant that were seen on a day. */
class KnownSets {
  readonly number: number;
  readonly day: number;
  readonly #rows = new KeyedRows(ROW_SIZE);
  /** By number of a shared key. */
  readonly #valuesByKey = new Map<number, Set<string>>();
  #blockNumber = STORED;

  constructor(number: number, day: number) {
    this.number = number;
    this.day = day;
  }

  numbersOf({ attributes: { string, int } }: SpanBlock): KeyNumbers {
    const isFull = this.#rows.count + string.rowEnds.length > MAX_SETS;
    return {
      string: this.#numbersIn(string.keys.dictionary, isFull),
      int: this.#numbersIn(int.keys.dictionary, isFull),
    };
  }

  /** The first row of each set that has to be written, in order. */
  claim(setIds: Uint32Array, held: Set<string>): readonly number[] {
    this.#blockNumber++;
    const newRows: number[] = [];
    for (let at = 0; at < setIds.length; at += 2) {
      const low = setIds[at] ?? 0;
      const high = setIds[at + 1] ?? 0;
      if (high === 0) continue;
      const found = this.#rows.find(low, high, 0, 0);
      const row = found < 0 ? -1 - found : found;
      const state = row * ROW_SIZE + STATE;
      const { values } = this.#rows;
      if (values[state] === STORED || values[state] === this.#blockNumber) continue;
      values[state] = this.#blockNumber;
      const identity = `${KIND} ${this.number} ${row}`;
      if (held.has(identity)) continue;
      held.add(identity);
      newRows.push(at >> 1);
    }
    return newRows;
  }

  markStored(row: number): void {
    this.#rows.values[row * ROW_SIZE + STATE] = STORED;
  }

  /** The sets of these rows of a block, which are in order. Rare, hence simple: what is shared is gone over once more. */
  collect(newRows: readonly number[], { attributes, numbers, setIds }: SplitRows): SetColumns {
    const sets = { ids: new Uint64Column(), attributes: new AttributeColumns() };
    const strings = new EntryStrings(attributes);
    for (const row of newRows) {
      sets.ids.push(setIds[row << 1] ?? 0, setIds[(row << 1) + 1] ?? 0);
      this.#collectStrings(row, { strings, attributes, numbers }, sets.attributes);
      this.#collectIntegers(row, { attributes, numbers }, sets.attributes);
      sets.attributes.endRow();
    }
    return sets;
  }

  #collectStrings(
    row: number,
    {
      strings,
      attributes,
      numbers,
    }: Omit<SplitRows, 'setIds'> & { readonly strings: EntryStrings },
    set: AttributeColumns,
  ): void {
    const { keys } = attributes.string;
    for (const entry of entriesOf(attributes.string, row)) {
      const value = strings.at(entry);
      const key = keys.indexes.at(entry);
      const number = numbers.string[key] ?? 0;
      if (number === 0 || value.length > MAX_SHARED_BYTES) continue;
      set.string.keys.pushIndex(set.string.keys.internFrom(keys, entry));
      set.string.values.pushString(value, 0, value.length);
      this.#noteValue(number, `"${decoder.decode(value)}`);
    }
  }

  #collectIntegers(
    row: number,
    { attributes, numbers }: Omit<SplitRows, 'setIds'>,
    set: AttributeColumns,
  ): void {
    const { keys, values } = attributes.int;
    for (const entry of entriesOf(attributes.int, row)) {
      const number = numbers.int[keys.indexes.at(entry)] ?? 0;
      if (number === 0) continue;
      set.int.keys.pushIndex(set.int.keys.internFrom(keys, entry));
      set.int.values.pushBigint(values.at(entry));
      this.#noteValue(number, String(values.at(entry)));
    }
  }

  #noteValue(number: number, value: string): void {
    let values = this.#valuesByKey.get(number);
    if (values === undefined) this.#valuesByKey.set(number, (values = new Set()));
    if (values.size <= MAX_VALUES_OF_KEY) values.add(value);
  }

  #numbersIn(dictionary: StringDictionary, isFull: boolean): Uint8Array {
    const numbers = new Uint8Array(dictionary.count);
    if (isFull) return numbers;
    for (const [index, { start, end }] of KEY_PLACES.entries()) {
      const entry = dictionary.find(KEY_BYTES, start, end, KEY_VIEW);
      const number = index + 1;
      const isDiverse = (this.#valuesByKey.get(number)?.size ?? 0) > MAX_VALUES_OF_KEY;
      if (entry > 0 && !isDiverse) numbers[entry] = number;
    }
    return numbers;
  }
}

interface SplitRows {
  readonly attributes: AttributeColumns;
  readonly numbers: KeyNumbers;
  readonly setIds: Uint32Array;
}

/** Strings of a block by the number of their entry, in ascending order. */
class EntryStrings {
  readonly #strings: StringCursor;
  #nextEntry = 0;

  constructor({ string }: AttributeColumns) {
    this.#strings = new StringCursor(string.values.bytes);
  }

  at(entry: number): Uint8Array {
    for (; this.#nextEntry < entry; this.#nextEntry++) this.#strings.next();
    this.#nextEntry++;
    return this.#strings.string();
  }
}

/** The numbers of a row's entries. */
function* entriesOf({ rowEnds }: AttributeMap<unknown>, row: number): Generator<number> {
  const last = Number(rowEnds.at(row));
  for (let entry = row === 0 ? 0 : Number(rowEnds.at(row - 1)); entry < last; entry++) yield entry;
}

/** All keys one after the other: a dictionary looks through one run of bytes faster than through many. */
const KEY_BYTES = new TextEncoder().encode(SHARED_KEYS.join(''));
const KEY_VIEW = new DataView(KEY_BYTES.buffer);
const KEY_PLACES = SHARED_KEYS.map((key, index) => {
  const start = SHARED_KEYS.slice(0, index).join('').length;
  return { start, end: start + key.length };
});

const decoder = new TextDecoder();
