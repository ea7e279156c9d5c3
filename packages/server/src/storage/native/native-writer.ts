/**
 * Writes one block of ClickHouse's Native format: the number of columns and of rows, then each column as its name, its
 * type and its values. The values of a plain column are its memory; a `LowCardinality(String)` column is its distinct
 * strings and an index a row; a `Map` column is the end of each row, then all keys, then all values.
 *
 * https://clickhouse.com/docs/interfaces/formats/Native
 *
 * A writer is reused from block to block and keeps its memory.
 */
import { ByteColumn } from '@clew/model';
import type { AttributeColumns, DictionaryColumn, StringDictionary } from '@clew/model';
import { CHECK_COLUMN, sealBlock } from './block-check.ts';
import type { BlockFingerprint } from './block-fingerprint.ts';

/** `SharedDictionariesWithAdditionalKeys`, the only serialization of `LowCardinality` there is. */
const LOW_CARDINALITY_VERSION = 1;
/** The block brings its own keys (bit 9) and starts a new dictionary (bit 10); the index width is added. */
const LOW_CARDINALITY_FLAGS = 0x600;

export type EncodableAttributes = Readonly<
  Record<
    keyof Pick<AttributeColumns, 'string' | 'int' | 'double' | 'bool' | 'complex'>,
    EncodableMap
  >
>;

/** Entries of any number a row, each with a key and a value. */
export interface EncodableMap {
  /** After each row, the number of entries up to and including it. */
  readonly rowEnds: { readonly bytes: Uint8Array };
  readonly keys: EncodableDictionary;
  readonly values: { readonly bytes: Uint8Array };
}

type EncodableDictionary = Pick<DictionaryColumn, 'length'> & {
  readonly dictionary: StringDictionary;
  readonly indexes: { readonly values: Uint32Array<ArrayBuffer> };
};

export class NativeWriter {
  readonly #out = new ByteColumn(1 << 16);
  /** Column names and types as they go into a block, by their text: they repeat in every block. */
  readonly #headers = new Map<string, Uint8Array>();
  #narrow = new Uint8Array(1 << 12);

  /** Begins a block of `columnCount` columns and the check column in front of them. */
  begin(columnCount: number, rowCount: number): void {
    this.#out.truncate(0);
    this.#out.pushLength(columnCount + 1);
    this.#out.pushLength(rowCount);
    this.#header(CHECK_COLUMN, 'UInt8');
    this.#out.pushZeros(rowCount);
  }

  /** A copy of the finished block, sealed with a checksum that starts from `seed`, and its fingerprint if it has one. */
  seal(seed: number, fingerprint?: BlockFingerprint): Uint8Array<ArrayBuffer> {
    const block = this.#out.bytes.slice();
    sealBlock(block, seed, fingerprint);
    return block;
  }

  /** A column whose values are `bytes` as they are. */
  plain(name: string, type: string, bytes: Uint8Array): void {
    this.#header(name, type);
    this.#out.pushBytes(bytes, 0, bytes.length);
  }

  lowCardinality(name: string, column: DictionaryColumn): void {
    this.#header(name, 'LowCardinality(String)');
    this.#uint64(LOW_CARDINALITY_VERSION);
    this.#dictionary(column);
  }

  /** A `LowCardinality(String)` column of one value, given in UTF-8, in every row. */
  constant(name: string, value: Uint8Array, rowCount: number): void {
    this.#header(name, 'LowCardinality(String)');
    this.#uint64(LOW_CARDINALITY_VERSION);
    this.#uint64(LOW_CARDINALITY_FLAGS);
    this.#uint64(1);
    this.#out.pushString(value, 0, value.length);
    this.#uint64(rowCount);
    this.#out.pushZeros(rowCount);
  }

  attributes(columns: EncodableAttributes): void {
    this.sharedAttributes(columns);
    this.#map('attr_double', 'Float64', columns.double);
    this.#map('attr_bool', 'Bool', columns.bool);
    this.#map('attr_complex', 'String', columns.complex);
  }

  /** The types of which sets of attributes are. */
  sharedAttributes({ string, int }: Pick<EncodableAttributes, 'string' | 'int'>): void {
    this.#map('attr_string', 'String', string);
    this.#map('attr_int', 'Int64', int);
  }

  /** The version comes before the row ends; a map without entries has nothing after them. */
  #map(name: string, valueType: string, map: EncodableMap): void {
    this.#header(name, `Map(LowCardinality(String), ${valueType})`);
    this.#uint64(LOW_CARDINALITY_VERSION);
    const rowEnds = map.rowEnds.bytes;
    this.#out.pushBytes(rowEnds, 0, rowEnds.length);
    if (map.keys.length === 0) return;
    this.#dictionary(map.keys);
    const values = map.values.bytes;
    this.#out.pushBytes(values, 0, values.length);
  }

  #dictionary(column: EncodableDictionary): void {
    const keyCount = column.dictionary.count;
    const width = keyCount <= 0x100 ? 0 : keyCount <= 0x10000 ? 1 : 2;
    this.#uint64(LOW_CARDINALITY_FLAGS + width);
    this.#uint64(keyCount);
    column.dictionary.writeTo(this.#out);
    this.#uint64(column.length);
    this.#indexes(column.indexes.values, width);
  }

  /** Narrows the indexes to 1 << `width` bytes, which compress and parse faster. */
  #indexes(indexes: Uint32Array<ArrayBuffer>, width: 0 | 1 | 2): void {
    const byteLength = indexes.length << width;
    if (byteLength > this.#narrow.length) this.#narrow = new Uint8Array(byteLength * 2);
    const narrow = this.#narrow;
    if (width === 0) narrow.set(indexes);
    else if (width === 1) new Uint16Array(narrow.buffer, 0, indexes.length).set(indexes);
    else new Uint32Array(narrow.buffer, 0, indexes.length).set(indexes);
    this.#out.pushBytes(narrow, 0, byteLength);
  }

  #header(name: string, type: string): void {
    const key = `${name} ${type}`;
    let header = this.#headers.get(key);
    if (header === undefined) {
      header = encodeHeader(name, type);
      this.#headers.set(key, header);
    }
    this.#out.pushBytes(header, 0, header.length);
  }

  /** A number below 2^53, little-endian. */
  #uint64(value: number): void {
    const out = this.#out;
    let rest = value;
    for (let i = 0; i < 8; i++) {
      out.pushByte(rest & 255);
      rest = Math.floor(rest / 256);
    }
  }
}

function encodeHeader(name: string, type: string): Uint8Array {
  const out = new ByteColumn(64);
  for (const text of [name, type]) {
    const bytes = new TextEncoder().encode(text);
    out.pushString(bytes, 0, bytes.length);
  }
  return out.bytes;
}
