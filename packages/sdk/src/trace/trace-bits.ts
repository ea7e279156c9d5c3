import type { RandomWords } from './random-words.ts';

/**
 * A trace's 16 bytes as four 32-bit words, which all spans of the trace in this process share. Most spans are never asked for the
 * 32 digits of their trace, so these are made when the first is.
 */
export class TraceBits {
  /** Of no trace. */
  static readonly zero: TraceBits = new TraceBits(0, 0, 0, 0);

  readonly word0: number;
  readonly word1: number;
  readonly word2: number;
  readonly word3: number;
  #hex: string | undefined = undefined;

  private constructor(word0: number, word1: number, word2: number, word3: number) {
    this.word0 = word0;
    this.word1 = word1;
    this.word2 = word2;
    this.word3 = word3;
  }

  static random(words: RandomWords): TraceBits {
    // The last word is not zero, so neither is the id.
    return new TraceBits(words.take(), words.take(), words.take(), words.takeNonZero());
  }

  /** Of 32 hexadecimal digits. */
  static fromHex(hex: string): TraceBits {
    const bits = new TraceBits(wordAt(hex, 0), wordAt(hex, 8), wordAt(hex, 16), wordAt(hex, 24));
    bits.#hex = hex;
    return bits;
  }

  /** 32 lower-case hexadecimal digits. */
  get hex(): string {
    this.#hex ??=
      formatWord(this.word0) +
      formatWord(this.word1) +
      formatWord(this.word2) +
      formatWord(this.word3);
    return this.#hex;
  }
}

/** Eight hexadecimal digits of a text as a signed 32-bit number. */
export function wordAt(hex: string, at: number): number {
  return Number.parseInt(hex.slice(at, at + 8), 16) | 0;
}

/** A 32-bit number as eight lower-case hexadecimal digits. */
export function formatWord(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
