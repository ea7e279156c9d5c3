/**
 * The innermost loop of receiving: one span, from its bytes into the columns of the block. Attributes are pushed as they
 * come; everything else is remembered as a place or a number until the message has ended, because protobuf promises no
 * order and a column takes exactly one value a span. A span with ids that are none is rolled back and counted.
 */
import { ByteColumn, SPAN_KINDS, SPAN_STATUSES, formatHex, samplingWeight } from '@clew/model';
import type { WireReader } from '../wire/reader.ts';
import type { DecodeContext } from './decode-resource.ts';
import { checkSpanCount } from './limits.ts';
import { quote } from './rejections.ts';
import type { RejectionLog } from './rejections.ts';
import { EMPTY_SPAN_NAME } from './service-name.ts';

/** The attribute of a span that was not kept as it was sent; its value says what was changed. */
const SANITIZED = 'clew.sanitized';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** What a span has from the messages around it: ids as halves, the service as its entry in `block.service`. */
export interface SpanGroup {
  resourceIdLow: number;
  resourceIdHigh: number;
  serviceIndex: number;
  scopeIdLow: number;
  scopeIdHigh: number;
}

export class SpanDecoder {
  readonly #context: DecodeContext;
  readonly #reader: WireReader;
  readonly #rejections: RejectionLog;
  readonly #group: SpanGroup;
  /** Of the span being read: its events and links, each with its length in front. */
  readonly #events = new ByteColumn();
  readonly #links = new ByteColumn();
  #spanCount = 0;
  #weightedTraceState = 0;
  #weight = 1;

  // What has been seen of the span: places of texts and ids, halves of times, numbers.
  #traceIdStart = 0;
  #traceIdEnd = 0;
  #spanIdStart = 0;
  #spanIdEnd = 0;
  #parentSpanIdStart = 0;
  #parentSpanIdEnd = 0;
  #traceStateStart = 0;
  #traceStateEnd = 0;
  #nameStart = 0;
  #nameEnd = 0;
  #messageStart = 0;
  #messageEnd = 0;
  #startLow = 0;
  #startHigh = 0;
  #endLow = 0;
  #endHigh = 0;
  #kind = 0;
  #status = 0;
  #flags = 0;
  #attributeCount = 0;
  #droppedAttributesCount = 0;
  #droppedEventsCount = 0;
  #droppedLinksCount = 0;

  constructor(context: DecodeContext, group: SpanGroup, rejections: RejectionLog) {
    this.#context = context;
    this.#reader = context.reader;
    this.#group = group;
    this.#rejections = rejections;
  }

  decode(end: number): void {
    const reader = this.#reader;
    checkSpanCount(++this.#spanCount, this.#context.limits);
    this.#reset();
    const { bytes } = reader;
    let at = reader.position;
    while (at < end) {
      // Most fields are attributes of less than 128 bytes: a byte of tag, a byte of length, and on without the reader.
      if (bytes[at] === 0x4a && at + 1 < end) {
        const length = bytes[at + 1] ?? 0;
        const attributeEnd = at + 2 + length;
        if (length < 128 && attributeEnd <= end) {
          this.#readAttribute(at + 2, attributeEnd);
          at = attributeEnd;
          continue;
        }
      }
      reader.position = at;
      this.#readField(reader.readTag(end), end);
      at = reader.position;
    }
    this.#finish();
  }

  #reset(): void {
    this.#traceIdStart = this.#traceIdEnd = 0;
    this.#spanIdStart = this.#spanIdEnd = 0;
    this.#parentSpanIdStart = this.#parentSpanIdEnd = 0;
    this.#traceStateStart = this.#traceStateEnd = 0;
    this.#nameStart = this.#nameEnd = 0;
    this.#messageStart = this.#messageEnd = 0;
    this.#startLow = this.#startHigh = 0;
    this.#endLow = this.#endHigh = 0;
    this.#kind = this.#status = this.#flags = 0;
    this.#attributeCount = this.#droppedAttributesCount = 0;
    this.#droppedEventsCount = this.#droppedLinksCount = 0;
    this.#events.truncate(0);
    this.#links.truncate(0);
  }

  /**
   * Span
   *    1  trace_id                  bytes     length-delimited
   *    2  span_id                   bytes     length-delimited
   *    3  trace_state               string    length-delimited
   *    4  parent_span_id            bytes     length-delimited
   *    5  name                      string    length-delimited
   *    6  kind                      SpanKind  varint
   *    7  start_time_unix_nano      fixed64   fixed64
   *    8  end_time_unix_nano        fixed64   fixed64
   *    9  attributes                KeyValue  length-delimited, repeated
   *   10  dropped_attributes_count  uint32    varint
   *   11  events                    Event     length-delimited, repeated
   *   12  dropped_events_count      uint32    varint
   *   13  links                     Link      length-delimited, repeated
   *   14  dropped_links_count       uint32    varint
   *   15  status                    Status    length-delimited
   *   16  flags                     fixed32   fixed32
   */
  #readField(tag: number, end: number): void {
    const reader = this.#reader;
    switch (tag) {
      case 0x0a:
        this.#traceIdEnd = reader.readEnd(end);
        this.#traceIdStart = reader.position;
        reader.position = this.#traceIdEnd;
        break;
      case 0x12:
        this.#spanIdEnd = reader.readEnd(end);
        this.#spanIdStart = reader.position;
        reader.position = this.#spanIdEnd;
        break;
      case 0x1a:
        this.#traceStateEnd = reader.readEnd(end);
        this.#traceStateStart = reader.position;
        reader.position = this.#traceStateEnd;
        break;
      case 0x22:
        this.#parentSpanIdEnd = reader.readEnd(end);
        this.#parentSpanIdStart = reader.position;
        reader.position = this.#parentSpanIdEnd;
        break;
      case 0x2a:
        this.#nameEnd = reader.readEnd(end);
        this.#nameStart = reader.position;
        reader.position = this.#nameEnd;
        break;
      case 0x30:
        this.#kind = this.#readEnum(end, SPAN_KINDS.length);
        break;
      case 0x39:
        reader.readFixed64(end);
        this.#startLow = reader.low;
        this.#startHigh = reader.high;
        break;
      case 0x41:
        reader.readFixed64(end);
        this.#endLow = reader.low;
        this.#endHigh = reader.high;
        break;
      case 0x7a:
        this.#readStatus(reader.readEnd(end));
        break;
      case 0x85:
        this.#flags = reader.readFixed32(end);
        break;
      default:
        this.#readRareField(tag, end);
    }
  }

  #readRareField(tag: number, end: number): void {
    const reader = this.#reader;
    switch (tag) {
      case 0x4a: {
        const attributeEnd = reader.readEnd(end);
        this.#readAttribute(reader.position, attributeEnd);
        break;
      }
      case 0x50:
        this.#droppedAttributesCount += this.#readCount(end);
        break;
      case 0x5a:
        this.#readEvent(reader.readEnd(end));
        break;
      case 0x60:
        this.#droppedEventsCount = this.#readCount(end);
        break;
      case 0x6a:
        this.#readLink(reader.readEnd(end));
        break;
      case 0x70:
        this.#droppedLinksCount = this.#readCount(end);
        break;
      default:
        reader.skipUnknown(tag, end, 16);
    }
  }

  #readAttribute(start: number, end: number): void {
    const { attributes, block, limits } = this.#context;
    if (this.#attributeCount >= limits.maxAttributes) attributes.skip(start, end);
    else if (attributes.decode(start, end, block.attributes)) {
      this.#attributeCount++;
      return;
    }
    this.#droppedAttributesCount++;
  }

  /**
   * Checks an event and keeps its bytes.
   *
   * Event
   *   1  time_unix_nano            fixed64   fixed64
   *   2  name                      string    length-delimited
   *   3  attributes                KeyValue  length-delimited, repeated
   *   4  dropped_attributes_count  uint32    varint
   */
  #readEvent(end: number): void {
    const reader = this.#reader;
    const start = reader.position;
    while (reader.position < end) {
      const tag = reader.readTag(end);
      if (tag === 0x1a) this.#skipAttribute(reader.readEnd(end));
      else if (tag === 0x09) reader.readFixed64(end);
      else if (tag === 0x12) reader.position = reader.readEnd(end);
      else if (tag === 0x20) reader.readVarint(end);
      else reader.skipUnknown(tag, end, 4);
    }
    this.#events.pushString(reader.bytes, start, end);
  }

  /**
   * Checks a link and keeps its bytes.
   *
   * Link
   *   1  trace_id                  bytes     length-delimited
   *   2  span_id                   bytes     length-delimited
   *   3  trace_state               string    length-delimited
   *   4  attributes                KeyValue  length-delimited, repeated
   *   5  dropped_attributes_count  uint32    varint
   *   6  flags                     fixed32   fixed32
   */
  #readLink(end: number): void {
    const reader = this.#reader;
    const start = reader.position;
    while (reader.position < end) {
      const tag = reader.readTag(end);
      if (tag === 0x22) this.#skipAttribute(reader.readEnd(end));
      else if (tag === 0x0a || tag === 0x12 || tag === 0x1a) reader.position = reader.readEnd(end);
      else if (tag === 0x28) reader.readVarint(end);
      else if (tag === 0x35) reader.readFixed32(end);
      else reader.skipUnknown(tag, end, 6);
    }
    this.#links.pushString(reader.bytes, start, end);
  }

  #skipAttribute(end: number): void {
    this.#context.attributes.skip(this.#reader.position, end);
  }

  /**
   * Status
   *   2  message  string      length-delimited
   *   3  code     StatusCode  varint
   */
  #readStatus(end: number): void {
    const reader = this.#reader;
    while (reader.position < end) {
      const tag = reader.readTag(end);
      if (tag === 0x18) this.#status = this.#readEnum(end, SPAN_STATUSES.length);
      else if (tag === 0x12) {
        this.#messageEnd = reader.readEnd(end);
        this.#messageStart = reader.position;
        reader.position = this.#messageEnd;
      } else if (tag >>> 3 === 1) reader.skip(tag, end);
      else reader.skipUnknown(tag, end, 3);
    }
  }

  /** A number from 0 to `count` - 1; any other is one that this version does not know, and reads as 0. */
  #readEnum(end: number, count: number): number {
    const reader = this.#reader;
    reader.readVarint(end);
    return reader.high === 0 && reader.low >= 0 && reader.low < count ? reader.low : 0;
  }

  #readCount(end: number): number {
    this.#reader.readVarint(end);
    return this.#reader.low >>> 0;
  }

  #finish(): void {
    const { block } = this.#context;
    if (!this.#isAcceptable()) {
      block.rollbackSpan();
      return;
    }
    const { bytes } = this.#reader;
    block.traceIds.pushBytes(bytes, this.#traceIdStart, this.#traceIdEnd);
    block.spanIds.pushBytes(bytes, this.#spanIdStart, this.#spanIdEnd);
    if (this.#parentSpanIdEnd === this.#parentSpanIdStart) block.parentSpanIds.pushZeros(8);
    else block.parentSpanIds.pushBytes(bytes, this.#parentSpanIdStart, this.#parentSpanIdEnd);
    block.startUnixNano.push(this.#startLow, this.#startHigh);
    this.#pushDuration();
    block.service.pushIndex(this.#group.serviceIndex);
    if (this.#nameEnd > this.#nameStart) block.name.push(bytes, this.#nameStart, this.#nameEnd);
    else block.name.pushText(EMPTY_SPAN_NAME);
    block.kinds.pushByte(this.#kind);
    block.statuses.pushByte(this.#status);
    block.statusMessage.push(bytes, this.#messageStart, this.#messageEnd);
    this.#pushTraceState();
    block.flags.push(this.#flags);
    block.resourceIds.push(this.#group.resourceIdLow, this.#group.resourceIdHigh);
    block.scopeIds.push(this.#group.scopeIdLow, this.#group.scopeIdHigh);
    block.droppedAttributesCounts.push(this.#droppedAttributesCount);
    block.events.pushColumn(this.#events);
    block.droppedEventsCounts.push(this.#droppedEventsCount);
    block.links.pushColumn(this.#links);
    block.droppedLinksCounts.push(this.#droppedLinksCount);
    block.endSpan();
  }

  #isAcceptable(): boolean {
    if (!this.#isId('trace id', this.#traceIdStart, this.#traceIdEnd, 16)) return false;
    if (!this.#isId('span id', this.#spanIdStart, this.#spanIdEnd, 8)) return false;
    const parentLength = this.#parentSpanIdEnd - this.#parentSpanIdStart;
    if (parentLength !== 0 && parentLength !== 8) {
      this.#rejectLength('parent span id', this.#parentSpanIdStart, this.#parentSpanIdEnd, 8);
      return false;
    }
    const { maxNameBytes } = this.#context.limits;
    if (this.#nameEnd - this.#nameStart <= maxNameBytes) return true;
    this.#rejections.add(
      () => `span name is longer than ${maxNameBytes} bytes: ${quote(this.#readName())}`,
    );
    return false;
  }

  #isId(what: string, start: number, end: number, length: number): boolean {
    if (end - start !== length) {
      this.#rejectLength(what, start, end, length);
      return false;
    }
    const { view } = this.#reader;
    let bits = 0;
    for (let at = start; at < end; at += 4) bits |= view.getInt32(at, true);
    if (bits === 0) this.#rejections.add(() => `${what} is zero: span ${quote(this.#readName())}`);
    return bits !== 0;
  }

  #rejectLength(what: string, start: number, end: number, length: number): void {
    const { bytes } = this.#reader;
    this.#rejections.add(() => {
      // Twice the 100 characters that a reason shows is enough of an id of a megabyte.
      const digits = formatHex(bytes, start, Math.min(end, start + 100));
      return `${what} has ${end - start} bytes instead of ${length}: ${quote(digits)}`;
    });
  }

  #readName(): string {
    const end = Math.min(this.#nameEnd, this.#nameStart + 400);
    return decoder.decode(this.#reader.bytes.subarray(this.#nameStart, end));
  }

  /** An end before the start, or none at all, leaves a duration of 0 and a note with the end that was sent. */
  #pushDuration(): void {
    const { block } = this.#context;
    const low = (this.#endLow - this.#startLow) | 0;
    const borrow = this.#endLow >>> 0 < this.#startLow >>> 0 ? 1 : 0;
    const startHigh = (this.#startHigh >>> 0) + borrow;
    const high = (this.#endHigh >>> 0) - startHigh;
    if (high >= 0 && (this.#endLow | this.#endHigh) !== 0) {
      block.durationNano.push(low, high);
      return;
    }
    block.durationNano.push(0, 0);
    this.#noteSanitized();
  }

  #noteSanitized(): void {
    const { string } = this.#context.block.attributes;
    const endUnixNano = (BigInt(this.#endHigh >>> 0) << 32n) | BigInt(this.#endLow >>> 0);
    const note = encoder.encode(
      endUnixNano === 0n
        ? 'no end time: duration set to 0'
        : `end time ${endUnixNano} is before the start: duration set to 0`,
    );
    string.keys.pushText(SANITIZED);
    string.values.pushString(note, 0, note.length);
  }

  /** A sampled trace state mostly comes in runs, so the last one's weight is remembered. */
  #pushTraceState(): void {
    const { block } = this.#context;
    const { dictionary } = block.traceState;
    const start = this.#traceStateStart;
    const entry = dictionary.intern(this.#reader.bytes, start, this.#traceStateEnd);
    block.traceState.pushIndex(entry);
    if (entry === 0) {
      block.weights.push(1);
      return;
    }
    if (entry !== this.#weightedTraceState) {
      this.#weightedTraceState = entry;
      this.#weight = samplingWeight(dictionary.text(entry));
    }
    block.weights.push(this.#weight);
  }
}
