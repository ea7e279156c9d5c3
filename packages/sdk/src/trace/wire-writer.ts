import type { EncodedKey } from './encoded-key.ts';
import { writeUtf8 } from './utf8.ts';
import { createRoom } from './wire-room.ts';
import type { WireRoom } from './wire-room.ts';

/**
 * Writes protobuf's wire format (protobuf.dev/programming-guides/encoding) into bytes with enough room: whoever writes has asked
 * for it before, so nothing is checked here. The length in front of a message is guessed, and the message moved when its length
 * takes another number of bytes than guessed.
 */
export class WireWriter {
  bytes: Uint8Array;
  /** Where the next byte goes. */
  at = 0;
  #view: DataView;

  constructor({ bytes, view }: WireRoom = createRoom(0)) {
    this.bytes = bytes;
    this.#view = view;
  }

  /** Goes on writing there. */
  into({ bytes, view }: WireRoom, at: number): void {
    this.bytes = bytes;
    this.#view = view;
    this.at = at;
  }

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
    // With subtractions, because `%` of numbers beyond 32 bits is a call into C.
    const high = Math.floor(seconds / 65_536) * 1e9;
    const highest = Math.floor(high / 65_536);
    const low = (seconds & 65_535) * 1e9 + nanoseconds;
    const sum = (high - highest * 65_536) * 65_536 + low;
    const carry = Math.floor(sum / 4_294_967_296);
    this.fixed32(sum - carry * 4_294_967_296);
    this.fixed32(highest + carry);
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
   * A `KeyValue` with tag and lengths, if its value is a short ASCII text, a truth value or a small number, as most are; else
   * writes nothing and answers with false. In one go, because this is what spans consist of.
   */
  shortPair(tag: number, key: EncodedKey, value: unknown): boolean {
    const { bytes, at } = this;
    this.#words(at + 2, key.words);
    const valueAt = at + 2 + key.size;
    const length = this.#shortValue(valueAt + 2, value);
    if (length === 0) return false;
    bytes[at] = tag;
    bytes[at + 1] = key.size + length + 2;
    bytes[valueAt] = VALUE;
    bytes[valueAt + 1] = length;
    this.at = valueAt + 2 + length;
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

  /** The last word may bring some zeros more, over which the next bytes are written. */
  #words(at: number, words: Int32Array): void {
    const view = this.#view;
    for (let i = 0; i < words.length; i++) view.setInt32(at + 4 * i, words[i] ?? 0, true);
  }

  /** The fields of an `AnyValue`; answers with their length, which is 0 when the value is none of the short ones. */
  #shortValue(at: number, value: unknown): number {
    const { bytes } = this;
    if (typeof value === 'string') {
      const { length } = value;
      if (length > LONGEST_IN_PAIR || !writeAscii(bytes, at + 2, value)) return 0;
      bytes[at] = STRING_VALUE;
      bytes[at + 1] = length;
      return length + 2;
    }
    if (typeof value === 'boolean') {
      bytes[at] = BOOL_VALUE;
      bytes[at + 1] = value ? 1 : 0;
      return 2;
    }
    if (typeof value !== 'number' || !isSmall(value)) return 0;
    bytes[at] = INT_VALUE;
    this.at = at + 1;
    this.varint(value);
    return this.at - at;
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

// Tags of KeyValue and AnyValue: field number << 3 | wire type.
const VALUE = 0x12;
const STRING_VALUE = 0x0a;
const BOOL_VALUE = 0x10;
const INT_VALUE = 0x18;

/**
 * `text.charCodeAt(i)` looks the method up for each character once the engine has seen strings of five kinds here (literals,
 * slices, sums, …), as it soon has, which takes three times as long as the rest.
 */
// oxlint-disable-next-line typescript/unbound-method -- it is bound here, and this is what is quick
const charCodeAt = Function.prototype.call.bind(String.prototype.charCodeAt) as (
  text: string,
  index: number,
) => number;

/** Whether all characters were ASCII; else what was written does not count. */
function writeAscii(bytes: Uint8Array, at: number, text: string): boolean {
  const { length } = text;
  for (let i = 0; i < length; i++) {
    const code = charCodeAt(text, i);
    if (code > 127) return false;
    bytes[at + i] = code;
  }
  return true;
}

/** A whole number from 0, of 31 bits. */
function isSmall(value: number): boolean {
  return value === (value & 0x7f_ff_ff_ff);
}

const DOUBLE = new Float64Array(1);
const DOUBLE_WORDS = new Int32Array(DOUBLE.buffer);

export function varintSize(value: number): number {
  if (value < 128) return 1;
  if (value < 16_384) return 2;
  if (value < 2_097_152) return 3;
  return value < 268_435_456 ? 4 : 5;
}
