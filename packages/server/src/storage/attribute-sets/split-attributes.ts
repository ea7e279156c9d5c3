/**
 * Takes the attributes of a block's spans apart: those under shared keys become the id of a set, the others stay with their span. It
 * runs for each attribute of each span and copies what stays, a run of neighbours at a time. Measured by `bench -- rollup`.
 */
import { ByteColumn, StringDictionary, Uint32Column, Uint64Column } from '@clew/model';
import type { AttributeColumns, DictionaryColumn } from '@clew/model';
import type { EncodableMap } from '../native/native-writer.ts';
import { StringCursor } from '../native/string-cursor.ts';
import { SetHash, hashOfKey } from './set-hash.ts';
import { SHARED_KEYS } from './shared-keys.ts';

/** Longer texts stay with their span. */
export const MAX_SHARED_BYTES = 1024;

/** By entry of a block's dictionary of keys, the place of a shared key from 1 on; 0 for a key of the span's own. */
export interface KeyNumbers {
  readonly string: Uint8Array;
  readonly int: Uint8Array;
}

/** What stays with the spans, of the types that may be shared. */
export interface OwnAttributes {
  readonly string: OwnMap<ByteColumn>;
  readonly int: OwnMap<Uint64Column>;
}

export interface OwnMap<Values extends EncodableMap['values']> extends EncodableMap {
  readonly values: Values;
  /** By entry of the dictionary of keys, 1 where a span has it to itself. */
  readonly isUsed: Uint8Array;
}

/** Whatever it gives is valid until it is asked again. */
export class AttributeSplitter {
  readonly #hash = new SetHash();
  readonly #string = new OwnEntries(new ByteColumn());
  readonly #int = new OwnEntries(new Uint64Column());
  #setIds = new Uint32Array(0);

  split(
    { string, int, rowCount }: AttributeColumns,
    numbers: KeyNumbers,
  ): { readonly setIds: Uint32Array<ArrayBuffer>; readonly own: OwnAttributes } {
    if (this.#setIds.length < rowCount * 2) this.#setIds = new Uint32Array(rowCount * 4);
    const setIds = this.#setIds.subarray(0, rowCount * 2);
    this.#string.begin(string.keys);
    this.#int.begin(int.keys);
    this.#splitStrings(string, numbers.string, setIds);
    this.#splitIntegers(int, numbers.int, setIds);
    return { setIds, own: { string: this.#string, int: this.#int } };
  }

  /** Leaves the state of a row's hash in its id, 0 where nothing went into it. */
  #splitStrings(
    { keys, values, rowEnds }: AttributeColumns['string'],
    numbers: Uint8Array,
    setIds: Uint32Array,
  ): void {
    const own = this.#string;
    const hash = this.#hash;
    const entries = keys.indexes.values;
    const ends = rowEnds.halves;
    const { bytes } = values;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const strings = new StringCursor(bytes);
    /** Where the run of entries begins that stay and are not copied yet. */
    let from = 0;
    for (let row = 0, entry = 0; row < setIds.length >> 1; row++) {
      let isShared = false;
      for (const last = ends[row << 1] ?? 0; entry < last; entry++) {
        const key = entries[entry] ?? 0;
        const number = numbers[key] ?? 0;
        const begin = strings.end;
        strings.next();
        const { start, end } = strings;
        if (number === 0 || end - start > MAX_SHARED_BYTES) {
          own.add(key);
          continue;
        }
        own.values.pushBytes(bytes, from, begin, view);
        from = end;
        if (!isShared) hash.reset();
        isShared = true;
        hash.addText(keyHash(number), view, start, end);
      }
      own.endRow();
      setIds[row << 1] = isShared ? hash.low : 0;
      setIds[(row << 1) + 1] = isShared ? hash.high : 0;
    }
    own.values.pushBytes(bytes, from, bytes.length, view);
  }

  /** Goes on with the hashes that the strings have left, and finishes them. */
  #splitIntegers(
    { keys, values, rowEnds }: AttributeColumns['int'],
    numbers: Uint8Array,
    setIds: Uint32Array,
  ): void {
    const own = this.#int;
    const hash = this.#hash;
    const entries = keys.indexes.values;
    const ends = rowEnds.halves;
    const { halves } = values;
    for (let row = 0, entry = 0; row < setIds.length >> 1; row++) {
      const at = row << 1;
      let isShared = setIds[at] !== 0 || setIds[at + 1] !== 0;
      if (isShared) hash.resume(setIds[at] ?? 0, setIds[at + 1] ?? 0);
      for (const last = ends[at] ?? 0; entry < last; entry++) {
        const key = entries[entry] ?? 0;
        const number = numbers[key] ?? 0;
        const low = halves[entry << 1] ?? 0;
        const high = halves[(entry << 1) + 1] ?? 0;
        if (number === 0) {
          own.add(key);
          own.values.push(low, high);
          continue;
        }
        if (!isShared) hash.reset();
        isShared = true;
        hash.addInteger(keyHash(number), low, high);
      }
      own.endRow();
      if (!isShared) continue;
      hash.finish();
      setIds[at] = hash.low;
      setIds[at + 1] = hash.high;
    }
  }
}

const KEY_HASHES = Int32Array.of(0, ...SHARED_KEYS.map(hashOfKey));

function keyHash(number: number): number {
  return KEY_HASHES[number] ?? 0;
}

/** Entries of one type that stay with their spans, as a map. */
class OwnEntries<Values extends EncodableMap['values'] & { truncate(length: number): void }> {
  readonly rowEnds: Uint64Column = new Uint64Column();
  readonly values: Values;
  readonly #indexes = new Uint32Column();
  #dictionary = new StringDictionary();
  isUsed = new Uint8Array(0);

  constructor(values: Values) {
    this.values = values;
  }

  get keys(): EncodableMap['keys'] {
    const { length } = this.#indexes;
    return { length, indexes: this.#indexes, dictionary: this.#dictionary };
  }

  /** Begins a block whose entries have these keys. */
  begin({ dictionary }: DictionaryColumn): void {
    this.rowEnds.truncate(0);
    this.#indexes.truncate(0);
    this.values.truncate(0);
    this.#dictionary = dictionary;
    this.isUsed = new Uint8Array(dictionary.count);
  }

  /** `key` is an entry of the dictionary. */
  add(key: number): void {
    this.#indexes.push(key);
    this.isUsed[key] = 1;
  }

  endRow(): void {
    this.rowEnds.push(this.#indexes.length, 0);
  }
}
