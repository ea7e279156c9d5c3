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

  #rowCount = 0;
  // Where the open row's values begin, of the maps whose values differ in length.
  #stringMark = 0;
  #complexMark = 0;

  get rowCount(): number {
    return this.#rowCount;
  }

  /** Entries of all types pushed since the last `endRow`. */
  get openEntryCount(): number {
    let count = 0;
    for (const { keys, rowEnds } of this.#maps()) count += keys.length - lastEnd(rowEnds);
    return count;
  }

  /** Ends the row. It runs for every span, hence one map after the other instead of a loop over unlike ones. */
  endRow(): void {
    this.string.rowEnds.push(this.string.keys.length, 0);
    this.int.rowEnds.push(this.int.keys.length, 0);
    this.double.rowEnds.push(this.double.keys.length, 0);
    this.bool.rowEnds.push(this.bool.keys.length, 0);
    this.complex.rowEnds.push(this.complex.keys.length, 0);
    this.#stringMark = this.string.values.length;
    this.#complexMark = this.complex.values.length;
    this.#rowCount++;
  }

  rollbackRow(): void {
    for (const { keys, rowEnds } of this.#maps()) keys.truncate(lastEnd(rowEnds));
    this.string.values.truncate(this.#stringMark);
    this.int.values.truncate(this.int.keys.length);
    this.double.values.truncate(this.double.keys.length);
    this.bool.values.truncate(this.bool.keys.length);
    this.complex.values.truncate(this.#complexMark);
  }

  #maps(): readonly AttributeMap<unknown>[] {
    return [this.string, this.int, this.double, this.bool, this.complex];
  }
}

/** How many entries the rows before the open one have. */
function lastEnd(rowEnds: Uint64Column): number {
  return rowEnds.length === 0 ? 0 : Number(rowEnds.at(rowEnds.length - 1));
}

function createMap<Values>(values: Values): AttributeMap<Values> {
  return { rowEnds: new Uint64Column(), keys: new DictionaryColumn(), values };
}
