/** Attributes as OTLP's `KeyValue`s (opentelemetry/proto/common/v1/common.proto). */
import type { AttributeList, Scalar, Stored } from './attribute-list.ts';
import { encodeKey } from './encoded-key.ts';
import type { WireWriter } from './wire-writer.ts';

/** Writes each as a field of the given tag. */
export function writeAttributes(
  writer: WireWriter,
  tag: number,
  { items, used }: AttributeList,
): void {
  for (let i = 0; i < used; i += 2) {
    const key = items[i] as string;
    const value = items[i + 1] as Stored;
    const known = encodeKey(key);
    if (known !== undefined && writer.shortPair(tag, known, value)) continue;
    const guess = key.length + (typeof value === 'string' ? value.length + 6 : 12);
    writer.byte(tag);
    const start = writer.begin(guess);
    writer.byte(KEY);
    writer.text(key);
    writer.byte(VALUE);
    writeAnyValue(writer, value);
    writer.finish(start, guess);
  }
}

// Tags of KeyValue and AnyValue: field number << 3 | wire type.
const KEY = 0x0a;
const VALUE = 0x12;
const STRING_VALUE = 0x0a;
const BOOL_VALUE = 0x10;
const INT_VALUE = 0x18;
const DOUBLE_VALUE = 0x21;
const ARRAY_VALUE = 0x2a;
const BYTES_VALUE = 0x3a;
/** Of ArrayValue. */
const VALUES = 0x0a;

/** An AnyValue with its length in front. */
function writeAnyValue(writer: WireWriter, value: Stored | undefined): void {
  const guess = typeof value === 'string' ? value.length + 2 : 9;
  const start = writer.begin(guess);
  if (typeof value === 'string') {
    writer.byte(STRING_VALUE);
    writer.text(value);
  } else if (typeof value === 'number') {
    writeNumber(writer, value);
  } else if (typeof value === 'boolean') {
    writer.byte(BOOL_VALUE);
    writer.byte(value ? 1 : 0);
  } else if (value !== undefined) {
    writeRareValue(writer, value);
  }
  writer.finish(start, guess);
}

function writeNumber(writer: WireWriter, value: number): void {
  if (Number.isSafeInteger(value)) {
    writer.byte(INT_VALUE);
    writer.int64(value);
  } else {
    writer.byte(DOUBLE_VALUE);
    writer.double(value);
  }
}

function writeRareValue(
  writer: WireWriter,
  value: bigint | Uint8Array | readonly (Scalar | undefined)[],
): void {
  if (typeof value === 'bigint') {
    writer.byte(INT_VALUE);
    writer.bigint64(value);
  } else if (value instanceof Uint8Array) {
    writer.byte(BYTES_VALUE);
    writer.block(value);
  } else {
    writer.byte(ARRAY_VALUE);
    const start = writer.begin(0);
    for (const item of value) {
      writer.byte(VALUES);
      writeAnyValue(writer, item);
    }
    writer.finish(start, 0);
  }
}
