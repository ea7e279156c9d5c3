/**
 * OTLP's attributes (opentelemetry/proto/common/v1/common.proto), from bytes into the typed columns of a row. Nothing is
 * built: a key is a range of bytes until the dictionary has seen it, a string goes from the request to the column as it
 * is. Values that no typed column takes are checked to their last byte and kept as the message they came in.
 */
import type { AttributeValue } from '@clew/model';
import { MAX_NESTING } from '../wire/reader.ts';
import type { WireReader } from '../wire/reader.ts';
import { cleanText, isUtf8 } from '../wire/utf8.ts';
import { WireWriter } from '../wire/writer.ts';
import type { AttributeRow } from './decode-attribute-row.ts';
import { decodeAnyValue } from './decode-messages.ts';
import { writeAnyValue } from './encode-attributes.ts';
import type { DecodeLimits } from './limits.ts';

/** A value that is kept, and whether all of it is. */
export interface LimitedValue {
  readonly value: AttributeValue;
  /** Texts in it were not UTF-8. */
  readonly isSanitized: boolean;
  readonly isTruncated: boolean;
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

const VALUE = { complex: 0, string: 1, bool: 2, int: 3, double: 4, bytes: 5 } as const;

export class AttributeDecoder {
  readonly #reader: WireReader;
  readonly #limits: DecodeLimits;

  /** Where the key of the attribute checked last begins and ends. */
  keyStart = 0;
  keyEnd = 0;
  #valueStart = 0;
  #valueEnd = 0;
  /** What the value is, and where a string's or bytes' own begin and end. */
  #type: number = VALUE.complex;
  #partStart = 0;
  #partEnd = 0;
  /** The halves of an integer, a double or a boolean. */
  #low = 0;
  #high = 0;
  #isTooDeep = false;
  #isUtf8 = true;

  constructor(reader: WireReader, limits: DecodeLimits) {
    this.#reader = reader;
    this.#limits = limits;
  }

  /**
   * Decodes the attribute from `start` to `end` into `row`, or counts it there as dropped; moves the reader to `end`.
   *
   * KeyValue
   *   1  key           string    length-delimited
   *   2  value         AnyValue  length-delimited
   */
  decode(start: number, end: number, row: AttributeRow): void {
    if (row.readUsual(start, end)) this.#reader.position = end;
    else this.#decodeAny(start, end, row);
  }

  /**
   * Checks the attribute from `start` to `end` and moves the reader to `end`. True when it may be kept as it is: nothing
   * is over a limit, and all text is UTF-8.
   */
  check(start: number, end: number): boolean {
    const { maxNameBytes, maxValueBytes } = this.#limits;
    this.#read(start, end);
    if (this.#isTooDeep || this.keyEnd - this.keyStart > maxNameBytes) return false;
    const isWhole = this.#type === VALUE.string || this.#type === VALUE.bytes;
    const length = isWhole ? this.#partEnd - this.#partStart : this.#valueEnd - this.#valueStart;
    if (length > maxValueBytes) return false;
    if (isWhole && this.#valueEnd - this.#valueStart > length + 6) return false;
    const { bytes } = this.#reader;
    if (this.#type === VALUE.string && !isUtf8(bytes, this.#partStart, this.#partEnd)) return false;
    return this.#isUtf8 && isUtf8(bytes, this.keyStart, this.keyEnd);
  }

  /** The value of the attribute checked last, as far as the limits allow; `undefined` when it is to be left out. */
  readLimitedValue(): LimitedValue | undefined {
    const { maxValueBytes } = this.#limits;
    const { bytes } = this.#reader;
    if (this.#isTooDeep) return undefined;
    if (this.#type === VALUE.string) {
      const range = { start: this.#partStart, end: this.#partEnd };
      const clean = cleanText(bytes, range, maxValueBytes);
      const value: AttributeValue = { type: 'string', value: decoder.decode(clean.bytes) };
      return { value, isSanitized: clean.isSanitized, isTruncated: clean.isTruncated };
    }
    if (this.#type === VALUE.bytes) {
      const end = Math.min(this.#partEnd, this.#partStart + maxValueBytes);
      const value: AttributeValue = { type: 'bytes', value: bytes.subarray(this.#partStart, end) };
      return { value, isSanitized: false, isTruncated: end < this.#partEnd };
    }
    if (this.#valueEnd - this.#valueStart > maxValueBytes) return undefined;
    const value = decodeAnyValue(bytes.subarray(this.#valueStart, this.#valueEnd));
    return { value, isSanitized: !this.#isUtf8, isTruncated: false };
  }

  #decodeAny(start: number, end: number, row: AttributeRow): void {
    this.#read(start, end);
    if (row.isFull && !row.isExempt(this.keyStart, this.keyEnd)) {
      row.droppedCount++;
      return;
    }
    const { keyStart, keyEnd } = this;
    const low = this.#low;
    const high = this.#high;
    switch (this.#type) {
      case VALUE.string:
        row.pushString(keyStart, keyEnd, this.#partStart, this.#partEnd);
        break;
      case VALUE.bool:
        row.pushBool(keyStart, keyEnd, (low | high) !== 0);
        break;
      case VALUE.int:
        row.pushInt(keyStart, keyEnd, low, high);
        break;
      case VALUE.double:
        row.pushDouble(keyStart, keyEnd, low, high);
        break;
      case VALUE.bytes:
        this.#pushBytes(row);
        break;
      default:
        this.#pushComplex(row);
    }
  }

  #pushBytes(row: AttributeRow): void {
    const { maxValueBytes } = this.#limits;
    const { bytes } = this.#reader;
    const message = bytes.subarray(this.#valueStart, this.#valueEnd);
    const length = this.#partEnd - this.#partStart;
    // The message may hold more than the bytes: what the sender put there before it thought better of it.
    if (length <= maxValueBytes && message.length <= length + 6) {
      row.pushComplex(this.keyStart, this.keyEnd, message);
      return;
    }
    const end = this.#partStart + Math.min(length, maxValueBytes);
    const writer = new WireWriter(end - this.#partStart + 8);
    writeAnyValue(writer, { type: 'bytes', value: bytes.subarray(this.#partStart, end) });
    if (!row.pushComplex(this.keyStart, this.keyEnd, writer.bytes)) return;
    if (end < this.#partEnd) row.noteTruncated();
  }

  #pushComplex(row: AttributeRow): void {
    const { maxValueBytes } = this.#limits;
    const message = this.#reader.bytes.subarray(this.#valueStart, this.#valueEnd);
    if (this.#isTooDeep || message.length > maxValueBytes) row.droppedCount++;
    else if (this.#isUtf8) row.pushComplex(this.keyStart, this.keyEnd, message);
    else {
      // Reading a text puts U+FFFD for what is none, and makes it longer.
      const writer = new WireWriter(message.length * 2);
      writeAnyValue(writer, decodeAnyValue(message));
      if (writer.length > maxValueBytes) row.droppedCount++;
      else if (row.pushComplex(this.keyStart, this.keyEnd, writer.bytes)) row.noteSanitized();
    }
  }

  /** Finds key and value of any attribute, and checks all of it. */
  #read(start: number, end: number): void {
    const reader = this.#reader;
    this.keyStart = this.keyEnd = end;
    this.#valueStart = this.#valueEnd = end;
    this.#type = VALUE.complex;
    this.#isTooDeep = false;
    this.#isUtf8 = true;
    reader.position = start;
    while (reader.position < end) {
      const tag = reader.readTag(end);
      if (tag === 0x0a) {
        this.keyEnd = reader.readEnd(end);
        this.keyStart = reader.position;
        reader.position = this.keyEnd;
      } else if (tag === 0x12) {
        // Of several the last counts, and all are checked: whoever reads a message that is kept reads all of it.
        this.#valueEnd = reader.readEnd(end);
        this.#valueStart = reader.position;
        this.#readValue(this.#valueEnd);
      } else reader.skipUnknown(tag, end, 2);
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
        case 0x3a:
          this.#type = tag === 0x0a ? VALUE.string : VALUE.bytes;
          this.#partEnd = reader.readEnd(end);
          this.#partStart = reader.position;
          reader.position = this.#partEnd;
          break;
        case 0x10:
          this.#type = VALUE.bool;
          reader.readVarint(end);
          this.#keepNumber();
          break;
        case 0x18:
          this.#type = VALUE.int;
          reader.readVarint(end);
          this.#keepNumber();
          break;
        case 0x21:
          this.#type = VALUE.double;
          reader.readFixed64(end);
          this.#keepNumber();
          break;
        case 0x2a:
        case 0x32:
          this.#type = VALUE.complex;
          this.#walkNested(tag, end, 1);
          break;
        default:
          reader.skipUnknown(tag, end, 7);
      }
    }
  }

  /** Reading what comes after a number may need the reader's own place for it. */
  #keepNumber(): void {
    this.#low = this.#reader.low;
    this.#high = this.#reader.high;
  }

  /**
   * Walks over an array or a map. `depth` counts it and those around it; what is in one too many is not looked at, since
   * the whole value is left out then.
   *
   * ArrayValue
   *   1  values        AnyValue  length-delimited, repeated
   * KeyValueList
   *   1  values        KeyValue  length-delimited, repeated
   */
  #walkNested(tag: number, end: number, depth: number): void {
    const reader = this.#reader;
    const valueEnd = reader.readEnd(end);
    if (depth > MAX_NESTING) {
      this.#isTooDeep = true;
      reader.position = valueEnd;
      return;
    }
    while (reader.position < valueEnd) {
      const inner = reader.readTag(valueEnd);
      if (inner !== 0x0a) reader.skipUnknown(inner, valueEnd, 1);
      else if (tag === 0x2a) this.#walkValue(reader.readEnd(valueEnd), depth);
      else this.#walkAttribute(reader.readEnd(valueEnd), depth);
    }
  }

  #walkAttribute(end: number, depth: number): void {
    const reader = this.#reader;
    while (reader.position < end) {
      const tag = reader.readTag(end);
      if (tag === 0x0a) this.#walkText(end);
      else if (tag === 0x12) this.#walkValue(reader.readEnd(end), depth);
      else reader.skipUnknown(tag, end, 2);
    }
  }

  #walkValue(end: number, depth: number): void {
    const reader = this.#reader;
    while (reader.position < end) {
      const tag = reader.readTag(end);
      switch (tag) {
        case 0x0a:
          this.#walkText(end);
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
          this.#walkNested(tag, end, depth + 1);
          break;
        case 0x3a:
          reader.position = reader.readEnd(end);
          break;
        default:
          reader.skipUnknown(tag, end, 7);
      }
    }
  }

  #walkText(end: number): void {
    const reader = this.#reader;
    const textEnd = reader.readEnd(end);
    if (!isUtf8(reader.bytes, reader.position, textEnd)) this.#isUtf8 = false;
    reader.position = textEnd;
  }
}
