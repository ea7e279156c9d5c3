/** The position of the highest bit that is set; -1 for 0. */
export function highestBit(value: number): number {
  return 31 - Math.clz32(value);
}

/**
 * Reads a stream of bits from its end to its beginning, as entropy-coded parts of Zstandard are written (RFC 8878,
 * 4.1 and 4.2.2). Bits before the beginning read as 0, and `position` goes below 0: the caller checks it where the
 * format says how a stream ends.
 */
export class BackwardBits {
  readonly #bytes: Uint8Array;
  readonly #start: number;
  /** How many bits are left. */
  position = 0;
  /** Whether the stream ends with the bit that marks its end. */
  readonly isMarked: boolean;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#bytes = bytes;
    this.#start = start;
    const last = end > start ? (bytes[end - 1] ?? 0) : 0;
    this.isMarked = last !== 0;
    this.position = (end - start - 1) * 8 + highestBit(last);
  }

  /** Up to 24 bits. */
  read(count: number): number {
    this.position -= count;
    return this.#at(this.position, count);
  }

  /** The next bits without taking them; up to 24. */
  peek(count: number): number {
    return this.#at(this.position - count, count);
  }

  #at(position: number, count: number): number {
    if (position < 0) {
      const there = count + position;
      return there <= 0 ? 0 : this.#at(0, there) << -position;
    }
    const bytes = this.#bytes;
    const at = this.#start + (position >> 3);
    const word =
      (bytes[at] ?? 0) |
      ((bytes[at + 1] ?? 0) << 8) |
      ((bytes[at + 2] ?? 0) << 16) |
      ((bytes[at + 3] ?? 0) << 24);
    return (word >>> (position & 7)) & ((1 << count) - 1);
  }
}
