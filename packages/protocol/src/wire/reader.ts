/**
 * Protobuf's wire format, read without building anything: a position in the bytes, and methods that read one piece and
 * move on. Every read names the `end` of the message it is in and never looks past it, so a length that lies cannot
 * reach into a neighbour. Numbers of 64 bits come out as two 32-bit halves in `low` and `high`.
 *
 * The methods for the common case are short enough to be inlined; the rest is in slow paths of their own.
 *
 * https://protobuf.dev/programming-guides/encoding/
 */
import { DecodeError } from '@clew/model';

/** The last three bits of a tag. */
export const WIRE_TYPE = {
  varint: 0,
  fixed64: 1,
  lengthDelimited: 2,
  groupStart: 3,
  groupEnd: 4,
  fixed32: 5,
} as const;

/** Messages inside each other that a sender can nest at will: attribute values and groups in unknown fields. */
export const MAX_NESTING = 32;

/** What errors say about the place. */
export interface WireContext {
  readonly format: string;
  /** Such as `resourceSpans[0].scopeSpans[2]`; asked for only when something is wrong. */
  path(): string;
}

export class WireReader {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly #context: WireContext;
  /** The next unread byte. */
  position = 0;
  /** The halves of the last 64-bit number, as signed 32-bit integers. */
  low = 0;
  high = 0;

  constructor(bytes: Uint8Array, context: WireContext) {
    // Always the same class, whatever subclass the caller has: the loops then see one shape of memory.
    this.bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#context = context;
  }

  /** Reads a field's number and wire type, as they stand: `number << 3 | type`. */
  readTag(end: number): number {
    const at = this.position;
    if (at < end) {
      const byte = this.bytes[at] ?? 0;
      if (byte < 128 && byte > 7) {
        this.position = at + 1;
        return byte;
      }
    }
    return this.#readLongTag(end);
  }

  /** Reads a number of up to 64 bits into `low` and `high`. Bits above the 64th are dropped. */
  readVarint(end: number): void {
    const at = this.position;
    if (at < end) {
      const byte = this.bytes[at] ?? 0;
      if (byte < 128) {
        this.position = at + 1;
        this.low = byte;
        this.high = 0;
        return;
      }
    }
    this.#readLongVarint(end);
  }

  /** Reads a length, and gives the place where the bytes it promises end. */
  readEnd(end: number): number {
    const at = this.position;
    if (at < end) {
      const byte = this.bytes[at] ?? 0;
      if (byte < 128 && at + 1 + byte <= end) {
        this.position = at + 1;
        return at + 1 + byte;
      }
    }
    return this.#readLongEnd(end);
  }

  /** Reads 8 bytes, little-endian, into `low` and `high`. */
  readFixed64(end: number): void {
    const at = this.position;
    if (at + 8 > end) this.fail('truncated: 8 bytes expected');
    this.low = this.view.getInt32(at, true);
    this.high = this.view.getInt32(at + 4, true);
    this.position = at + 8;
  }

  /** Reads 4 bytes, little-endian, as a signed integer: the caller knows what the bits mean. */
  readFixed32(end: number): number {
    const at = this.position;
    if (at + 4 > end) this.fail('truncated: 4 bytes expected');
    this.position = at + 4;
    return this.view.getInt32(at, true);
  }

  /**
   * Moves past the value of a field that the message does not know. Of the field numbers up to `knownFields` it knows
   * all, so that one of those has come with a wire type that is not its own. Leaves `low` and `high` alone.
   */
  skipUnknown(tag: number, end: number, knownFields: number): void {
    const field = tag >>> 3;
    if (field <= knownFields) this.fail(`field ${field} has wire type ${tag & 7}`);
    this.#skip(tag, end, 0);
  }

  /** Moves past the value of any field. Leaves `low` and `high` alone. */
  skip(tag: number, end: number): void {
    this.#skip(tag, end, 0);
  }

  fail(message: string, offset: number = this.position): never {
    throw new DecodeError(message, {
      format: this.#context.format,
      offset,
      path: this.#context.path(),
    });
  }

  #skip(tag: number, end: number, depth: number): void {
    switch (tag & 7) {
      case WIRE_TYPE.varint:
        this.#skipVarint(end);
        break;
      case WIRE_TYPE.fixed64:
        this.#advance(8, end);
        break;
      case WIRE_TYPE.lengthDelimited:
        this.position = this.readEnd(end);
        break;
      case WIRE_TYPE.groupStart:
        this.#skipGroup(tag >>> 3, end, depth + 1);
        break;
      case WIRE_TYPE.groupEnd:
        this.fail(`group ${tag >>> 3} ends and never began`);
        break;
      case WIRE_TYPE.fixed32:
        this.#advance(4, end);
        break;
      default:
        this.fail(`wire type ${tag & 7} does not exist`);
    }
  }

  #skipGroup(field: number, end: number, depth: number): void {
    if (depth > MAX_NESTING) this.fail(`more than ${MAX_NESTING} groups inside each other`);
    for (;;) {
      const tag = this.readTag(end);
      if ((tag & 7) !== WIRE_TYPE.groupEnd) this.#skip(tag, end, depth);
      else if (tag >>> 3 === field) return;
      else this.fail(`group ${field} ends as group ${tag >>> 3}`);
    }
  }

  #skipVarint(end: number): void {
    const limit = Math.min(end, this.position + 10);
    for (let at = this.position; at < limit; at++) {
      if ((this.bytes[at] ?? 0) < 128) {
        this.position = at + 1;
        return;
      }
    }
    this.#failVarint(end);
  }

  #advance(count: number, end: number): void {
    if (this.position + count > end) this.fail(`truncated: ${count} bytes expected`);
    this.position += count;
  }

  #readLongTag(end: number): number {
    const start = this.position;
    this.#readLongVarint(end);
    const tag = this.low >>> 0;
    if (this.high !== 0) this.fail('field number over 2^29 - 1', start);
    if (tag < 8) this.fail('field number 0', start);
    return tag;
  }

  #readLongEnd(end: number): number {
    const start = this.position;
    this.#readLongVarint(end);
    const length = this.high * 2 ** 32 + (this.low >>> 0);
    if (this.high !== 0 || length > end - this.position) {
      this.fail(`length runs past the end by ${length - (end - this.position)} bytes`, start);
    }
    return this.position + length;
  }

  #readLongVarint(end: number): void {
    let low = 0;
    let high = 0;
    let at = this.position;
    for (let shift = 0; shift < 70 && at < end; shift += 7) {
      const byte = this.bytes[at++] ?? 0;
      const bits = byte & 127;
      if (shift < 28) low |= bits << shift;
      else if (shift > 28) high |= bits << (shift - 32);
      else {
        low |= bits << 28;
        high = bits >>> 4;
      }
      if (byte < 128) {
        this.position = at;
        this.low = low;
        this.high = high;
        return;
      }
    }
    this.#failVarint(end);
  }

  #failVarint(end: number): never {
    const isTruncated = end - this.position < 10;
    this.fail(isTruncated ? 'truncated inside a number' : 'number longer than 10 bytes');
  }
}
