import type { ByteColumn, DictionaryColumn } from '@clew/model';

const encoder = new TextEncoder();

/** Service and name of each span of a block, as numbers of the segment's `Names`. */
export interface BlockNames {
  readonly services: Int32Array;
  readonly spanNames: Int32Array;
}

/** The distinct strings of a segment, numbered from 0 in the order they came. */
export class Names {
  readonly #numbers = new Map<string, number>();
  readonly #texts: string[] = [];
  /** In UTF-8, of those that were asked for. */
  readonly #encoded: (Uint8Array | undefined)[] = [];

  number(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const number = this.#texts.length;
    this.#numbers.set(text, number);
    this.#texts.push(text);
    return number;
  }

  text(number: number): string {
    return this.#texts[number] ?? '';
  }

  /** Appends a string with its length in front. */
  writeTo(column: ByteColumn, number: number): void {
    let encoded = this.#encoded[number];
    if (encoded === undefined) {
      encoded = encoder.encode(this.text(number));
      this.#encoded[number] = encoded;
    }
    column.pushString(encoded, 0, encoded.length);
  }

  /** Of each row of a block's column the number of its string; each distinct string is decoded once. */
  numbersOf(column: DictionaryColumn): Int32Array {
    const { dictionary, length } = column;
    const byEntry = new Int32Array(dictionary.count).fill(-1);
    const entries = column.indexes.values;
    const numbers = new Int32Array(length);
    for (let row = 0; row < length; row++) {
      const entry = entries[row] ?? 0;
      let number = byEntry[entry] ?? -1;
      if (number < 0) {
        number = this.number(dictionary.text(entry));
        byEntry[entry] = number;
      }
      numbers[row] = number;
    }
    return numbers;
  }
}
