import type { Attribute, AttributeValue } from '@clew/model';
import type { WireWriter } from '../wire/writer.ts';

/**
 * Writes attributes as a repeated field of the message around them, whose tag is given.
 *
 * KeyValue
 *   1  key           string    length-delimited
 *   2  value         AnyValue  length-delimited
 */
export function writeAttributes(
  writer: WireWriter,
  tag: number,
  attributes: readonly Attribute[],
): void {
  for (const { key, value } of attributes) {
    writer.writeVarint(tag);
    const start = writer.begin();
    if (key !== '') {
      writer.writeVarint(0x0a);
      writer.writeText(key);
    }
    writer.writeVarint(0x12);
    const valueStart = writer.begin();
    writeAnyValue(writer, value);
    writer.end(valueStart);
    writer.end(start);
  }
}

/**
 * Writes the fields of a value. An `oneof` is written even where its value is the default: that is what says its type.
 *
 * AnyValue
 *   1  string_value  string        length-delimited
 *   2  bool_value    bool          varint
 *   3  int_value     int64         varint
 *   4  double_value  double        fixed64
 *   5  array_value   ArrayValue    length-delimited
 *   6  kvlist_value  KeyValueList  length-delimited
 *   7  bytes_value   bytes         length-delimited
 */
export function writeAnyValue(writer: WireWriter, value: AttributeValue): void {
  switch (value.type) {
    case 'string':
      writer.writeVarint(0x0a);
      writer.writeText(value.value);
      break;
    case 'bool':
      writer.writeVarint(0x10);
      writer.writeVarint(value.value ? 1 : 0);
      break;
    case 'int':
      writer.writeVarint(0x18);
      writer.writeInt64(value.value);
      break;
    case 'double':
      writer.writeVarint(0x21);
      writer.writeDouble(value.value);
      break;
    case 'array':
      writer.writeVarint(0x2a);
      writeArray(writer, value.value);
      break;
    case 'map': {
      writer.writeVarint(0x32);
      const start = writer.begin();
      writeAttributes(writer, 0x0a, value.value);
      writer.end(start);
      break;
    }
    case 'bytes':
      writer.writeVarint(0x3a);
      writer.writeBytes(value.value);
      break;
    case 'empty':
      break;
  }
}

function writeArray(writer: WireWriter, values: readonly AttributeValue[]): void {
  const start = writer.begin();
  for (const value of values) {
    writer.writeVarint(0x0a);
    const valueStart = writer.begin();
    writeAnyValue(writer, value);
    writer.end(valueStart);
  }
  writer.end(start);
}
