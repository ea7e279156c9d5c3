import { writeUtf8 } from './utf8.ts';

/**
 * Writes protobuf's wire format (protobuf.dev/programming-guides/encoding) into bytes with enough room: whoever writes has asked
 * for it before, so nothing is checked here. The length in front of a message is guessed, and the message moved when its length
 * takes another number of bytes than guessed.
 */
export class WireWriter {
  bytes: Uint8Array = new Uint8Array();
  /** Where the next byte goes. */
  at = 0;

  /** A tag, or anything else that is one byte. */
  byte(value: number): void {
    this.bytes[this.at++] = value;
  }

  /** An unsigned whole number that a double holds exactly. */
  varint(value: number): void {
    let rest = value;
    while (rest > 0x7f_ff_ff_ff) {
      this.bytes[this.at++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    while (rest > 127) {
      this.bytes[this.at++] = (rest & 127) | 0x80;
      rest >>>= 7;
    }
    this.bytes[this.at++] = rest;
  }

  /** A whole number that a double holds exactly, as `int64`. */
  int64(value: number): void {
    if (value >= 0) this.varint(value);
    else this.bigint64(BigInt(value));
  }

  /** A whole number of 64 bits, signed. */
  bigint64(value: bigint): void {
    let rest = BigInt.asUintN(64, value);
    while (rest > 127n) {
      this.bytes[this.at++] = Number(rest & 127n) | 0x80;
      rest >>= 7n;
    }
    this.bytes[this.at++] = Number(rest);
  }

  /** The four bytes of a number, the lowest first. */
  fixed32(value: number): void {
    const { bytes, at } = this;
    bytes[at] = value;
    bytes[at + 1] = value >>> 8;
    bytes[at + 2] = value >>> 16;
    bytes[at + 3] = value >>> 24;
    this.at = at + 4;
  }

  /** The four bytes of a number, the highest first, as in an id. */
  word(value: number): void {
    const { bytes, at } = this;
    bytes[at] = value >>> 24;
    bytes[at + 1] = value >>> 16;
    bytes[at + 2] = value >>> 8;
    bytes[at + 3] = value;
    this.at = at + 4;
  }

  /** Seconds and nanoseconds since 1970 as one `fixed64` of nanoseconds, in halves, because a double has no room for them. */
  unixNano(seconds: number, nanoseconds: number): void {
    const high = Math.floor(seconds / 65_536) * 1e9;
    const low = (seconds % 65_536) * 1e9 + nanoseconds;
    const sum = (high % 65_536) * 65_536 + low;
    this.fixed32(sum % 4_294_967_296);
    this.fixed32(Math.floor(high / 65_536) + Math.floor(sum / 4_294_967_296));
  }

  double(value: number): void {
    DOUBLE[0] = value;
    this.fixed32(DOUBLE_WORDS[0] ?? 0);
    this.fixed32(DOUBLE_WORDS[1] ?? 0);
  }

  /** Bytes, with their length in front. */
  block(value: Uint8Array): void {
    this.varint(value.length);
    this.raw(value);
  }

  raw(value: Uint8Array): void {
    this.bytes.set(value, this.at);
    this.at += value.length;
  }

  /**
   * A text in UTF-8, with its length in front. Most are short and ASCII, for which a loop is quicker than any call out of
   * JavaScript.
   */
  text(value: string): void {
    if (value.length > LONGEST_IN_LOOP || !this.#asciiText(value)) this.#anyText(value);
  }

  /**
   * A `KeyValue` with a text for a value, with tag and lengths, if both are short and ASCII, as most are; else writes nothing and
   * answers with false. In one go, because this is what spans consist of.
   */
  asciiPair(tag: number, key: string, value: string): boolean {
    const keyLength = key.length;
    const valueLength = value.length;
    if (keyLength > LONGEST_IN_PAIR || valueLength > LONGEST_IN_PAIR) return false;
    const { bytes, at } = this;
    bytes[at] = tag;
    bytes[at + 1] = keyLength + valueLength + 6;
    bytes[at + 2] = 0x0a;
    bytes[at + 3] = keyLength;
    const valueAt = at + 4 + keyLength;
    bytes[valueAt] = 0x12;
    bytes[valueAt + 1] = valueLength + 2;
    bytes[valueAt + 2] = 0x0a;
    bytes[valueAt + 3] = valueLength;
    if (!writeAscii(bytes, at + 4, key) || !writeAscii(bytes, valueAt + 4, value)) return false;
    this.at = valueAt + 4 + valueLength;
    return true;
  }

  /** Begins a message whose length is about `guess`; answers with what `finish` needs. */
  begin(guess: number): number {
    const start = this.at;
    this.at = start + varintSize(guess);
    return start;
  }

  finish(start: number, guess: number): void {
    const begin = start + varintSize(guess);
    const length = this.at - begin;
    const shift = varintSize(length) - varintSize(guess);
    if (shift !== 0) {
      this.bytes.copyWithin(begin + shift, begin, this.at);
    }
    this.at = start;
    this.varint(length);
    this.at += length;
  }

  #asciiText(value: string): boolean {
    const { length } = value;
    if (!writeAscii(this.bytes, this.at + 1, value)) return false;
    this.bytes[this.at] = length;
    this.at += 1 + length;
    return true;
  }

  #anyText(value: string): void {
    const start = this.begin(value.length);
    this.at += writeUtf8(this.bytes, value, this.at);
    this.finish(start, value.length);
  }
}

/** From here on a call into the engine is quicker; shorter than 128, so that its length is one byte. */
const LONGEST_IN_LOOP = 24;
/** So that the pair's own length is one byte too. */
const LONGEST_IN_PAIR = 40;

/** Whether all characters were ASCII; else what was written does not count. */
function writeAscii(bytes: Uint8Array, at: number, text: string): boolean {
  const { length } = text;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code > 127) return false;
    bytes[at + i] = code;
  }
  return true;
}

const DOUBLE = new Float64Array(1);
const DOUBLE_WORDS = new Int32Array(DOUBLE.buffer);

export function varintSize(value: number): number {
  if (value < 128) return 1;
  if (value < 16_384) return 2;
  if (value < 2_097_152) return 3;
  return value < 268_435_456 ? 4 : 5;
}
