/**
 * A growing run of bytes: a column of fixed-width values (ids, kinds, statuses), or of strings that each begin with
 * their length as an unsigned LEB128 number. The latter is at once protobuf's length-delimited form and ClickHouse's
 * Native form of `String`, so an OTLP value is copied from the request to the store without being looked at.
 */
const EMPTY = new Uint8Array(0);
const EMPTY_VIEW = new DataView(EMPTY.buffer);
const FIRST_CAPACITY = 64;

/** Up to this length a loop is faster than `set`, which needs a new view of the source. */
const LOOP_BYTES = 128;

export class ByteColumn {
  #bytes: Uint8Array<ArrayBuffer> = EMPTY;
  #view: DataView = EMPTY_VIEW;
  /** Where bytes were last taken from: a whole request's come from the same. */
  #source: Uint8Array = EMPTY;
  #sourceView: DataView = EMPTY_VIEW;
  length = 0;

  /** Without a capacity nothing is allocated before the first push: a block has many columns that stay empty. */
  constructor(capacity = 0) {
    if (capacity > 0) this.#allocate(capacity);
  }

  /** Makes room for `count` bytes more. Growing step by step touches twice the memory. */
  reserve(count: number): void {
    if (this.length + count > this.#bytes.length) this.#grow(count);
  }

  pushByte(value: number): void {
    if (this.length === this.#bytes.length) this.#grow(1);
    this.#bytes[this.length++] = value;
  }

  /** Appends `source[start, end)` as it is. `view` is the source's own, where the caller has one. */
  pushBytes(source: Uint8Array, start: number, end: number, view?: DataView): void {
    const count = end - start;
    if (this.length + count > this.#bytes.length) this.#grow(count);
    if (count <= LOOP_BYTES && count >= 4) {
      if (source !== this.#source) this.#setSource(source, view);
      this.#copyWords(start, end);
    } else if (count < 4) this.#copyBytes(source, start, end);
    else this.#bytes.set(source.subarray(start, end), this.length);
    this.length += count;
  }

  /**
   * Appends `source[start, end)` as it is and says whether all of it is ASCII, which costs nothing beside the copying.
   * Measured by `otlp/decode/2000-spans`. `view` is the source's own, where the caller has one.
   */
  pushText(source: Uint8Array, start: number, end: number, view?: DataView): boolean {
    const count = end - start;
    if (this.length + count > this.#bytes.length) this.#grow(count);
    const at = this.length;
    this.length = at + count;
    if (count > LOOP_BYTES) {
      this.#bytes.set(source.subarray(start, end), at);
      return this.#isAscii(at, at + count);
    }
    let bits = 0;
    if (count < 4) {
      for (let i = 0; i < count; i++) bits |= this.#bytes[at + i] = source[start + i] ?? 0;
      return bits < 128;
    }
    if (source !== this.#source) this.#setSource(source, view);
    const from = this.#sourceView;
    const to = this.#view;
    const last = count - 4;
    for (let i = 0; i < last; i += 4) {
      const word = from.getInt32(start + i, true);
      bits |= word;
      to.setInt32(at + i, word, true);
    }
    const word = from.getInt32(start + last, true);
    to.setInt32(at + last, word, true);
    return ((bits | word) & 0x80808080) === 0;
  }

  /** Appends `source[start, end)` with its length in front. */
  pushString(source: Uint8Array, start: number, end: number): void {
    this.pushLength(end - start);
    if (end > start) this.pushBytes(source, start, end);
  }

  /** Appends all bytes of another column with their length in front. */
  pushColumn(column: ByteColumn): void {
    this.pushLength(column.length);
    if (column.length > 0) this.pushBytes(column.#bytes, 0, column.length);
  }

  /** Appends an unsigned LEB128 number below 2^31. */
  pushLength(value: number): void {
    if (value < 128) {
      this.pushByte(value);
      return;
    }
    let rest = value;
    for (; rest > 127; rest >>>= 7) this.pushByte((rest & 127) | 128);
    this.pushByte(rest);
  }

  /** Appends `count` zero bytes. */
  pushZeros(count: number): void {
    if (this.length + count > this.#bytes.length) this.#grow(count);
    const end = this.length + count;
    // The memory may hold what was truncated.
    for (let at = this.length; at < end; at++) this.#bytes[at] = 0;
    this.length = end;
  }

  /** Forgets all bytes from `length` on. */
  truncate(length: number): void {
    this.length = length;
  }

  /** Forgets all bytes and the source they came from, and keeps the memory. */
  clear(): void {
    this.length = 0;
    this.#source = EMPTY;
    this.#sourceView = EMPTY_VIEW;
  }

  /** A view: valid until the next push. Making it costs more than a push of a few bytes. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.length);
  }

  #isAscii(start: number, end: number): boolean {
    const view = this.#view;
    let bits = 0;
    for (let at = start; at < end - 4; at += 4) bits |= view.getInt32(at, true);
    return ((bits | view.getInt32(end - 4, true)) & 0x80808080) === 0;
  }

  /** Copies four bytes at a time; the last four may overlap. Measured by `otlp/decode/2000-spans`. */
  #copyWords(start: number, end: number): void {
    const from = this.#sourceView;
    const to = this.#view;
    let at = this.length;
    for (let i = start; i < end - 4; i += 4, at += 4) {
      to.setInt32(at, from.getInt32(i, true), true);
    }
    to.setInt32(this.length + end - start - 4, from.getInt32(end - 4, true), true);
  }

  #setSource(source: Uint8Array, view: DataView | undefined): void {
    this.#source = source;
    this.#sourceView = view ?? new DataView(source.buffer, source.byteOffset, source.byteLength);
  }

  #copyBytes(source: Uint8Array, start: number, end: number): void {
    let at = this.length;
    for (let i = start; i < end; i++) this.#bytes[at++] = source[i] ?? 0;
  }

  #grow(count: number): void {
    const old = this.bytes;
    this.#allocate(Math.max(this.length + count, this.#bytes.length * 2, FIRST_CAPACITY));
    this.#bytes.set(old);
  }

  #allocate(capacity: number): void {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }
}
