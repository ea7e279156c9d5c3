import { SpanStatusCode } from '@opentelemetry/api';
import { shorten } from '@clew/model';
import type {
  Attributes,
  Exception,
  Link,
  SpanContext,
  SpanKind,
  SpanStatus,
  TimeInput,
  TraceState,
} from '@opentelemetry/api';
import type { Complaints } from '../complaints.ts';
import type { Span } from '../finishable-span.ts';
import { AttributeList } from './attribute-list.ts';
import type { SpanAttributeRules } from './attribute-rules.ts';
import { describeException } from './exception.ts';
import { toSpanContext } from './local-span.ts';
import type { LocalSpan } from './local-span.ts';
import { readLink } from './read-link.ts';
import {
  maxBytesOfEvent,
  maxBytesOfLink,
  remoteFlags,
  writeEvent,
  writeLink,
} from './recorded-parts.ts';
import type { RecordedEvent, RecordedLink } from './recorded-parts.ts';
import type { ClockAnchor, SpanClock } from './span-clock.ts';
import type { SpanLimits } from './span-limits.ts';
import type { SpanStart } from './span-start.ts';
import { isTimeInput, parseTimeInput } from './time-input.ts';
import type { TraceBits } from './trace-bits.ts';
import type { WireWriter } from './wire-writer.ts';

/** What all spans of one tracer share. */
export interface RecordingSpanParts {
  /** The tracer's, as the buffer of spans counts them. */
  readonly scopeIndex: number;
  readonly clock: SpanClock;
  readonly limits: SpanLimits;
  readonly rules: SpanAttributeRules;
  readonly complaints: Complaints;
  readonly onEnd: (span: RecordingSpan) => void;
}

/**
 * A span that is sampled: it takes everything that OpenTelemetry's API offers until it ends, and nothing after. When it ends it
 * is written as OTLP's bytes. This is the hot path of the library, so it holds times and ids as small numbers, and has no lists
 * until something is put into them.
 */
export class RecordingSpan implements Span, LocalSpan {
  readonly parts: RecordingSpanParts;
  readonly trace: TraceBits;
  readonly spanWord0: number;
  readonly spanWord1: number;
  readonly parentWord0: number;
  readonly parentWord1: number;
  readonly traceFlags: number;
  readonly traceState: TraceState | undefined;
  readonly anchor: ClockAnchor;
  readonly #hasRemoteParent: boolean;
  readonly #kind: SpanKind;
  #name: string;
  #startSeconds: number;
  #startNanoseconds: number;
  #endSeconds = 0;
  #endNanoseconds = 0;
  #isEnded = false;
  #attributes: AttributeList | undefined = undefined;
  #firstEvent: RecordedEvent | undefined = undefined;
  #lastEvent: RecordedEvent | undefined = undefined;
  #eventCount = 0;
  #links: RecordedLink[] | undefined = undefined;
  #droppedEventsCount = 0;
  #droppedLinksCount = 0;
  #statusCode: SpanStatusCode = SpanStatusCode.UNSET;
  #statusMessage = '';
  #spanContext: SpanContext | undefined = undefined;

  constructor(parts: RecordingSpanParts, start: SpanStart) {
    this.parts = parts;
    this.trace = start.trace;
    this.spanWord0 = start.spanWord0;
    this.spanWord1 = start.spanWord1;
    this.parentWord0 = start.parentWord0;
    this.parentWord1 = start.parentWord1;
    this.traceFlags = start.traceFlags;
    this.traceState = start.traceState;
    this.#hasRemoteParent = start.parent === 'remote';
    this.#kind = start.kind;
    this.#name = toText(start.name);
    const { clock } = parts;
    if (start.anchor === undefined) {
      this.anchor = clock.readInRoot();
    } else {
      this.anchor = start.anchor;
      clock.read(start.anchor);
    }
    this.#startSeconds = clock.seconds;
    this.#startNanoseconds = clock.nanoseconds;
    if (start.attributes) this.setAttributes(start.attributes);
  }

  /** Puts the start elsewhere than at the moment of creation; a time that is none changes nothing. */
  startAt(time: TimeInput): void {
    const given = parseTimeInput(time);
    if (given === undefined) return;
    this.#startSeconds = given.seconds;
    this.#startNanoseconds = given.nanoseconds;
  }

  get name(): string {
    return this.#name;
  }

  get statusCode(): SpanStatusCode {
    return this.#statusCode;
  }

  get statusMessage(): string {
    return this.#statusMessage;
  }

  /** Whether it has no parent in this process. */
  get isLocalRoot(): boolean {
    return this.#hasRemoteParent || !hasParent(this);
  }

  /** Milliseconds since 1970. */
  get startMs(): number {
    return this.#startSeconds * 1000 + this.#startNanoseconds / 1e6;
  }

  /** Milliseconds from start to end. */
  get durationMs(): number {
    const seconds = this.#endSeconds - this.#startSeconds;
    return seconds * 1000 + (this.#endNanoseconds - this.#startNanoseconds) / 1e6;
  }

  spanContext(): SpanContext {
    return (this.#spanContext ??= toSpanContext(this));
  }

  isRecording(): boolean {
    return !this.#isEnded;
  }

  setAttribute(key: string, value: unknown): this {
    if (this.#canChange()) this.#ownAttributes().set(key, value);
    return this;
  }

  setAttributes(attributes: Attributes): this {
    if (this.#canChange()) this.#ownAttributes().setAll(attributes);
    return this;
  }

  addEvent(name: string, attributesOrTime?: Attributes | TimeInput, time?: TimeInput): this {
    if (!this.#canChange()) return this;
    const { limits, rules } = this.parts;
    if (this.#eventCount >= limits.eventCount) {
      this.#droppedEventsCount++;
      return this;
    }
    const hasAttributes = !isTimeInput(attributesOrTime);
    const attributes = new AttributeList(rules.event);
    if (hasAttributes && attributesOrTime) attributes.setAll(attributesOrTime);
    this.#readTime(hasAttributes ? time : attributesOrTime);
    const { seconds, nanoseconds } = this.parts.clock;
    this.#append({ name: toText(name), seconds, nanoseconds, attributes, next: undefined });
    return this;
  }

  addLink(link: Link): this {
    if (!this.#canChange()) return this;
    const { limits, complaints } = this.parts;
    const read = readLink(link);
    if (read === undefined) {
      complaints.tell('a link that is to no span is left out');
      return this;
    }
    const links = (this.#links ??= []);
    if (links.length >= limits.linkCount) {
      this.#droppedLinksCount++;
      return this;
    }
    const attributes = new AttributeList(this.parts.rules.link);
    if (read.attributes) attributes.setAll(read.attributes);
    links.push({
      context: read.context,
      traceState: read.context.traceState?.serialize() ?? '',
      attributes,
    });
    return this;
  }

  addLinks(links: readonly Link[]): this {
    try {
      for (const link of links) this.addLink(link);
    } catch {
      // No list, or one that defends itself.
    }
    return this;
  }

  /** `OK` is final, and `UNSET` never takes a status back. */
  setStatus(status: SpanStatus): this {
    if (!this.#canChange() || this.#statusCode === SpanStatusCode.OK) return this;
    try {
      const { code, message } = status;
      if (code !== SpanStatusCode.OK && code !== SpanStatusCode.ERROR) return this;
      this.#statusMessage = code === SpanStatusCode.OK ? '' : toText(message);
      this.#statusCode = code;
    } catch {
      // No status, or one that defends itself.
    }
    return this;
  }

  updateName(name: string): this {
    if (this.#canChange()) this.#name = toText(name);
    return this;
  }

  recordException(exception: Exception, time?: TimeInput): void {
    this.addEvent('exception', describeException(exception), time);
  }

  end(endTime?: TimeInput): void {
    if (!this.#canChange()) return;
    this.#readTime(endTime);
    const { clock } = this.parts;
    const isAfterStart =
      clock.seconds > this.#startSeconds ||
      (clock.seconds === this.#startSeconds && clock.nanoseconds > this.#startNanoseconds);
    this.#endSeconds = isAfterStart ? clock.seconds : this.#startSeconds;
    this.#endNanoseconds = isAfterStart ? clock.nanoseconds : this.#startNanoseconds;
    this.#isEnded = true;
    this.parts.onEnd(this);
  }

  finish(endTime?: TimeInput): void {
    this.end(endTime);
  }

  [Symbol.dispose](): void {
    if (!this.#isEnded) this.end();
  }

  /** About how many bytes `write` takes; exact for most spans without attributes and events. */
  guessBytes(): number {
    const isBare = this.#attributes === undefined && this.#firstEvent === undefined;
    return this.#name.length + (isBare ? BARE_BYTES : MORE_BYTES);
  }

  /** How many bytes `write` takes at most. */
  maxBytes(): number {
    let sum = MAX_BARE_BYTES + 3 * (this.#name.length + this.#statusMessage.length);
    if (this.traceState !== undefined) sum += 3 * this.traceState.serialize().length;
    if (this.#attributes !== undefined) sum += this.#attributes.maxBytes;
    for (let event = this.#firstEvent; event !== undefined; event = event.next) {
      sum += maxBytesOfEvent(event);
    }
    if (this.#links !== undefined) for (const link of this.#links) sum += maxBytesOfLink(link);
    return sum;
  }

  /** Writes OTLP's `Span` (opentelemetry/proto/trace/v1/trace.proto), field by field in their order. */
  write(writer: WireWriter): void {
    this.#writeIds(writer);
    writer.byte(NAME);
    writer.text(this.#name);
    writer.byte(KIND);
    // OpenTelemetry's API counts the kinds from "internal", OTLP from "unspecified".
    writer.byte(this.#kind + 1);
    writer.byte(START_TIME);
    writer.unixNano(this.#startSeconds, this.#startNanoseconds);
    writer.byte(END_TIME);
    writer.unixNano(this.#endSeconds, this.#endNanoseconds);
    const attributes = this.#attributes;
    if (attributes !== undefined) {
      attributes.write(writer, ATTRIBUTES);
      writeCount(writer, DROPPED_ATTRIBUTES, attributes.droppedCount);
    }
    if (this.#firstEvent !== undefined) this.#writeEvents(writer);
    if (this.#links !== undefined) this.#writeLinks(writer, this.#links);
    if (this.#statusCode !== SpanStatusCode.UNSET) this.#writeStatus(writer);
    writer.byte(FLAGS);
    writer.byte(FLAGS_2);
    writer.fixed32(this.traceFlags | remoteFlags(this.#hasRemoteParent));
  }

  #writeIds(writer: WireWriter): void {
    const { trace } = this;
    writer.byte(TRACE_ID);
    writer.byte(16);
    writer.word(trace.word0);
    writer.word(trace.word1);
    writer.word(trace.word2);
    writer.word(trace.word3);
    writer.byte(SPAN_ID);
    writer.byte(8);
    writer.word(this.spanWord0);
    writer.word(this.spanWord1);
    if (this.traceState !== undefined) {
      writer.byte(TRACE_STATE);
      writer.text(this.traceState.serialize());
    }
    if (!hasParent(this)) return;
    writer.byte(PARENT_SPAN_ID);
    writer.byte(8);
    writer.word(this.parentWord0);
    writer.word(this.parentWord1);
  }

  #writeEvents(writer: WireWriter): void {
    for (let event = this.#firstEvent; event !== undefined; event = event.next) {
      writer.byte(EVENTS);
      writeEvent(writer, event);
    }
    writeCount(writer, DROPPED_EVENTS, this.#droppedEventsCount);
  }

  #writeLinks(writer: WireWriter, links: readonly RecordedLink[]): void {
    for (const link of links) {
      writer.byte(LINKS);
      writeLink(writer, link);
    }
    writeCount(writer, DROPPED_LINKS, this.#droppedLinksCount);
  }

  #writeStatus(writer: WireWriter): void {
    writer.byte(STATUS);
    const guess = this.#statusMessage.length + 4;
    const start = writer.begin(guess);
    if (this.#statusMessage !== '') {
      writer.byte(STATUS_MESSAGE);
      writer.text(this.#statusMessage);
    }
    writer.byte(STATUS_CODE);
    writer.byte(this.#statusCode);
    writer.finish(start, guess);
  }

  /** A chain, because a list that grows takes more memory than the events of most spans. */
  #append(event: RecordedEvent): void {
    if (this.#lastEvent === undefined) this.#firstEvent = event;
    else this.#lastEvent.next = event;
    this.#lastEvent = event;
    this.#eventCount++;
  }

  #ownAttributes(): AttributeList {
    this.#attributes ??= new AttributeList(this.parts.rules.span);
    return this.#attributes;
  }

  #canChange(): boolean {
    if (!this.#isEnded) return true;
    this.parts.complaints.tell(`a span has ended and cannot change: "${shorten(this.#name)}"`);
    return false;
  }

  /** Leaves the given time in the clock, or that of now. */
  #readTime(input: TimeInput | undefined): void {
    const { clock } = this.parts;
    const given = input === undefined ? undefined : parseTimeInput(input);
    if (given === undefined) {
      clock.read(this.anchor);
    } else {
      clock.seconds = given.seconds;
      clock.nanoseconds = given.nanoseconds;
    }
  }
}

// Without name, status message, `tracestate`, attributes, events and links.
const BARE_BYTES = 66;
const MORE_BYTES = 200;
const MAX_BARE_BYTES = 160;

// Tags of `Span` and `Status`: field number << 3 | wire type.
const TRACE_ID = 0x0a;
const SPAN_ID = 0x12;
const TRACE_STATE = 0x1a;
const PARENT_SPAN_ID = 0x22;
const NAME = 0x2a;
const KIND = 0x30;
const START_TIME = 0x39;
const END_TIME = 0x41;
const ATTRIBUTES = 0x4a;
const DROPPED_ATTRIBUTES = 0x50;
const EVENTS = 0x5a;
const DROPPED_EVENTS = 0x60;
const LINKS = 0x6a;
const DROPPED_LINKS = 0x70;
const STATUS = 0x7a;
const STATUS_MESSAGE = 0x12;
const STATUS_CODE = 0x18;
/** The tag of field 16 takes two bytes. */
const FLAGS = 0x85;
const FLAGS_2 = 0x01;

function hasParent({ parentWord0, parentWord1 }: RecordingSpan): boolean {
  return parentWord0 !== 0 || parentWord1 !== 0;
}

function writeCount(writer: WireWriter, tag: number, count: number): void {
  if (count === 0) return;
  writer.byte(tag);
  writer.varint(count);
}

/** Programs without types pass anything; one odd name must not spoil the batch it travels in. */
function toText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
