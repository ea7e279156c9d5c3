import { decodeText, isExactText } from './text.ts';

/** Texts up to this length are remembered: keys, and the values that repeat, are shorter. */
const MAX_LENGTH = 32;

/** Powers of two. Keys of one sender are some dozens; a datagram is not worth a large table. */
const SLOTS = 64;
const MANY_SLOTS = 1024;
const LARGE_PAYLOAD_BYTES = 64 * 1024;

/**
 * Reads texts of one payload. Keys and many values repeat with every span, and making a string costs more than finding
 * the one that was made before: a slot remembers the text it had last.
 */
export class TextReader {
  readonly #bytes: Uint8Array;
  readonly #texts: (string | undefined)[];
  /** Whether the last text is all that was sent: bytes that are not UTF-8 become U+FFFD. */
  isExact = true;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#texts = Array<string | undefined>(
      bytes.length > LARGE_PAYLOAD_BYTES ? MANY_SLOTS : SLOTS,
    );
  }

  read(start: number, end: number): string {
    this.isExact = true;
    const length = end - start;
    if (length === 0) return '';
    const bytes = this.#bytes;
    if (length > MAX_LENGTH) return this.#decode(start, end);
    let hash = length;
    let bits = 0;
    for (let at = start; at < end; at++) {
      const byte = bytes[at] ?? 0;
      hash = (Math.imul(hash, 31) + byte) | 0;
      bits |= byte;
    }
    if (bits > 127) return this.#decode(start, end);
    const slot = (hash ^ (hash >>> 15)) & (this.#texts.length - 1);
    const known = this.#texts[slot];
    if (known !== undefined && this.#isSame(known, start, length)) return known;
    const text = decodeText(bytes.subarray(start, end));
    this.#texts[slot] = text;
    return text;
  }

  #isSame(text: string, start: number, length: number): boolean {
    if (text.length !== length) return false;
    const bytes = this.#bytes;
    for (let i = 0; i < length; i++) if (text.charCodeAt(i) !== bytes[start + i]) return false;
    return true;
  }

  #decode(start: number, end: number): string {
    const bytes = this.#bytes.subarray(start, end);
    const text = decodeText(bytes);
    this.isExact = isExactText(text, bytes);
    return text;
  }
}
