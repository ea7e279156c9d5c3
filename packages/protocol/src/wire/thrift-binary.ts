import type { WireContext } from './reader.ts';
import { ThriftCursor } from './thrift-cursor.ts';
import { THRIFT_TYPE, formatHalves, skipThriftValue } from './thrift-reader.ts';
import type { ThriftMessage, ThriftReader } from './thrift-reader.ts';

/**
 * Thrift's binary protocol: numbers are big-endian and have their full width, lengths are 4 bytes. Messages are read
 * with and without a version in front (strict and not).
 *
 * https://github.com/apache/thrift/blob/master/doc/specs/thrift-binary-protocol.md
 */
export class ThriftBinaryReader implements ThriftReader {
  readonly #cursor: ThriftCursor;
  fieldId = 0;
  fieldType = 0;
  elementType = 0;
  keyType = 0;

  constructor(bytes: Uint8Array, context: WireContext) {
    this.#cursor = new ThriftCursor(bytes, context);
  }

  get position(): number {
    return this.#cursor.position;
  }

  /**
   * Strict:      i32 version (0x8001, 0, type)  ·  name length, name  ·  i32 sequence id
   * Not strict:  name length, name              ·  byte type          ·  i32 sequence id
   */
  readMessage(): ThriftMessage {
    const first = this.readI32();
    if (first >= 0) {
      const name = this.#cursor.takeText(first);
      const type = this.readByte();
      return { name, type, sequenceId: this.readI32() };
    }
    if (first >>> 16 !== 0x8001) {
      this.fail(`version 0x${(first >>> 16).toString(16)} of the binary protocol is not known`, 0);
    }
    const name = this.readText();
    return { name, type: first & 0xff, sequenceId: this.readI32() };
  }

  beginStruct(): void {
    this.#cursor.enter();
  }

  /** A byte of type, then an i16 of id; a type of 0 ends the struct and has no id. */
  readField(): boolean {
    this.fieldType = this.readByte();
    if (this.fieldType === THRIFT_TYPE.stop) {
      this.#cursor.leave();
      return false;
    }
    this.fieldId = this.readI16();
    return true;
  }

  isField(id: number, type: number): boolean {
    return this.fieldId === id && this.fieldType === type;
  }

  skip(): void {
    skipThriftValue(this, this.fieldType, this.#cursor);
  }

  skipValue(type: number): void {
    skipThriftValue(this, type, this.#cursor);
  }

  /** A byte of type, then an i32 of size. */
  readListSize(): number {
    this.elementType = this.readByte();
    const size = this.readI32();
    return this.#cursor.checkSize(size, SMALLEST_BYTES[this.elementType] ?? 1);
  }

  /** A byte of the keys' type, a byte of the values' type, an i32 of size. */
  readMapSize(): number {
    this.keyType = this.readByte();
    this.elementType = this.readByte();
    const size = this.readI32();
    const keyBytes = SMALLEST_BYTES[this.keyType] ?? 1;
    return this.#cursor.checkSize(size, keyBytes + (SMALLEST_BYTES[this.elementType] ?? 1));
  }

  readBool(): boolean {
    return this.readByte() !== 0;
  }

  readByte(): number {
    return this.#cursor.view.getInt8(this.#cursor.take(1));
  }

  readI16(): number {
    return this.#cursor.view.getInt16(this.#cursor.take(2));
  }

  readI32(): number {
    return this.#cursor.view.getInt32(this.#cursor.take(4));
  }

  readI64(): bigint {
    return this.#cursor.view.getBigInt64(this.#cursor.take(8));
  }

  readI64Hex(): string {
    const { view } = this.#cursor;
    const at = this.#cursor.take(8);
    return formatHalves(view.getUint32(at), view.getUint32(at + 4));
  }

  readDouble(): number {
    return this.#cursor.view.getFloat64(this.#cursor.take(8));
  }

  readBytesStart(): number {
    return this.#cursor.takeLength(this.readI32());
  }

  readBytes(): Uint8Array {
    return this.#cursor.takeBytes(this.readI32());
  }

  readText(): string {
    return this.#cursor.takeText(this.readI32());
  }

  fail(message: string, offset?: number): never {
    return this.#cursor.fail(message, offset);
  }
}

/** How many bytes a value of a type has at least. */
const SMALLEST_BYTES: Readonly<Record<number, number>> = {
  [THRIFT_TYPE.bool]: 1,
  [THRIFT_TYPE.byte]: 1,
  [THRIFT_TYPE.double]: 8,
  [THRIFT_TYPE.i16]: 2,
  [THRIFT_TYPE.i32]: 4,
  [THRIFT_TYPE.i64]: 8,
  [THRIFT_TYPE.string]: 4,
  [THRIFT_TYPE.struct]: 1,
  [THRIFT_TYPE.map]: 6,
  [THRIFT_TYPE.set]: 5,
  [THRIFT_TYPE.list]: 5,
  [THRIFT_TYPE.uuid]: 16,
};
