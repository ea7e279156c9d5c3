/**
 * The innermost loop of receiving: one span, from its bytes into the columns of the block. Attributes are pushed as they
 * come; everything else is remembered as a place or a number until the message has ended, because protobuf promises no
 * order and a column takes exactly one value a span. A span with ids that are none is rolled back and counted.
 */
import { SPAN_KINDS, SPAN_STATUSES, formatHex, samplingWeight } from '@clew/model';
import type { DictionaryColumn } from '@clew/model';
import type { WireReader } from '../wire/reader.ts';
import { AttributeRow, MAX_COUNT } from './decode-attribute-row.ts';
import type { AttributeDecoder } from './decode-attributes.ts';
import { DetailDecoder } from './decode-details.ts';
import type { DecodeContext } from './decode-resource.ts';
import { checkSpanCount } from './limits.ts';
import { STATUS_MESSAGE, addName } from './names.ts';
import { quote } from './rejections.ts';
import type { RejectionLog } from './rejections.ts';
import { EMPTY_SPAN_NAME, NO_END_TIME } from './service-name.ts';

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
  readonly #attributes: AttributeDecoder;
  readonly #row: AttributeRow;
  readonly #details: DetailDecoder;
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

  constructor(context: DecodeContext, group: SpanGroup, rejections: RejectionLog) {
    this.#context = context;
    this.#reader = context.reader;
    this.#attributes = context.attributes;
    this.#row = new AttributeRow(context.reader, context.block.attributes, context.limits);
    this.#details = new DetailDecoder(context, this.#row.log);
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
          this.#attributes.decode(at + 2, attributeEnd, this.#row);
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
    this.#row.begin();
    this.#details.reset();
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
        this.#kind = this.#readEnum(end, SPAN_KINDS.length, 'kind');
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
        this.#attributes.decode(reader.position, attributeEnd, this.#row);
        break;
      }
      case 0x50:
        this.#row.droppedCount += this.#readCount(end);
        break;
      case 0x5a:
        this.#details.readEvent(reader.readEnd(end));
        break;
      case 0x60:
        this.#details.droppedEventsCount += this.#readCount(end);
        break;
      case 0x6a:
        this.#details.readLink(reader.readEnd(end));
        break;
      case 0x70:
        this.#details.droppedLinksCount += this.#readCount(end);
        break;
      default:
        reader.skipUnknown(tag, end, 16);
    }
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
      if (tag === 0x18) this.#status = this.#readEnum(end, SPAN_STATUSES.length, 'status');
      else if (tag === 0x12) {
        this.#messageEnd = reader.readEnd(end);
        this.#messageStart = reader.position;
        reader.position = this.#messageEnd;
      } else if (tag >>> 3 === 1) reader.skip(tag, end);
      else reader.skipUnknown(tag, end, 3);
    }
  }

  /** A number from 0 to `count` - 1; any other is one that this version does not know, and reads as 0. */
  #readEnum(end: number, count: number, what: 'kind' | 'status'): number {
    const reader = this.#reader;
    reader.readVarint(end);
    if (reader.high === 0 && reader.low >= 0 && reader.low < count) return reader.low;
    this.#logEnum(what);
    return 0;
  }

  #logEnum(what: 'kind' | 'status'): void {
    const { low, high } = this.#reader;
    const value = BigInt.asIntN(64, (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0));
    const becomes = what === 'kind' ? SPAN_KINDS[0] : SPAN_STATUSES[0];
    this.#row.log.addSanitized(`unknown ${what} ${value}: set to ${becomes}`);
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
    const { bytes, view } = this.#reader;
    block.traceIds.pushBytes(bytes, this.#traceIdStart, this.#traceIdEnd, view);
    block.spanIds.pushBytes(bytes, this.#spanIdStart, this.#spanIdEnd, view);
    if (this.#parentSpanIdEnd === this.#parentSpanIdStart) block.parentSpanIds.pushZeros(8);
    else {
      const end = this.#parentSpanIdEnd;
      block.parentSpanIds.pushBytes(bytes, this.#parentSpanIdStart, end, view);
    }
    block.startUnixNano.push(this.#startLow, this.#startHigh);
    this.#pushDuration();
    block.service.pushIndex(this.#group.serviceIndex);
    this.#pushName();
    block.kinds.pushByte(this.#kind);
    block.statuses.pushByte(this.#status);
    this.#pushStatusMessage();
    this.#pushTraceState();
    block.flags.push(this.#flags);
    block.resourceIds.push(this.#group.resourceIdLow, this.#group.resourceIdHigh);
    block.scopeIds.push(this.#group.scopeIdLow, this.#group.scopeIdHigh);
    this.#row.finish();
    block.droppedAttributesCounts.push(Math.min(this.#row.droppedCount, MAX_COUNT));
    const { events, links, droppedEventsCount, droppedLinksCount } = this.#details;
    block.events.pushColumn(events);
    block.droppedEventsCounts.push(Math.min(droppedEventsCount, MAX_COUNT));
    block.links.pushColumn(links);
    block.droppedLinksCounts.push(Math.min(droppedLinksCount, MAX_COUNT));
    block.endSpan();
  }

  #isAcceptable(): boolean {
    if (!this.#isId('trace id', this.#traceIdStart, this.#traceIdEnd, 16)) return false;
    if (!this.#isId('span id', this.#spanIdStart, this.#spanIdEnd, 8)) return false;
    const parentLength = this.#parentSpanIdEnd - this.#parentSpanIdStart;
    if (parentLength === 0 || parentLength === 8) return true;
    this.#rejectLength('parent span id', this.#parentSpanIdStart, this.#parentSpanIdEnd, 8);
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
    this.#logEnd();
  }

  #logEnd(): void {
    const endUnixNano = (BigInt(this.#endHigh >>> 0) << 32n) | BigInt(this.#endLow >>> 0);
    this.#row.log.addSanitized(
      endUnixNano === 0n
        ? NO_END_TIME
        : `end time ${endUnixNano} is before the start: duration set to 0`,
    );
  }

  #pushName(): void {
    const { name } = this.#context.block;
    const start = this.#nameStart;
    const end = this.#nameEnd;
    if (end === start) {
      name.pushText(EMPTY_SPAN_NAME);
      return;
    }
    const known = name.dictionary.find(this.#reader.bytes, start, end, this.#reader.view);
    if (known !== -1) name.pushIndex(known);
    else {
      name.pushIndex(this.#addText(name, start, end, 'span name'));
    }
  }

  #pushStatusMessage(): void {
    const { statusMessage } = this.#context.block;
    const start = this.#messageStart;
    const end = this.#messageEnd;
    const known = statusMessage.dictionary.find(this.#reader.bytes, start, end, this.#reader.view);
    if (known !== -1) statusMessage.pushIndex(known);
    else {
      const entry = this.#addText(statusMessage, start, end, STATUS_MESSAGE);
      statusMessage.pushIndex(entry);
    }
  }

  /** Adds a text to a column's dictionary, and gives its entry. */
  #addText(column: DictionaryColumn, start: number, end: number, what: string): number {
    return addName(column, this.#context, { start, end, what, log: this.#row.log });
  }

  /** A sampled trace state mostly comes in runs, so the last one's weight is remembered. */
  #pushTraceState(): void {
    const { block } = this.#context;
    const { dictionary } = block.traceState;
    const start = this.#traceStateStart;
    const end = this.#traceStateEnd;
    let entry = dictionary.find(this.#reader.bytes, start, end, this.#reader.view);
    if (entry === -1) {
      entry = this.#addText(block.traceState, start, end, 'trace state');
    }
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
