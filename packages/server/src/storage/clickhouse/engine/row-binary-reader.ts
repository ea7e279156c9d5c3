/** A power of two. */
const REPEATED_SLOTS = 1024;
const LONGEST_REPEATED = 128;

/**
 * Reads ClickHouse's `RowBinary`: values one after the other, rows without separators, numbers little-endian. Chosen
 * over its JSON formats because it gives 64-bit numbers and bytes exactly, and over text formats because it is fast.
 *
 * https://clickhouse.com/docs/interfaces/formats/RowBinary
 */
export class RowBinaryReader {
  readonly #bytes: Buffer;
  readonly #view: DataView;
  #position = 0;
  /** The last repeated text of each hash, and where its bytes are. */
  readonly #repeatedTexts: string[] = Array.from({ length: REPEATED_SLOTS }, () => '');
  readonly #repeatedStarts = new Uint32Array(REPEATED_SLOTS);
  readonly #repeatedLengths = new Uint8Array(REPEATED_SLOTS);

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get byteLength(): number {
    return this.#bytes.length;
  }

  get isAtEnd(): boolean {
    return this.#position >= this.#bytes.length;
  }

  uint8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.#advance(2), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#advance(4), true);
  }

  uint64(): bigint {
    return this.#view.getBigUint64(this.#advance(8), true);
  }

  int64(): bigint {
    return this.#view.getBigInt64(this.#advance(8), true);
  }

  float64(): number {
    return this.#view.getFloat64(this.#advance(8), true);
  }

  /** `FixedString(count)` as hexadecimal digits. */
  hex(count: number): string {
    const start = this.#advance(count);
    return this.#bytes.toString('hex', start, start + count);
  }

  /** A `String` as text; bytes that are not UTF-8 become U+FFFD. */
  text(): string {
    const length = this.length();
    const start = this.#advance(length);
    return this.#bytes.toString('utf8', start, start + length);
  }

  /**
   * A `String` as text, of a column where few texts repeat, such as names and attribute keys: they are decoded once and
   * equal ones are one JavaScript string, which halves the time and memory that a large trace takes.
   */
  repeatedText(): string {
    const length = this.length();
    const start = this.#advance(length);
    if (length === 0) return '';
    if (length > LONGEST_REPEATED) return this.#bytes.toString('utf8', start, start + length);
    const slot = this.#hash(start, length) & (REPEATED_SLOTS - 1);
    if (this.#repeatedLengths[slot] === length && this.#isSame(slot, start, length)) {
      return this.#repeatedTexts[slot] ?? '';
    }
    const text = this.#bytes.toString('utf8', start, start + length);
    this.#repeatedTexts[slot] = text;
    this.#repeatedStarts[slot] = start;
    this.#repeatedLengths[slot] = length;
    return text;
  }

  /** A `String` as bytes: a view, valid as long as the answer is kept. */
  bytes(): Uint8Array {
    const length = this.length();
    const start = this.#advance(length);
    return this.#bytes.subarray(start, start + length);
  }

  /** The number of elements of an array or map, or of bytes of a string: unsigned LEB128. */
  length(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.#view.getUint8(this.#advance(1));
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }

  /** Reads an array with `read` for each element. */
  array<T>(read: () => T): T[] {
    const length = this.length();
    const values: T[] = [];
    for (let i = 0; i < length; i++) values.push(read());
    return values;
  }

  /** Reads rows with `read` for each, to the end. */
  rows<T>(read: () => T): T[] {
    const values: T[] = [];
    while (!this.isAtEnd) values.push(read());
    return values;
  }

  #hash(start: number, length: number): number {
    let hash = length;
    for (let at = start; at < start + length; at++) {
      hash = Math.imul(hash ^ (this.#bytes[at] ?? 0), 0x01000193);
    }
    return hash ^ (hash >>> 15);
  }

  #isSame(slot: number, start: number, length: number): boolean {
    const other = this.#repeatedStarts[slot] ?? 0;
    for (let i = 0; i < length; i++) {
      if (this.#bytes[other + i] !== this.#bytes[start + i]) return false;
    }
    return true;
  }

  #advance(count: number): number {
    const start = this.#position;
    this.#position += count;
    return start;
  }
}
