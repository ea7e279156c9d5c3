/**
 * OTLP's attributes (opentelemetry/proto/common/v1/common.proto), from bytes into the typed columns of a row. Nothing is
 * built: a key is a range of bytes until the dictionary has seen it, a string goes from the request to the column as it
 * is. Values that no typed column takes are checked to their last byte and kept as the message they came in.
 */
import type { AttributeColumns } from '@clew/model';
import { MAX_NESTING } from '../wire/reader.ts';
import type { WireReader } from '../wire/reader.ts';
import type { DecodeLimits } from './limits.ts';

/** Which column a value goes to. A short text stands behind its length in one byte, as it will in the column. */
const VALUE = { complex: 0, shortText: 1, text: 2, bool: 3, int: 4, double: 5 } as const;

export class AttributeDecoder {
  readonly #reader: WireReader;
  readonly #limits: DecodeLimits;
  #type: number = VALUE.complex;
  #keyStart = 0;
  #keyEnd = 0;
  #valueStart = 0;
  #valueEnd = 0;
  #textStart = 0;
  #textEnd = 0;

  constructor(reader: WireReader, limits: DecodeLimits) {
    this.#reader = reader;
    this.#limits = limits;
  }

  /** Whether the last attribute has this key, given as UTF-8. */
  hasKey(key: Uint8Array): boolean {
    if (this.#keyEnd - this.#keyStart !== key.length) return false;
    const bytes = this.#reader.bytes;
    for (let i = 0; i < key.length; i++) if (bytes[this.#keyStart + i] !== key[i]) return false;
    return true;
  }

  /** Whether the last attribute's value is a string; where it stands is then `textStart` to `textEnd`. */
  get isText(): boolean {
    return this.#type === VALUE.text || this.#type === VALUE.shortText;
  }

  get textStart(): number {
    return this.#textStart;
  }

  get textEnd(): number {
    return this.#textEnd;
  }

  /**
   * Decodes the attribute from `start` to `end` into `columns`, and moves the reader to `end`. False when its key is over
   * the limit and it was left out.
   *
   * KeyValue
   *   1  key           string    length-delimited
   *   2  value         AnyValue  length-delimited
   */
  decode(start: number, end: number, columns: AttributeColumns): boolean {
    const reader = this.#reader;
    if (!this.#splitShort(start, end)) {
      reader.position = start;
      this.#split(end);
    }
    if (!this.#isShortText()) {
      reader.position = this.#valueStart;
      this.#readValue(this.#valueEnd);
    }
    reader.position = end;
    if (this.#keyEnd - this.#keyStart > this.#limits.maxNameBytes) return false;
    this.#push(columns);
    return true;
  }

  /**
   * Finds key and value where they stand as in nearly all attributes: the key, then the value, both under 128 bytes, and
   * nothing else. Measured by `otlp/decode/2000-spans`.
   */
  #splitShort(start: number, end: number): boolean {
    const { bytes } = this.#reader;
    if (start + 4 > end || bytes[start] !== 0x0a) return false;
    const keyLength = bytes[start + 1] ?? 0;
    const keyEnd = start + 2 + keyLength;
    if (keyLength > 127 || keyEnd + 2 > end || bytes[keyEnd] !== 0x12) return false;
    const valueLength = bytes[keyEnd + 1] ?? 0;
    if (valueLength > 127 || keyEnd + 2 + valueLength !== end) return false;
    this.#keyStart = start + 2;
    this.#keyEnd = keyEnd;
    this.#valueStart = keyEnd + 2;
    this.#valueEnd = end;
    return true;
  }

  /** Finds key and value wherever they stand. */
  #split(end: number): void {
    const reader = this.#reader;
    this.#keyStart = this.#keyEnd = end;
    this.#valueStart = this.#valueEnd = end;
    while (reader.position < end) {
      const tag = reader.readTag(end);
      if (tag === 0x0a) {
        this.#keyEnd = reader.readEnd(end);
        this.#keyStart = reader.position;
        reader.position = this.#keyEnd;
      } else if (tag === 0x12) {
        this.#valueEnd = reader.readEnd(end);
        this.#valueStart = reader.position;
        reader.position = this.#valueEnd;
      } else reader.skipUnknown(tag, end, 2);
    }
  }

  /** Whether the value is a string of less than 128 bytes and nothing else, as two thirds are; then where it stands. */
  #isShortText(): boolean {
    const { bytes } = this.#reader;
    const start = this.#valueStart;
    const length = this.#valueEnd - start - 2;
    if (length < 0 || length > 127 || bytes[start] !== 0x0a) return false;
    if (bytes[start + 1] !== length) return false;
    this.#type = VALUE.shortText;
    this.#textStart = start + 2;
    this.#textEnd = this.#valueEnd;
    return true;
  }

  /** Moves past the attribute from `start` to `end`, and checks it on the way. */
  skip(start: number, end: number): void {
    this.#reader.position = start;
    this.#skipAttribute(end, 0);
  }

  /** `depth` counts the arrays and maps around the attribute. */
  #skipAttribute(end: number, depth: number): void {
    const reader = this.#reader;
    while (reader.position < end) {
      const tag = reader.readTag(end);
      if (tag === 0x0a) reader.position = reader.readEnd(end);
      else if (tag === 0x12) this.#skipValue(reader.readEnd(end), depth);
      else reader.skipUnknown(tag, end, 2);
    }
  }

  /**
   * Finds out the type of a value and where it stands. Of several, as of every `oneof`, the last counts.
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
  #readValue(end: number): void {
    const reader = this.#reader;
    this.#type = VALUE.complex;
    while (reader.position < end) {
      const tag = reader.readTag(end);
      switch (tag) {
        case 0x0a:
          this.#type = VALUE.text;
          this.#textEnd = reader.readEnd(end);
          this.#textStart = reader.position;
          reader.position = this.#textEnd;
          break;
        case 0x10:
          this.#type = VALUE.bool;
          reader.readVarint(end);
          break;
        case 0x18:
          this.#type = VALUE.int;
          reader.readVarint(end);
          break;
        case 0x21:
          this.#type = VALUE.double;
          reader.readFixed64(end);
          break;
        case 0x2a:
        case 0x32:
        case 0x3a:
          this.#type = VALUE.complex;
          this.#skipComplex(tag, end, 1);
          break;
        default:
          reader.skipUnknown(tag, end, 7);
      }
    }
  }

  #push(columns: AttributeColumns): void {
    const { bytes, low, high } = this.#reader;
    switch (this.#type) {
      case VALUE.shortText:
        columns.string.keys.push(bytes, this.#keyStart, this.#keyEnd);
        columns.string.values.pushBytes(bytes, this.#textStart - 1, this.#textEnd);
        break;
      case VALUE.text:
        columns.string.keys.push(bytes, this.#keyStart, this.#keyEnd);
        columns.string.values.pushString(bytes, this.#textStart, this.#textEnd);
        break;
      case VALUE.bool:
        columns.bool.keys.push(bytes, this.#keyStart, this.#keyEnd);
        columns.bool.values.pushByte((low | high) === 0 ? 0 : 1);
        break;
      case VALUE.int:
        columns.int.keys.push(bytes, this.#keyStart, this.#keyEnd);
        columns.int.values.push(low, high);
        break;
      case VALUE.double:
        columns.double.keys.push(bytes, this.#keyStart, this.#keyEnd);
        columns.double.values.push(low, high);
        break;
      default:
        columns.complex.keys.push(bytes, this.#keyStart, this.#keyEnd);
        columns.complex.values.pushString(bytes, this.#valueStart, this.#valueEnd);
    }
  }

  #skipValue(end: number, depth: number): void {
    const reader = this.#reader;
    while (reader.position < end) {
      const tag = reader.readTag(end);
      switch (tag) {
        case 0x0a:
          reader.position = reader.readEnd(end);
          break;
        case 0x10:
        case 0x18:
          reader.readVarint(end);
          break;
        case 0x21:
          reader.readFixed64(end);
          break;
        case 0x2a:
        case 0x32:
        case 0x3a:
          this.#skipComplex(tag, end, depth + 1);
          break;
        default:
          reader.skipUnknown(tag, end, 7);
      }
    }
  }

  /**
   * Moves past an array, a map or bytes.
   *
   * ArrayValue
   *   1  values        AnyValue  length-delimited, repeated
   * KeyValueList
   *   1  values        KeyValue  length-delimited, repeated
   */
  #skipComplex(tag: number, end: number, depth: number): void {
    const reader = this.#reader;
    const valueEnd = reader.readEnd(end);
    if (tag === 0x3a) {
      reader.position = valueEnd;
      return;
    }
    if (depth > MAX_NESTING) reader.fail(`values are nested more than ${MAX_NESTING} deep`);
    while (reader.position < valueEnd) {
      const inner = reader.readTag(valueEnd);
      if (inner !== 0x0a) reader.skipUnknown(inner, valueEnd, 1);
      else if (tag === 0x2a) this.#skipValue(reader.readEnd(valueEnd), depth);
      else this.#skipAttribute(reader.readEnd(valueEnd), depth);
    }
  }
}
