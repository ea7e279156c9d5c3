import type { WireContext } from './reader.ts';
import { ThriftCursor } from './thrift-cursor.ts';
import { THRIFT_TYPE, formatHalves, skipThriftValue } from './thrift-reader.ts';
import type { ThriftMessage, ThriftReader } from './thrift-reader.ts';

const PROTOCOL_ID = 0x82;
const VERSION = 1;

/**
 * Thrift's compact protocol: integers are zigzag numbers of variable length, a field's id is told as its distance from
 * the one before, and the value of a boolean field is its type.
 *
 * https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 */
export class ThriftCompactReader implements ThriftReader {
  readonly #cursor: ThriftCursor;
  /** The last field ids of the structs around the current one. */
  readonly #outerFieldIds: number[] = [];
  /** The value that came with the type of a boolean field. */
  #fieldBool: boolean | undefined;
  /** The halves of the last number of 64 bits. */
  #low = 0;
  #high = 0;
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

  /** A byte of 0x82, a byte of version and type, a varint of sequence id, the name. */
  readMessage(): ThriftMessage {
    const protocol = this.#readUint8();
    if (protocol !== PROTOCOL_ID) this.fail(`protocol 0x${protocol.toString(16)} is not known`, 0);
    const versionAndType = this.#readUint8();
    const version = versionAndType & 0x1f;
    if (version !== VERSION)
      this.fail(`version ${version} of the compact protocol is not known`, 1);
    const sequenceId = this.#readVarint32();
    return { name: this.readText(), type: versionAndType >>> 5, sequenceId };
  }

  beginStruct(): void {
    this.#cursor.enter();
    this.#outerFieldIds.push(this.fieldId);
    this.fieldId = 0;
  }

  /** A byte with the distance of the id in its upper half and the type in its lower; distance 0: an i16 id follows. */
  readField(): boolean {
    const header = this.#readUint8();
    this.#fieldBool = undefined;
    if (header === THRIFT_TYPE.stop) {
      this.#cursor.leave();
      this.fieldId = this.#outerFieldIds.pop() ?? 0;
      return false;
    }
    const distance = header >>> 4;
    this.fieldId = distance === 0 ? this.readI16() : this.fieldId + distance;
    this.fieldType = this.#toType(header & 0x0f);
    if (this.fieldType === THRIFT_TYPE.bool) this.#fieldBool = (header & 0x0f) === COMPACT_TRUE;
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

  /** A byte with the size in its upper half and the type in its lower; size 15: a varint of size follows. */
  readListSize(): number {
    const header = this.#readUint8();
    this.elementType = this.#toType(header & 0x0f);
    const size = header >>> 4 === 15 ? this.#readVarint32() : header >>> 4;
    return this.#cursor.checkSize(size, smallestBytes(this.elementType));
  }

  /** A varint of size, then, if it is not 0, a byte with the keys' type in its upper half and the values' in its lower. */
  readMapSize(): number {
    const size = this.#readVarint32();
    this.keyType = THRIFT_TYPE.stop;
    this.elementType = THRIFT_TYPE.stop;
    if (size === 0) return 0;
    const types = this.#readUint8();
    this.keyType = this.#toType(types >>> 4);
    this.elementType = this.#toType(types & 0x0f);
    return this.#cursor.checkSize(
      size,
      smallestBytes(this.keyType) + smallestBytes(this.elementType),
    );
  }

  /** The value of a boolean field has come with its type; an element of a list is a byte of its own. */
  readBool(): boolean {
    const value = this.#fieldBool;
    if (value === undefined) return this.#readUint8() === COMPACT_TRUE;
    this.#fieldBool = undefined;
    return value;
  }

  readByte(): number {
    return this.#cursor.view.getInt8(this.#cursor.take(1));
  }

  readI16(): number {
    return (this.#readZigzag32() << 16) >> 16;
  }

  readI32(): number {
    return this.#readZigzag32();
  }

  readI64(): bigint {
    this.#readZigzag64();
    return (BigInt(this.#high) << 32n) | BigInt(this.#low >>> 0);
  }

  readI64Hex(): string {
    this.#readZigzag64();
    return formatHalves(this.#high >>> 0, this.#low >>> 0);
  }

  readDouble(): number {
    return this.#cursor.view.getFloat64(this.#cursor.take(8), true);
  }

  readBytesStart(): number {
    return this.#cursor.takeLength(this.#readVarint32());
  }

  readBytes(): Uint8Array {
    return this.#cursor.takeBytes(this.#readVarint32());
  }

  readText(): string {
    return this.#cursor.takeText(this.#readVarint32());
  }

  fail(message: string, offset?: number): never {
    return this.#cursor.fail(message, offset);
  }

  #readUint8(): number {
    return this.#cursor.bytes[this.#cursor.take(1)] ?? 0;
  }

  #readZigzag32(): number {
    const value = this.#readVarint32();
    return (value >>> 1) ^ -(value & 1);
  }

  /** Up to 10 bytes, into `#low` and `#high`; bits above the 64th are dropped. */
  #readZigzag64(): void {
    const { bytes, remaining, position } = this.#cursor;
    let low = 0;
    let high = 0;
    for (let i = 0; i < Math.min(10, remaining); i++) {
      const byte = bytes[position + i] ?? 0;
      const bits = byte & 127;
      if (i < 4) low |= bits << (7 * i);
      else if (i > 4) high |= bits << (7 * i - 32);
      else {
        low |= bits << 28;
        high = bits >>> 4;
      }
      if (byte < 128) {
        this.#cursor.position = position + i + 1;
        const sign = -(low & 1);
        this.#low = ((low >>> 1) | (high << 31)) ^ sign;
        this.#high = (high >>> 1) ^ sign;
        return;
      }
    }
    this.#failVarint(10);
  }

  /** Up to 5 bytes, as a signed integer of 32 bits: a length that does not fit comes out negative. */
  #readVarint32(): number {
    const { bytes, remaining, position } = this.#cursor;
    let value = 0;
    for (let i = 0; i < Math.min(5, remaining); i++) {
      const byte = bytes[position + i] ?? 0;
      value |= (byte & 127) << (7 * i);
      if (byte < 128) {
        this.#cursor.position = position + i + 1;
        return value;
      }
    }
    return this.#failVarint(5);
  }

  #failVarint(maxBytes: number): never {
    const isTruncated = this.#cursor.remaining < maxBytes;
    this.fail(isTruncated ? 'truncated inside a number' : `number longer than ${maxBytes} bytes`);
  }

  #toType(compactType: number): number {
    const type = TYPES[compactType];
    return type ?? this.fail(`compact type ${compactType} does not exist`);
  }
}

const COMPACT_TRUE = 1;

/** Types by their numbers in the compact protocol. */
const TYPES: readonly (number | undefined)[] = [
  undefined,
  THRIFT_TYPE.bool,
  THRIFT_TYPE.bool,
  THRIFT_TYPE.byte,
  THRIFT_TYPE.i16,
  THRIFT_TYPE.i32,
  THRIFT_TYPE.i64,
  THRIFT_TYPE.double,
  THRIFT_TYPE.string,
  THRIFT_TYPE.list,
  THRIFT_TYPE.set,
  THRIFT_TYPE.map,
  THRIFT_TYPE.struct,
  THRIFT_TYPE.uuid,
];

/** How many bytes a value of a type has at least. */
function smallestBytes(type: number): number {
  if (type === THRIFT_TYPE.uuid) return 16;
  return type === THRIFT_TYPE.double ? 8 : 1;
}
