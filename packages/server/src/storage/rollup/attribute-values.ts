/**
 * Which attribute keys there are and which values they take, for whoever completes a query: the rows of
 * `attribute_values`. A row is written once a day when its value is first seen. Of a key with many values only the first
 * `MAX_VALUES` are kept: nobody picks a request id from a list. Such a key costs no more than to step over its values,
 * so a span's attributes take a few dozen nanoseconds. Measured by `bench -- rollup`.
 */
import { ByteColumn } from '@clew/model';
import type { SpanBlock, Uint64Column } from '@clew/model';
import type { OwnAttributes } from '../attribute-sets/split-attributes.ts';
import type { EncodableMap, NativeWriter } from '../native/native-writer.ts';
import type { AttributeOwner, AttributeType } from '../span-store.ts';
import { StringCursor } from '../native/string-cursor.ts';
import { bytesOf } from './bytes.ts';

/** Values of one key, type and owner that are kept of a day. */
export const MAX_VALUES = 200;
/** Keys that are listed of a day: a sender that puts ids into keys must not fill the memory. */
export const MAX_KEYS = 20_000;
/** Longer texts are no names of anything. */
export const MAX_VALUE_BYTES = 128;

/** Whose attributes they are. */
export interface AttributeValueRow {
  readonly owner: AttributeOwner;
  readonly key: string;
  readonly type: AttributeType;
  /** Empty for the key itself, which is listed whatever its values. */
  readonly value: string;
}

/** What is known of a key; its values as 32-bit hashes, of which two in 200 are equal once in 100,000 keys. */
interface KeyState {
  readonly owner: AttributeOwner;
  readonly key: string;
  readonly type: AttributeType;
  readonly seen: Set<number>;
}

const decoder = new TextDecoder();

interface ListedMap<Values> {
  readonly keys: EncodableMap['keys'];
  readonly values: Values;
  /** By entry of the dictionary of keys, 0 where nothing is under the key; absent where something is under all. */
  readonly isUsed?: Uint8Array;
}

interface ListedColumns {
  readonly string: ListedMap<ByteColumn>;
  readonly int: ListedMap<Uint64Column>;
  readonly double: ListedMap<unknown>;
  readonly bool: ListedMap<ByteColumn>;
  readonly complex: ListedMap<unknown>;
}

/** Remembers what was written of a day, for one tenant. */
export class AttributeCatalog {
  #day = -1;
  readonly #keys = new Map<string, KeyState>();

  /**
   * The rows that `block` brings for the first time on `day`. Of its spans' texts and integers only their own are listed: the others
   * are in the sets that were stored.
   */
  collect(
    block: SpanBlock,
    own: OwnAttributes,
    { day, rows }: { readonly day: number; readonly rows: AttributeValueRow[] },
  ): void {
    if (day !== this.#day) {
      this.#day = day;
      this.#keys.clear();
    }
    const { double, bool, complex } = block.attributes;
    this.#collectFrom({ ...own, double, bool, complex }, 'span', rows);
    this.#collectFrom(block.resources.attributes, 'resource', rows);
  }

  #collectFrom(columns: ListedColumns, owner: AttributeOwner, rows: AttributeValueRow[]): void {
    this.#collectTexts(columns, owner, rows);
    this.#collectIntegers(columns, owner, rows);
    this.#collectBooleans(columns, owner, rows);
    this.#statesOf(columns.double, 'double', owner, rows);
    this.#statesOf(columns.complex, 'complex', owner, rows);
  }

  #collectTexts({ string }: ListedColumns, owner: AttributeOwner, rows: AttributeValueRow[]): void {
    const states = this.#statesOf(string, 'string', owner, rows);
    const entries = string.keys.indexes.values;
    const { bytes } = string.values;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const strings = new StringCursor(bytes);
    for (let i = 0; i < entries.length; i++) {
      strings.next();
      const { start, end } = strings;
      const state = states[entries[i] ?? 0];
      if (state === undefined || state.seen.size >= MAX_VALUES) continue;
      if (end - start > MAX_VALUE_BYTES) continue;
      const hash = hashBytes(view, start, end);
      if (state.seen.has(hash)) continue;
      state.seen.add(hash);
      rows.push({ ...pick(state), value: decoder.decode(bytes.subarray(start, end)) });
    }
  }

  #collectIntegers({ int }: ListedColumns, owner: AttributeOwner, rows: AttributeValueRow[]): void {
    const states = this.#statesOf(int, 'int', owner, rows);
    const entries = int.keys.indexes.values;
    const { halves } = int.values;
    for (let i = 0; i < entries.length; i++) {
      const state = states[entries[i] ?? 0];
      if (state === undefined || state.seen.size >= MAX_VALUES) continue;
      const hash = (halves[i << 1] ?? 0) ^ Math.imul(halves[(i << 1) + 1] ?? 0, 0x9e3779b1);
      if (state.seen.has(hash)) continue;
      state.seen.add(hash);
      rows.push({ ...pick(state), value: String(BigInt.asIntN(64, int.values.at(i))) });
    }
  }

  #collectBooleans(
    { bool }: ListedColumns,
    owner: AttributeOwner,
    rows: AttributeValueRow[],
  ): void {
    const states = this.#statesOf(bool, 'bool', owner, rows);
    const entries = bool.keys.indexes.values;
    const { bytes } = bool.values;
    for (let i = 0; i < entries.length; i++) {
      const state = states[entries[i] ?? 0];
      const value = bytes[i] ?? 0;
      if (state === undefined || state.seen.has(value)) continue;
      state.seen.add(value);
      rows.push({ ...pick(state), value: value === 0 ? 'false' : 'true' });
    }
  }

  /** By entry of a block's dictionary of keys; a key that is new is a row of its own. */
  #statesOf(
    { keys: { dictionary }, isUsed }: ListedMap<unknown>,
    type: AttributeType,
    owner: AttributeOwner,
    rows: AttributeValueRow[],
  ): (KeyState | undefined)[] {
    return Array.from({ length: dictionary.count }, (_, entry) => {
      // Entry 0 is the empty text, in every dictionary, and no key.
      if (entry === 0 || isUsed?.[entry] === 0) return undefined;
      const key = dictionary.text(entry);
      const id = `${owner} ${type} ${key}`;
      const known = this.#keys.get(id);
      if (known !== undefined || this.#keys.size >= MAX_KEYS) return known;
      const state = { owner, key, type, seen: new Set<number>() };
      this.#keys.set(id, state);
      rows.push({ ...pick(state), value: '' });
      return state;
    });
  }
}

/** Writes the columns of `attribute_values` but the tenant. */
export function encodeAttributeValues(
  writer: NativeWriter,
  rows: readonly AttributeValueRow[],
  day: number,
): void {
  writer.plain('partition_date', 'Date', bytesOf(new Uint16Array(rows.length).fill(day)));
  for (const column of ['owner', 'key', 'type', 'value'] as const) {
    const texts = new ByteColumn();
    for (const row of rows) {
      const text = Buffer.from(row[column]);
      texts.pushString(text, 0, text.length);
    }
    writer.plain(column, 'String', texts.bytes);
  }
}

function pick({ owner, key, type }: KeyState): Omit<AttributeValueRow, 'value'> {
  return { owner, key, type };
}

/** Four bytes at a time, mixed as MurmurHash3 does; the last four may overlap. */
function hashBytes(view: DataView, start: number, end: number): number {
  let hash = end - start;
  if (end - start < 4) {
    for (let at = start; at < end; at++) hash = mix(hash, view.getUint8(at));
    return hash;
  }
  for (let at = start; at < end - 4; at += 4) hash = mix(hash, view.getInt32(at, true));
  return mix(hash, view.getInt32(end - 4, true));
}

function mix(hash: number, word: number): number {
  const mixed = Math.imul(hash ^ Math.imul(word, 0x9e3779b1), 0x85ebca77);
  return mixed ^ (mixed >>> 15);
}
