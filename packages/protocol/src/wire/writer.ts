/**
 * Protobuf's wire format, written front to back into one growing buffer. The length of a nested message stands before
 * it and is known only after it: `begin` leaves one byte for it, and `end` moves the message when that is too little, so
 * that lengths are always in their shortest form and equal messages are equal bytes.
 */
const encoder = new TextEncoder();

/** Texts up to this length are written by a loop, their length in one byte; the call to the encoder costs more. */
const SHORT_TEXT = 127;

const LONE_SURROGATE = /\p{Surrogate}/u;
const NOT_UTF8 = Uint8Array.of(0xff);

export class WireWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView;
  #bigints = new BigUint64Array(1);
  #halves: Uint32Array = new Uint32Array(this.#bigints.buffer);
  length = 0;
  /** Writes a lone surrogate as a byte that is not UTF-8: who reads it then can tell it from a U+FFFD that was meant. */
  marksLoneSurrogates = false;

  constructor(capacity = 1024) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** What has been written. A view: valid until the next write. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.length);
  }

  /** Forgets what was written from `length` on. */
  truncate(length: number): void {
    this.length = length;
  }

  /** Forgets everything, keeps the memory. */
  reset(): void {
    this.length = 0;
  }

  /** Writes an unsigned number below 2^32: a tag, a length, a count, an enum. */
  writeVarint(value: number): void {
    this.#reserve(5);
    if (value >= 0 && value < 128) {
      this.#bytes[this.length++] = value;
      return;
    }
    let rest = value >>> 0;
    while (rest > 127) {
      this.#bytes[this.length++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.#bytes[this.length++] = rest;
  }

  /** Writes an `int64`; a negative one takes 10 bytes. */
  writeInt64(value: bigint): void {
    this.#reserve(10);
    this.#bigints[0] = value;
    let low = this.#halves[0] ?? 0;
    let high = this.#halves[1] ?? 0;
    while (high !== 0 || low > 127) {
      this.#bytes[this.length++] = (low & 127) | 128;
      low = ((low >>> 7) | (high << 25)) >>> 0;
      high >>>= 7;
    }
    this.#bytes[this.length++] = low;
  }

  writeFixed64(value: bigint): void {
    this.#reserve(8);
    this.#view.setBigUint64(this.length, value, true);
    this.length += 8;
  }

  writeFixed32(value: number): void {
    this.#reserve(4);
    this.#view.setUint32(this.length, value, true);
    this.length += 4;
  }

  writeDouble(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.length, value, true);
    this.length += 8;
  }

  /** Writes bytes with their length in front. */
  writeBytes(bytes: Uint8Array): void {
    this.writeVarint(bytes.length);
    this.writeRaw(bytes);
  }

  /** Writes bytes as they are: whole fields of another message. */
  writeRaw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Writes the bytes of an even number of hexadecimal digits, with their count in front. */
  writeHex(digits: string): void {
    const count = digits.length >> 1;
    this.writeVarint(count);
    this.#reserve(count);
    const bytes = this.#bytes;
    const at = this.length;
    for (let i = 0; i < count; i++) {
      const high = hexValue(digits.charCodeAt(2 * i));
      bytes[at + i] = (high << 4) | hexValue(digits.charCodeAt(2 * i + 1));
    }
    this.length += count;
  }

  /** Writes UTF-8 with its length in front; a lone surrogate becomes U+FFFD, or what `marksLoneSurrogates` says. */
  writeText(text: string): void {
    if (text.length <= SHORT_TEXT && this.#writeAscii(text)) return;
    if (this.marksLoneSurrogates && LONE_SURROGATE.test(text)) {
      this.#writeMarked(text);
      return;
    }
    const start = this.begin();
    this.#reserve(text.length * 3);
    this.length += encoder.encodeInto(text, this.#bytes.subarray(this.length)).written;
    this.end(start);
  }

  /** Begins a nested message; what it returns goes to `end`. */
  begin(): number {
    this.#reserve(1);
    return ++this.length;
  }

  /** Ends the message that began at `start`, and writes its length in front. */
  end(start: number): void {
    const length = this.length - start;
    if (length < 128) {
      this.#bytes[start - 1] = length;
      return;
    }
    const extra = varintLength(length) - 1;
    // Also what writing the length asks for: once `length` is set back, growing would lose the message.
    this.#reserve(5);
    this.#bytes.copyWithin(start + extra, start, this.length);
    this.length = start - 1;
    this.writeVarint(length);
    this.length += length;
  }

  #writeMarked(text: string): void {
    const start = this.begin();
    for (const part of text.split(LONE_SURROGATE).entries()) {
      if (part[0] > 0) this.writeRaw(NOT_UTF8);
      this.writeRaw(encoder.encode(part[1]));
    }
    this.end(start);
  }

  /** Writes at once when all characters are ASCII; otherwise leaves everything as it was. */
  #writeAscii(text: string): boolean {
    this.#reserve(text.length + 1);
    const bytes = this.#bytes;
    let at = this.length;
    bytes[at++] = text.length;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code > 127) return false;
      bytes[at++] = code;
    }
    this.length = at;
    return true;
  }

  #reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.length));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}

/** The value of a hexadecimal digit in either case. */
function hexValue(code: number): number {
  return (code & 15) + (code >> 6) * 9;
}

function varintLength(value: number): number {
  if (value < 128) return 1;
  if (value < 16_384) return 2;
  return value < 2_097_152 ? 3 : value < 268_435_456 ? 4 : 5;
}
