/**
 * Thrift, read without generated code: a decoder asks for one piece after the other and skips the fields it does not
 * know. `ThriftReader` is the same for both protocols, so one decoder of a struct serves both.
 *
 *     reader.beginStruct();
 *     while (reader.readField()) {
 *       if (reader.isField(1, THRIFT_TYPE.string)) name = reader.readText();
 *       else reader.skip();
 *     }
 *
 * A field whose type is not the expected one is skipped, as Thrift's generated code does. All methods throw
 * `DecodeError` for what the protocol does not allow, and nothing else.
 *
 * https://github.com/apache/thrift/tree/master/doc/specs
 */

/** The types of values, by their numbers in the binary protocol; the compact protocol's are translated. */
export const THRIFT_TYPE = {
  stop: 0,
  bool: 2,
  byte: 3,
  double: 4,
  i16: 6,
  i32: 8,
  i64: 10,
  /** Texts and bytes alike. */
  string: 11,
  struct: 12,
  map: 13,
  set: 14,
  list: 15,
  uuid: 16,
} as const;

/** What stands before the arguments of a call. */
export interface ThriftMessage {
  /** Of the method that is called. */
  readonly name: string;
  /** 1 for a call, 2 for a reply, 3 for an exception, 4 for a call without an answer. */
  readonly type: number;
  readonly sequenceId: number;
}

/** Reads one payload from front to back. */
export interface ThriftReader {
  /** The next unread byte. */
  readonly position: number;
  /** Of the last field that was read. */
  readonly fieldId: number;
  readonly fieldType: number;
  /** Of the last collection that was begun; of a map, its values. */
  readonly elementType: number;
  /** Of the last map that was begun. */
  readonly keyType: number;

  readMessage(): ThriftMessage;
  /** Goes into a struct, 32 deep at most. */
  beginStruct(): void;
  /** Reads the next field's id and type; `false` at the struct's end, which it leaves. */
  readField(): boolean;
  /** Whether the last field has this id and this type. */
  isField(id: number, type: number): boolean;
  /** Skips the last field's value. */
  skip(): void;
  /** Reads how many elements a list or a set has. There are at least as many bytes left. */
  readListSize(): number;
  /** Reads how many entries a map has. There are at least as many bytes left. */
  readMapSize(): number;
  readBool(): boolean;
  readByte(): number;
  readI16(): number;
  readI32(): number;
  readI64(): bigint;
  /** The same as 16 hexadecimal digits, as ids are written. */
  readI64Hex(): string;
  readDouble(): number;
  /** Moves past bytes, and gives the place where they begin; they end at `position`. */
  readBytesStart(): number;
  /** A view: valid as long as the payload is. */
  readBytes(): Uint8Array;
  /** Bytes that are not UTF-8 become U+FFFD. */
  readText(): string;
  /** Skips one value of `type`: an element of a list. */
  skipValue(type: number): void;
  fail(message: string, offset?: number): never;
}

/** Skips one value. `nest` counts the collections it goes into. */
export function skipThriftValue(
  reader: ThriftReader,
  type: number,
  nest: { enter(): void; leave(): void },
): void {
  switch (type) {
    case THRIFT_TYPE.bool:
      reader.readBool();
      break;
    case THRIFT_TYPE.byte:
      reader.readByte();
      break;
    case THRIFT_TYPE.i16:
      reader.readI16();
      break;
    case THRIFT_TYPE.i32:
      reader.readI32();
      break;
    case THRIFT_TYPE.i64:
      reader.readI64();
      break;
    case THRIFT_TYPE.double:
      reader.readDouble();
      break;
    case THRIFT_TYPE.string:
      reader.readBytesStart();
      break;
    case THRIFT_TYPE.uuid:
      reader.readI64();
      reader.readI64();
      break;
    case THRIFT_TYPE.struct:
      reader.beginStruct();
      while (reader.readField()) reader.skip();
      break;
    case THRIFT_TYPE.list:
    case THRIFT_TYPE.set: {
      nest.enter();
      const size = reader.readListSize();
      const { elementType } = reader;
      for (let i = 0; i < size; i++) reader.skipValue(elementType);
      nest.leave();
      break;
    }
    case THRIFT_TYPE.map: {
      nest.enter();
      const size = reader.readMapSize();
      const { keyType, elementType } = reader;
      for (let i = 0; i < size; i++) {
        reader.skipValue(keyType);
        reader.skipValue(elementType);
      }
      nest.leave();
      break;
    }
    default:
      reader.fail(`type ${type} does not exist`);
  }
}

/** The two halves of a 64-bit number as 16 hexadecimal digits. */
export function formatHalves(high: number, low: number): string {
  return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0');
}
