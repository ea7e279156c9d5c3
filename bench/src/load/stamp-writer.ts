/**
 * What differs between two requests, in the bytes of each format. The widths are those of the marks, so that writing a
 * value never moves what stands behind it.
 */
import { spanCheckWord, traceCheckWord } from './identity.ts';

/** Writes into the bytes of one request. Words are those of `identity.ts`, `fresh` is any 32 bits. */
export interface StampWriter {
  /** What the times that are written next count from. */
  setNow(nowUnixMs: number): void;
  writeTraceId(at: number, word: number): void;
  writeSpanId(at: number, word: number): void;
  writeTime(at: number, offsetNs: number): void;
  writeDuration(at: number, durationNs: number): void;
  writeHexDigits(at: number, value: number): void;
  writeInt(at: number, fresh: number): void;
  writeDouble(at: number, fresh: number): void;
}

const NANOS_PER_MILLI = 1e6;
const TWO_TO_32 = 2 ** 32;
/** The two digits of each byte as one little-endian word. */
const HEX_PAIRS = Uint16Array.from({ length: 256 }, (_, byte) => {
  const [high = '0', low = '0'] = byte.toString(16).padStart(2, '0');
  return high.charCodeAt(0) | (low.charCodeAt(0) << 8);
});

/** OTLP's protobuf: little-endian, nanoseconds. */
export class OtlpStampWriter implements StampWriter {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #nowHigh = 0;
  #nowLow = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
  }

  setNow(nowUnixMs: number): void {
    // In two halves: as doubles, nanoseconds since 1970 would be rounded, and all times would end alike.
    const nowNano = BigInt(Math.trunc(nowUnixMs)) * BigInt(NANOS_PER_MILLI);
    this.#nowHigh = Number(nowNano >> 32n);
    this.#nowLow = Number(nowNano & 0xffffffffn);
  }

  writeTraceId(at: number, word: number): void {
    const view = this.#view;
    view.setUint32(at, word, true);
    view.setUint32(at + 4, traceCheckWord(word, 0), true);
    view.setUint32(at + 8, traceCheckWord(word, 1), true);
    view.setUint32(at + 12, traceCheckWord(word, 2), true);
  }

  writeSpanId(at: number, word: number): void {
    this.#view.setUint32(at, spanCheckWord(word), true);
    this.#view.setUint32(at + 4, word, true);
  }

  writeTime(at: number, offsetNs: number): void {
    const time = this.#nowLow + offsetNs;
    this.#view.setUint32(at, time >>> 0, true);
    this.#view.setUint32(at + 4, this.#nowHigh + Math.floor(time / TWO_TO_32), true);
  }

  writeDuration(): void {
    throw new Error('OTLP has no durations');
  }

  writeHexDigits(at: number, value: number): void {
    writeHexWord(this.#view, at, value);
  }

  writeInt(at: number, fresh: number): void {
    this.#bytes[at] = fresh | 0x80;
    this.#bytes[at + 1] = (fresh >>> 8) | 0x80;
    // The highest of three bytes ends the varint, and 0 there would not be its shortest form.
    this.#bytes[at + 2] = ((fresh >>> 16) & 0x7f) | 0x01;
  }

  writeDouble(at: number, fresh: number): void {
    // Milliseconds to the microsecond, as a clock would give them.
    this.#view.setFloat64(at, (fresh % 1_000_000) / 1000, true);
  }
}

/** Bytes between the halves of a trace id: the type and the number of the second one's field. */
export const JAEGER_FIELD_HEAD_BYTES = 3;

/** Jaeger's thrift in the binary protocol: big-endian, microseconds, a trace id in two halves, the high one first. */
export class JaegerStampWriter implements StampWriter {
  readonly #view: DataView;
  #nowMicros = 0;

  constructor(bytes: Uint8Array) {
    this.#view = viewOf(bytes);
  }

  setNow(nowUnixMs: number): void {
    this.#nowMicros = 1000 * Math.trunc(nowUnixMs);
  }

  writeTraceId(at: number, word: number): void {
    const view = this.#view;
    view.setUint32(at, word, true);
    view.setUint32(at + 4, traceCheckWord(word, 0), true);
    const low = at + 8 + JAEGER_FIELD_HEAD_BYTES;
    view.setUint32(low, traceCheckWord(word, 1), true);
    view.setUint32(low + 4, traceCheckWord(word, 2), true);
  }

  writeSpanId(at: number, word: number): void {
    this.#view.setUint32(at, spanCheckWord(word), true);
    this.#view.setUint32(at + 4, word, true);
  }

  writeTime(at: number, offsetNs: number): void {
    this.#writeInt64(at, this.#nowMicros + Math.floor(offsetNs / 1000));
  }

  writeDuration(at: number, durationNs: number): void {
    this.#writeInt64(at, Math.floor(durationNs / 1000));
  }

  writeHexDigits(at: number, value: number): void {
    writeHexWord(this.#view, at, value);
  }

  writeInt(at: number, fresh: number): void {
    this.#writeInt64(at, 16_384 + (fresh % 2_000_000));
  }

  writeDouble(at: number, fresh: number): void {
    this.#view.setFloat64(at, (fresh % 1_000_000) / 1000);
  }

  #writeInt64(at: number, value: number): void {
    this.#view.setUint32(at, Math.floor(value / TWO_TO_32));
    this.#view.setUint32(at + 4, value >>> 0);
  }
}

/** Zipkin's JSON: everything in digits, microseconds. */
export class ZipkinStampWriter implements StampWriter {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #nowMicros = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
  }

  setNow(nowUnixMs: number): void {
    this.#nowMicros = 1000 * Math.trunc(nowUnixMs);
  }

  writeTraceId(at: number, word: number): void {
    this.#writeBytesOf(at, word);
    this.#writeBytesOf(at + 8, traceCheckWord(word, 0));
    this.#writeBytesOf(at + 16, traceCheckWord(word, 1));
    this.#writeBytesOf(at + 24, traceCheckWord(word, 2));
  }

  writeSpanId(at: number, word: number): void {
    this.#writeBytesOf(at, spanCheckWord(word));
    this.#writeBytesOf(at + 8, word);
  }

  writeTime(at: number, offsetNs: number): void {
    this.#writeDigits(at, ZIPKIN_TIME_DIGITS, this.#nowMicros + Math.floor(offsetNs / 1000));
  }

  /** A number may not begin with zeros, but spaces before it are allowed. */
  writeDuration(at: number, durationNs: number): void {
    let rest = Math.max(1, Math.floor(durationNs / 1000));
    for (let place = at + ZIPKIN_DURATION_DIGITS - 1; place >= at; place--) {
      this.#bytes[place] = rest === 0 ? SPACE : ZERO + (rest % 10);
      rest = Math.floor(rest / 10);
    }
  }

  writeHexDigits(at: number, value: number): void {
    writeHexWord(this.#view, at, value);
  }

  writeInt(at: number, fresh: number): void {
    this.#writeDigits(at, ZIPKIN_INT_DIGITS, 1_000_000 + (fresh % 1_000_000));
  }

  writeDouble(at: number, fresh: number): void {
    const thousandths = fresh % 1_000_000;
    this.#writeDigits(at, 3, Math.floor(thousandths / 1000));
    this.#bytes[at + 3] = POINT;
    this.#writeDigits(at + 4, 3, thousandths % 1000);
  }

  /** The four bytes that the word has in little-endian order. */
  #writeBytesOf(at: number, word: number): void {
    const view = this.#view;
    view.setUint16(at, HEX_PAIRS[word & 0xff] ?? 0, true);
    view.setUint16(at + 2, HEX_PAIRS[(word >>> 8) & 0xff] ?? 0, true);
    view.setUint16(at + 4, HEX_PAIRS[(word >>> 16) & 0xff] ?? 0, true);
    view.setUint16(at + 6, HEX_PAIRS[word >>> 24] ?? 0, true);
  }

  #writeDigits(at: number, width: number, value: number): void {
    let rest = value;
    for (let place = at + width - 1; place >= at; place--) {
      this.#bytes[place] = ZERO + (rest % 10);
      rest = Math.floor(rest / 10);
    }
  }
}

export const ZIPKIN_TIME_DIGITS = 16;
export const ZIPKIN_DURATION_DIGITS = 8;
export const ZIPKIN_INT_DIGITS = 7;
export const ZIPKIN_DOUBLE_DIGITS = 7;
const ZERO = 0x30;
const SPACE = 0x20;
const POINT = 0x2e;

function writeHexWord(view: DataView, at: number, value: number): void {
  view.setUint16(at, HEX_PAIRS[value >>> 24] ?? 0, true);
  view.setUint16(at + 2, HEX_PAIRS[(value >>> 16) & 0xff] ?? 0, true);
  view.setUint16(at + 4, HEX_PAIRS[(value >>> 8) & 0xff] ?? 0, true);
  view.setUint16(at + 6, HEX_PAIRS[value & 0xff] ?? 0, true);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
