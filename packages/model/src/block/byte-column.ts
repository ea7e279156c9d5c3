/**
 * A growing run of bytes: a column of fixed-width values (ids, kinds, statuses), or of strings that each begin with
 * their length as an unsigned LEB128 number. The latter is at once protobuf's length-delimited form and ClickHouse's
 * Native form of `String`, so an OTLP value is copied from the request to the store without being looked at.
 */
export class ByteColumn {
  #bytes: Uint8Array<ArrayBuffer>;
  length = 0;

  constructor(capacity = 4096) {
    this.#bytes = new Uint8Array(capacity);
  }

  pushByte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.length++] = value;
  }

  /** Appends `source[start, end)` as it is. */
  pushBytes(source: Uint8Array, start: number, end: number): void {
    const count = end - start;
    this.#reserve(count);
    const target = this.#bytes;
    let at = this.length;
    // A loop beats `set` with a fresh view for the short strings that most values are.
    if (count <= 48) for (let i = start; i < end; i++) target[at++] = source[i] ?? 0;
    else target.set(source.subarray(start, end), at);
    this.length += count;
  }

  /** Appends `source[start, end)` with its length in front. */
  pushString(source: Uint8Array, start: number, end: number): void {
    this.pushLength(end - start);
    this.pushBytes(source, start, end);
  }

  /** Appends an unsigned LEB128 number below 2^31. */
  pushLength(value: number): void {
    this.#reserve(5);
    let rest = value;
    while (rest > 127) {
      this.#bytes[this.length++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.#bytes[this.length++] = rest;
  }

  /** Appends `count` zero bytes. */
  pushZeros(count: number): void {
    this.#reserve(count);
    this.#bytes.fill(0, this.length, this.length + count);
    this.length += count;
  }

  /** Forgets all bytes from `length` on. */
  truncate(length: number): void {
    this.length = length;
  }

  /** A view: valid until the next push. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.length);
  }

  #reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.length));
    this.#bytes = grown;
  }
}
