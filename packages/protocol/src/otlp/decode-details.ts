/**
 * Events and links: checked, and kept as the messages they came in where nothing in them is over a limit or no UTF-8. One
 * in which something is has to be written anew; that is rare, and done through the model.
 */
import { ByteColumn, StringDictionary } from '@clew/model';
import type { Attribute, AttributeValue } from '@clew/model';
import type { WireReader } from '../wire/reader.ts';
import { cleanText, isUtf8 } from '../wire/utf8.ts';
import type { CleanText } from '../wire/utf8.ts';
import { WireWriter } from '../wire/writer.ts';
import type { ChangeLog } from './change-log.ts';
import type { DecodeContext } from './decode-resource.ts';
import { writeAttributes } from './encode-attributes.ts';
import { writeCount } from './encode-messages.ts';

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** What events and links have alike, by their tags. The rest is copied. */
interface DetailShape {
  readonly list: string;
  readonly text: { readonly tag: number; readonly name: string };
  readonly attributes: number;
  readonly droppedAttributesCount: number;
}

const EVENT: DetailShape = {
  list: 'events',
  text: { tag: 0x12, name: 'name' },
  attributes: 0x1a,
  droppedAttributesCount: 0x20,
};

const LINK: DetailShape = {
  list: 'links',
  text: { tag: 0x1a, name: 'trace state' },
  attributes: 0x22,
  droppedAttributesCount: 0x28,
};

export class DetailDecoder {
  readonly #context: DecodeContext;
  readonly #reader: WireReader;
  readonly #log: ChangeLog;

  /** Of the span being read, each message with its length in front. */
  readonly events: ByteColumn = new ByteColumn();
  readonly links: ByteColumn = new ByteColumn();
  /** Those that were left out, and those that the sender said it had left out. */
  droppedEventsCount = 0;
  droppedLinksCount = 0;
  #eventCount = 0;
  #linkCount = 0;

  // Of the message being checked: whether it may be kept as it is.
  #isClean = true;
  #attributeCount = 0;
  /** All keys seen, and by their numbers the message that last had each. */
  readonly #keys = new StringDictionary();
  readonly #messageOfKey: number[] = [];
  #message = 0;

  constructor(context: DecodeContext, log: ChangeLog) {
    this.#context = context;
    this.#reader = context.reader;
    this.#log = log;
  }

  reset(): void {
    this.events.truncate(0);
    this.links.truncate(0);
    this.droppedEventsCount = this.droppedLinksCount = 0;
    this.#eventCount = this.#linkCount = 0;
  }

  /**
   * Event
   *   1  time_unix_nano            fixed64   fixed64
   *   2  name                      string    length-delimited
   *   3  attributes                KeyValue  length-delimited, repeated
   *   4  dropped_attributes_count  uint32    varint
   */
  readEvent(end: number): void {
    const reader = this.#reader;
    const start = reader.position;
    this.#begin();
    while (reader.position < end) {
      const tag = reader.readTag(end);
      if (tag === 0x1a) this.#checkAttribute(reader.readEnd(end));
      else if (tag === 0x09) reader.readFixed64(end);
      else if (tag === 0x12) this.#checkText(end);
      else if (tag === 0x20) reader.readVarint(end);
      else reader.skipUnknown(tag, end, 4);
    }
    if (this.#eventCount >= this.#context.limits.maxEvents) {
      this.droppedEventsCount++;
      return;
    }
    const index = this.#eventCount++;
    if (this.#isClean) this.events.pushString(reader.bytes, start, end);
    else this.#rewrite({ shape: EVENT, index, start, end });
  }

  /**
   * Link
   *   1  trace_id                  bytes     length-delimited
   *   2  span_id                   bytes     length-delimited
   *   3  trace_state               string    length-delimited
   *   4  attributes                KeyValue  length-delimited, repeated
   *   5  dropped_attributes_count  uint32    varint
   *   6  flags                     fixed32   fixed32
   */
  readLink(end: number): void {
    const reader = this.#reader;
    const start = reader.position;
    let hasTraceId = false;
    let hasSpanId = false;
    this.#begin();
    while (reader.position < end) {
      const tag = reader.readTag(end);
      if (tag === 0x22) this.#checkAttribute(reader.readEnd(end));
      else if (tag === 0x0a) hasTraceId = this.#readId(reader.readEnd(end), 16);
      else if (tag === 0x12) hasSpanId = this.#readId(reader.readEnd(end), 8);
      else if (tag === 0x1a) this.#checkText(end);
      else if (tag === 0x28) reader.readVarint(end);
      else if (tag === 0x35) reader.readFixed32(end);
      else reader.skipUnknown(tag, end, 6);
    }
    const isValid = hasTraceId && hasSpanId;
    if (!isValid) this.#log.addSanitized('a link without valid ids: left out');
    if (!isValid || this.#linkCount >= this.#context.limits.maxLinks) {
      this.droppedLinksCount++;
      return;
    }
    const index = this.#linkCount++;
    if (this.#isClean) this.links.pushString(reader.bytes, start, end);
    else this.#rewrite({ shape: LINK, index, start, end });
  }

  /** Whether the bytes up to `end` are an id of this length and not zero. */
  #readId(end: number, length: number): boolean {
    const start = this.#reader.position;
    this.#reader.position = end;
    return (
      end - start === length && this.#reader.bytes.subarray(start, end).some((byte) => byte > 0)
    );
  }

  #begin(): void {
    this.#isClean = true;
    this.#attributeCount = 0;
    this.#message++;
  }

  #checkText(end: number): void {
    const reader = this.#reader;
    const textEnd = reader.readEnd(end);
    const length = textEnd - reader.position;
    if (length > this.#context.limits.maxNameBytes) this.#isClean = false;
    else if (!isUtf8(reader.bytes, reader.position, textEnd)) this.#isClean = false;
    reader.position = textEnd;
  }

  #checkAttribute(end: number): void {
    const { attributes, limits } = this.#context;
    const reader = this.#reader;
    if (++this.#attributeCount > limits.maxAttributes) this.#isClean = false;
    if (!attributes.check(reader.position, end)) this.#isClean = false;
    if (!this.#isClean) return;
    const key = this.#keys.intern(reader.bytes, attributes.keyStart, attributes.keyEnd);
    if (this.#messageOfKey[key] === this.#message) this.#isClean = false;
    this.#messageOfKey[key] = this.#message;
  }

  /** Writes a message that may not be kept as it is. It has been checked: everything in it is well-formed. */
  #rewrite(message: {
    readonly shape: DetailShape;
    readonly index: number;
    readonly start: number;
    readonly end: number;
  }): void {
    const { shape, index, start, end } = message;
    const reader = this.#reader;
    const writer = new WireWriter();
    const place = `${shape.list}[${index}]`;
    const attributes = new LimitedAttributes(this.#context, this.#log, place);
    reader.position = start;
    while (reader.position < end) {
      const fieldStart = reader.position;
      const tag = reader.readTag(end);
      if (tag === shape.attributes) attributes.read(reader.readEnd(end));
      else if (tag === shape.text.tag) {
        const textEnd = reader.readEnd(end);
        const range = { start: reader.position, end: textEnd };
        const clean = cleanText(reader.bytes, range, this.#context.limits.maxNameBytes);
        logChanges(this.#log, clean, `${place} ${shape.text.name}`);
        writer.writeVarint(tag);
        writer.writeBytes(clean.bytes);
        reader.position = textEnd;
      } else if (tag === shape.droppedAttributesCount) {
        reader.readVarint(end);
        attributes.droppedCount += reader.low >>> 0;
      } else {
        reader.skip(tag, end);
        writer.writeRaw(reader.bytes.subarray(fieldStart, reader.position));
      }
    }
    writeAttributes(writer, shape.attributes, attributes.list);
    writeCount(
      writer,
      shape.droppedAttributesCount,
      Math.min(attributes.droppedCount, 2 ** 32 - 1),
    );
    (shape === EVENT ? this.events : this.links).pushString(writer.bytes, 0, writer.length);
  }
}

/** The attributes of one event or link, as far as the limits allow. */
class LimitedAttributes {
  readonly #context: DecodeContext;
  readonly #log: ChangeLog;
  readonly #place: string;
  readonly #valueByKey = new Map<string, AttributeValue>();
  droppedCount = 0;

  constructor(context: DecodeContext, log: ChangeLog, place: string) {
    this.#context = context;
    this.#log = log;
    this.#place = place;
  }

  get list(): Attribute[] {
    return Array.from(this.#valueByKey, ([key, value]) => ({ key, value }));
  }

  read(end: number): void {
    const { attributes, limits, reader } = this.#context;
    const start = reader.position;
    reader.position = end;
    if (this.#valueByKey.size >= limits.maxAttributes) {
      this.droppedCount++;
      return;
    }
    const isClean = attributes.check(start, end);
    const key = this.#readKey();
    const value = key === undefined ? undefined : attributes.readLimitedValue();
    if (key === undefined || value === undefined) {
      this.droppedCount++;
      return;
    }
    if (!isClean) {
      if (value.isTruncated) this.#log.addTruncated(`${this.#place}.${key}`);
      if (value.isSanitized) this.#log.addSanitized(`invalid UTF-8 in ${this.#place}.${key}`);
    }
    // Of a key that came twice the last wins.
    this.#valueByKey.set(key, value.value);
  }

  #readKey(): string | undefined {
    const { attributes, limits, reader } = this.#context;
    const { keyStart, keyEnd } = attributes;
    if (keyEnd - keyStart > limits.maxNameBytes) return undefined;
    const key = decoder.decode(reader.bytes.subarray(keyStart, keyEnd));
    if (!isUtf8(reader.bytes, keyStart, keyEnd)) {
      this.#log.addSanitized(`invalid UTF-8 in the key ${this.#place}.${key}`);
    }
    return key;
  }
}

function logChanges(log: ChangeLog, clean: CleanText, what: string): void {
  if (clean.isTruncated) log.addTruncated(what);
  if (clean.isSanitized) log.addSanitized(`invalid UTF-8 in ${what}`);
}
