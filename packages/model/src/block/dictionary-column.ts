import { Uint32Column } from './number-columns.ts';
import { StringDictionary } from './string-dictionary.ts';

/** A column of repeated strings: a number a row, and each distinct string once. ClickHouse's `LowCardinality(String)`. */
export class DictionaryColumn {
  readonly dictionary: StringDictionary = new StringDictionary();
  readonly indexes: Uint32Column = new Uint32Column();

  get length(): number {
    return this.indexes.length;
  }

  push(source: Uint8Array, start: number, end: number): void {
    this.indexes.push(this.dictionary.intern(source, start, end));
  }

  /** Appends the dictionary's entry `index` once more. */
  pushIndex(index: number): void {
    this.indexes.push(index);
  }

  pushText(text: string): void {
    this.indexes.push(this.dictionary.internText(text));
  }

  /** The entry of row `row` of another column in this column's dictionary, added when it is new. */
  internFrom(column: DictionaryColumn, row: number): number {
    return this.dictionary.internFrom(column.dictionary, column.indexes.at(row));
  }

  /** Row `row` as text. */
  text(row: number): string {
    return this.dictionary.text(this.indexes.at(row));
  }

  /** Forgets all rows and strings, and keeps the memory. */
  clear(): void {
    this.dictionary.clear();
    this.indexes.truncate(0);
  }

  /** Forgets rows; strings that only they used stay in the dictionary, which costs a few bytes. */
  truncate(length: number): void {
    this.indexes.truncate(length);
  }
}
