/**
 * Messages of protobuf described by tables of their fields, for questions and answers that are few and small. What comes by the
 * million has a decoder or an encoder of its own.
 *
 *     const NAMED_COUNT = {
 *       name: { number: 1, type: 'string' },
 *       counts: { number: 2, type: 'uint64', repeated: true },
 *     } as const satisfies MessageType;
 *     encodeMessage(NAMED_COUNT, { name: 'a', counts: [1n] });
 *
 * Every field that is given is written, zeros too, because of some fields zero says something else than nothing.
 *
 * https://protobuf.dev/programming-guides/encoding/
 */
import { unreachable } from '@clew/model';
import { WIRE_TYPE, WireReader } from './reader.ts';
import { decodeText } from './text.ts';
import { WireWriter } from './writer.ts';

export type ScalarType =
  | 'string'
  | 'bytes'
  | 'bool'
  | 'int32'
  | 'uint32'
  | 'enum'
  | 'int64'
  | 'uint64'
  | 'fixed64'
  | 'double';

export interface MessageField {
  readonly number: number;
  readonly type: ScalarType | MessageType;
  readonly repeated?: true;
  /** By keys that are strings. */
  readonly map?: true;
  /** Of an enum's numbers from 0 on: what JSON calls them. */
  readonly names?: readonly string[];
}

/** Fields by their names. */
export interface MessageType {
  readonly [name: string]: MessageField;
}

type ScalarValue<Type> = Type extends 'string'
  ? string
  : Type extends 'bytes'
    ? Uint8Array
    : Type extends 'bool'
      ? boolean
      : Type extends 'int64' | 'uint64' | 'fixed64'
        ? bigint
        : number;

type SingleValue<Type> = Type extends MessageType ? MessageValue<Type> : ScalarValue<Type>;

type FieldValue<Field extends MessageField> = Field extends { readonly map: true }
  ? Readonly<Record<string, SingleValue<Field['type']>>>
  : Field extends { readonly repeated: true }
    ? readonly SingleValue<Field['type']>[]
    : SingleValue<Field['type']>;

/** A message as an object. What is absent on the wire is absent here, lists and maps too. */
export type MessageValue<Type extends MessageType> = {
  readonly [Name in keyof Type]?: FieldValue<Type[Name]> | undefined;
};

export function encodeMessage<Type extends MessageType>(
  type: Type,
  value: MessageValue<Type>,
): Uint8Array<ArrayBuffer> {
  const writer = new WireWriter();
  writeMessage(writer, type, value);
  return writer.bytes;
}

/** `format` names the message in errors. Throws `DecodeError`. */
export function decodeMessage<Type extends MessageType>(
  type: Type,
  bytes: Uint8Array,
  format: string,
): MessageValue<Type> {
  const reader = new WireReader(bytes, { format, path: () => '' });
  return readMessage(reader, type, bytes.length) as MessageValue<Type>;
}

type AnyValue = Readonly<Record<string, unknown>>;

function writeMessage(writer: WireWriter, type: MessageType, value: AnyValue): void {
  for (const [name, field] of Object.entries(type)) {
    const given = value[name];
    if (given !== undefined) writeField(writer, field, given);
  }
}

function writeField(writer: WireWriter, field: MessageField, value: unknown): void {
  const { number, type } = field;
  if (field.map === true) {
    for (const entry of Object.entries(value as AnyValue)) writeEntry(writer, field, entry);
  } else if (field.repeated !== true) {
    writeTagged(writer, number, type, value);
  } else if (isPackable(type)) {
    writePacked(writer, number, type, value as readonly unknown[]);
  } else {
    for (const each of value as readonly unknown[]) writeTagged(writer, number, type, each);
  }
}

function writeEntry(
  writer: WireWriter,
  { number, type }: MessageField,
  [key, value]: readonly [string, unknown],
): void {
  writeTag(writer, number, WIRE_TYPE.lengthDelimited);
  const start = writer.begin();
  writeTagged(writer, 1, 'string', key);
  writeTagged(writer, 2, type, value);
  writer.end(start);
}

function writePacked(
  writer: WireWriter,
  number: number,
  type: ScalarType,
  values: readonly unknown[],
): void {
  if (values.length === 0) return;
  writeTag(writer, number, WIRE_TYPE.lengthDelimited);
  const start = writer.begin();
  for (const value of values) writeScalar(writer, type, value);
  writer.end(start);
}

function writeTagged(
  writer: WireWriter,
  number: number,
  type: ScalarType | MessageType,
  value: unknown,
): void {
  writeTag(writer, number, wireTypeOf(type));
  if (typeof type === 'string') {
    writeScalar(writer, type, value);
    return;
  }
  const start = writer.begin();
  writeMessage(writer, type, value as AnyValue);
  writer.end(start);
}

function writeTag(writer: WireWriter, number: number, wireType: number): void {
  writer.writeVarint((number << 3) | wireType);
}

function writeScalar(writer: WireWriter, type: ScalarType, value: unknown): void {
  switch (type) {
    case 'string':
      return writer.writeText(value as string);
    case 'bytes':
      return writer.writeBytes(value as Uint8Array);
    case 'bool':
      return writer.writeVarint(value === true ? 1 : 0);
    case 'uint32':
    case 'enum':
      return writer.writeVarint(value as number);
    case 'int32':
      return writer.writeInt64(BigInt(value as number));
    case 'int64':
    case 'uint64':
      return writer.writeInt64(value as bigint);
    case 'fixed64':
      return writer.writeFixed64(value as bigint);
    case 'double':
      return writer.writeDouble(value as number);
    default:
      return unreachable(type);
  }
}

function readMessage(reader: WireReader, type: MessageType, end: number): AnyValue {
  const value: Record<string, unknown> = {};
  const names = new Map(Object.entries(type).map(([name, { number }]) => [number, name]));
  while (reader.position < end) {
    const tag = reader.readTag(end);
    const name = names.get(tag >>> 3);
    const field = name === undefined ? undefined : type[name];
    if (name === undefined || field === undefined) reader.skip(tag, end);
    else value[name] = readField(reader, { field, tag, end, earlier: value[name] });
  }
  return value;
}

interface FieldPlace {
  readonly field: MessageField;
  readonly tag: number;
  /** Of the message that the field is in. */
  readonly end: number;
  /** What has been read of the field. */
  readonly earlier: unknown;
}

function readField(reader: WireReader, { field, tag, end, earlier }: FieldPlace): unknown {
  const { type } = field;
  const wireType = tag & 7;
  if (field.map === true) {
    const { key = '', value } = readNested(reader, mapEntry(field), { wireType, end });
    // Without a prototype, so that any text can be a key.
    const entries = (earlier ?? Object.create(null)) as Record<string, unknown>;
    entries[key as string] = value;
    return entries;
  }
  if (field.repeated !== true) return readValue(reader, type, { wireType, end });
  const values = (earlier as unknown[] | undefined) ?? [];
  if (wireType === WIRE_TYPE.lengthDelimited && isPackable(type)) {
    const packedEnd = reader.readEnd(end);
    const each = { wireType: wireTypeOf(type), end: packedEnd };
    while (reader.position < packedEnd) values.push(readValue(reader, type, each));
  } else values.push(readValue(reader, type, { wireType, end }));
  return values;
}

function mapEntry({ type }: MessageField): MessageType {
  return { key: { number: 1, type: 'string' }, value: { number: 2, type } };
}

interface ValuePlace {
  readonly wireType: number;
  readonly end: number;
}

function readValue(reader: WireReader, type: ScalarType | MessageType, place: ValuePlace): unknown {
  if (typeof type !== 'string') return readNested(reader, type, place);
  if (place.wireType !== wireTypeOf(type)) {
    reader.fail(`a ${type} has wire type ${place.wireType}`);
  }
  return readScalar(reader, type, place.end);
}

function readNested(
  reader: WireReader,
  type: MessageType,
  { wireType, end }: ValuePlace,
): AnyValue {
  if (wireType !== WIRE_TYPE.lengthDelimited) reader.fail(`a message has wire type ${wireType}`);
  return readMessage(reader, type, reader.readEnd(end));
}

function readScalar(reader: WireReader, type: ScalarType, end: number): unknown {
  switch (type) {
    case 'string':
      return decodeText(readBytes(reader, end));
    case 'bytes':
      return readBytes(reader, end);
    case 'bool':
      return readUint64(reader, end) !== 0n;
    case 'uint32':
    case 'enum':
      reader.readVarint(end);
      return reader.low >>> 0;
    case 'int32':
      reader.readVarint(end);
      return reader.low | 0;
    case 'int64':
      return BigInt.asIntN(64, readUint64(reader, end));
    case 'uint64':
      return readUint64(reader, end);
    case 'fixed64':
      reader.readFixed64(end);
      return toBigInt(reader);
    case 'double':
      reader.readFixed64(end);
      return reader.view.getFloat64(reader.position - 8, true);
    default:
      return unreachable(type);
  }
}

function readBytes(reader: WireReader, end: number): Uint8Array {
  const bytesEnd = reader.readEnd(end);
  const bytes = reader.bytes.subarray(reader.position, bytesEnd);
  reader.position = bytesEnd;
  return bytes;
}

function readUint64(reader: WireReader, end: number): bigint {
  reader.readVarint(end);
  return toBigInt(reader);
}

function toBigInt({ low, high }: WireReader): bigint {
  return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
}

function wireTypeOf(type: ScalarType | MessageType): number {
  if (typeof type !== 'string' || type === 'string' || type === 'bytes') {
    return WIRE_TYPE.lengthDelimited;
  }
  return type === 'fixed64' || type === 'double' ? WIRE_TYPE.fixed64 : WIRE_TYPE.varint;
}

/** Lists of numbers are written without a tag for each. */
function isPackable(
  type: ScalarType | MessageType,
): type is Exclude<ScalarType, 'string' | 'bytes'> {
  return typeof type === 'string' && type !== 'string' && type !== 'bytes';
}
