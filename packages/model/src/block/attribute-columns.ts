import { ByteColumn } from './byte-column.ts';
import { DictionaryColumn } from './dictionary-column.ts';
import { Uint64Column } from './uint64-column.ts';

/** The attributes of one value type, of all rows in turn: ClickHouse's `Map(LowCardinality(String), V)`. */
export interface AttributeMap<Values> {
  /** After each row, the number of entries up to and including it. */
  readonly rowEnds: Uint64Column;
  readonly keys: DictionaryColumn;
  readonly values: Values;
}

/** Where a row began, to go back to when it turns out to be bad. */
interface Mark {
  rows: number;
  readonly keys: Int32Array;
  readonly values: Int32Array;
}

/**
 * The typed attributes of a column of spans, resources or scopes. A row is built by pushing its attributes in any order
 * and calling `endRow`; `rollbackRow` forgets what was pushed since the last `endRow`.
 */
export class AttributeColumns {
  /** Values with their length in front. */
  readonly string: AttributeMap<ByteColumn> = createMap(new ByteColumn());
  /** Two's complement. */
  readonly int: AttributeMap<Uint64Column> = createMap(new Uint64Column());
  /** IEEE 754 bits. */
  readonly double: AttributeMap<Uint64Column> = createMap(new Uint64Column());
  /** 0 or 1, a byte each. */
  readonly bool: AttributeMap<ByteColumn> = createMap(new ByteColumn());
  /** Bytes, arrays, maps and empty values: each an encoded OTLP `AnyValue` with its length in front. */
  readonly complex: AttributeMap<ByteColumn> = createMap(new ByteColumn());

  readonly #all: readonly AttributeMap<{ length: number; truncate(length: number): void }>[] = [
    this.string,
    this.int,
    this.double,
    this.bool,
    this.complex,
  ];
  readonly #mark: Mark = { rows: 0, keys: new Int32Array(5), values: new Int32Array(5) };

  get rowCount(): number {
    return this.#mark.rows;
  }

  /** Entries of all types pushed since the last `endRow`. */
  get openEntryCount(): number {
    let count = 0;
    for (let i = 0; i < this.#all.length; i++) {
      count += (this.#all[i]?.keys.length ?? 0) - (this.#mark.keys[i] ?? 0);
    }
    return count;
  }

  endRow(): void {
    for (let i = 0; i < this.#all.length; i++) {
      const map = this.#all[i];
      if (map === undefined) continue;
      map.rowEnds.push(map.keys.length, 0);
      this.#mark.keys[i] = map.keys.length;
      this.#mark.values[i] = map.values.length;
    }
    this.#mark.rows++;
  }

  rollbackRow(): void {
    for (let i = 0; i < this.#all.length; i++) {
      const map = this.#all[i];
      map?.keys.truncate(this.#mark.keys[i] ?? 0);
      map?.values.truncate(this.#mark.values[i] ?? 0);
    }
  }
}

function createMap<Values>(values: Values): AttributeMap<Values> {
  return { rowEnds: new Uint64Column(), keys: new DictionaryColumn(), values };
}
