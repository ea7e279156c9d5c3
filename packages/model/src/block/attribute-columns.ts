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

export type AttributeColumnType = 'string' | 'int' | 'double' | 'bool' | 'complex';

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

  /** Makes room for what nearly all rows have: `count` rows with strings and integers, and `textBytes` of strings. */
  reserve(count: number, textBytes: number): void {
    for (const { rowEnds } of this.#maps()) rowEnds.reserve(count);
    this.string.keys.indexes.reserve(count * 6);
    this.string.values.reserve(textBytes);
    this.int.keys.indexes.reserve(count * 3);
    this.int.values.reserve(count * 3);
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

  /** Forgets all rows, and keeps the memory. */
  clear(): void {
    for (const { rowEnds, keys, values } of [this.string, this.bool, this.complex]) {
      rowEnds.truncate(0);
      keys.clear();
      values.clear();
    }
    for (const { rowEnds, keys, values } of [this.int, this.double]) {
      rowEnds.truncate(0);
      keys.clear();
      values.truncate(0);
    }
    this.#stringMark = this.#complexMark = 0;
    this.#rowCount = 0;
  }

  rollbackRow(): void {
    for (const { keys, rowEnds } of this.#maps()) keys.truncate(lastEnd(rowEnds));
    this.string.values.truncate(this.#stringMark);
    this.int.values.truncate(this.int.keys.length);
    this.double.values.truncate(this.double.keys.length);
    this.bool.values.truncate(this.bool.keys.length);
    this.complex.values.truncate(this.#complexMark);
  }

  /**
   * Keeps of the open row's entries those whose flag is set. Flags are given for each type, in the order in which its
   * entries were pushed. Rare, hence simple: what stays is pushed again.
   */
  retainOpenEntries(flags: Readonly<Record<AttributeColumnType, readonly boolean[]>>): void {
    retainKeys(this.string, flags.string);
    retainKeys(this.int, flags.int);
    retainKeys(this.double, flags.double);
    retainKeys(this.bool, flags.bool);
    retainKeys(this.complex, flags.complex);
    retainNumbers(this.int, flags.int);
    retainNumbers(this.double, flags.double);
    retainBytes(this.bool.values, lastEnd(this.bool.rowEnds), flags.bool);
    retainStrings(this.string.values, this.#stringMark, flags.string);
    retainStrings(this.complex.values, this.#complexMark, flags.complex);
  }

  /** The value of entry `entry` of the open row's strings: a view, valid until the next push. */
  openString(entry: number): Uint8Array {
    const bytes = this.string.values.bytes;
    let start = this.#stringMark;
    for (let i = 0; i < entry; i++) start = stringEnd(bytes, start);
    return bytes.subarray(stringStart(bytes, start), stringEnd(bytes, start));
  }

  #maps(): readonly AttributeMap<unknown>[] {
    return [this.string, this.int, this.double, this.bool, this.complex];
  }
}

/** How many entries the rows before the open one have. */
function lastEnd(rowEnds: Uint64Column): number {
  return rowEnds.length === 0 ? 0 : Number(rowEnds.at(rowEnds.length - 1));
}

function retainKeys({ keys, rowEnds }: AttributeMap<unknown>, flags: readonly boolean[]): void {
  const start = lastEnd(rowEnds);
  const open = keys.indexes.values.slice(start);
  keys.truncate(start);
  open.forEach((index, i) => {
    if (flags[i] === true) keys.pushIndex(index);
  });
}

function retainNumbers(map: AttributeMap<Uint64Column>, flags: readonly boolean[]): void {
  const { values } = map;
  const start = lastEnd(map.rowEnds);
  const halves = values.halves.slice(start << 1);
  values.truncate(start);
  flags.forEach((isKept, i) => {
    if (isKept) values.push(halves[i << 1] ?? 0, halves[(i << 1) + 1] ?? 0);
  });
}

function retainBytes(values: ByteColumn, start: number, flags: readonly boolean[]): void {
  const open = values.bytes.slice(start);
  values.truncate(start);
  open.forEach((byte, i) => {
    if (flags[i] === true) values.pushByte(byte);
  });
}

function retainStrings(values: ByteColumn, start: number, flags: readonly boolean[]): void {
  const open = values.bytes.slice(start);
  values.truncate(start);
  let at = 0;
  for (const isKept of flags) {
    const end = stringEnd(open, at);
    if (isKept) values.pushBytes(open, at, end);
    at = end;
  }
}

/** Where the bytes begin of a string whose length stands at `at`. */
function stringStart(bytes: Uint8Array, at: number): number {
  let start = at;
  while ((bytes[start] ?? 0) > 127) start++;
  return start + 1;
}

function stringEnd(bytes: Uint8Array, at: number): number {
  const start = stringStart(bytes, at);
  let length = 0;
  for (let i = at; i < start; i++) length |= ((bytes[i] ?? 0) & 127) << (7 * (i - at));
  return start + length;
}

function createMap<Values>(values: Values): AttributeMap<Values> {
  return { rowEnds: new Uint64Column(), keys: new DictionaryColumn(), values };
}
