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
import { givenText } from '../given-text.ts';
import { AttributeList } from './attribute-list.ts';
import type { SpanAttributeRules } from './attribute-rules.ts';
import { describeException } from './exception.ts';
import { toSpanContext } from './local-span.ts';
import type { LocalSpan } from './local-span.ts';
import { readLink } from './read-link.ts';
import type { RecordedEvent, RecordedLink } from './recorded-parts.ts';
import type { ClockAnchor, SpanClock } from './span-clock.ts';
import type { SpanLimits } from './span-limits.ts';
import type { SpanStart } from './span-start.ts';
import { isTimeInput, parseTimeInput } from './time-input.ts';
import type { TraceBits } from './trace-bits.ts';

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
 * is written as OTLP's bytes (`writeSpan`). This is the hot path of the library, so it holds times and ids as small numbers, and
 * has no lists until something is put into them.
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
  readonly hasRemoteParent: boolean;
  readonly kind: SpanKind;
  name: string;
  startSeconds: number;
  startNanoseconds: number;
  endSeconds = 0;
  endNanoseconds = 0;
  #isEnded = false;
  attributeList: AttributeList | undefined = undefined;
  firstEvent: RecordedEvent | undefined = undefined;
  #lastEvent: RecordedEvent | undefined = undefined;
  #eventCount = 0;
  linkList: RecordedLink[] | undefined = undefined;
  droppedEventsCount = 0;
  droppedLinksCount = 0;
  statusCode: SpanStatusCode = SpanStatusCode.UNSET;
  statusMessage = '';
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
    this.hasRemoteParent = start.parent === 'remote';
    this.kind = start.kind;
    this.name = givenText(start.name);
    const { clock } = parts;
    if (start.anchor === undefined) {
      this.anchor = clock.readInRoot();
    } else {
      this.anchor = start.anchor;
      clock.read(start.anchor);
    }
    this.startSeconds = clock.seconds;
    this.startNanoseconds = clock.nanoseconds;
    if (start.attributes) this.setAttributes(start.attributes);
  }

  /** Puts the start elsewhere than at the moment of creation; a time that is none changes nothing. */
  startAt(time: TimeInput): void {
    const given = parseTimeInput(time);
    if (given === undefined) return;
    this.startSeconds = given.seconds;
    this.startNanoseconds = given.nanoseconds;
  }

  /** Whether it has no parent in this process. */
  get isLocalRoot(): boolean {
    return this.hasRemoteParent || !hasParent(this);
  }

  /** Milliseconds since 1970. */
  get startMs(): number {
    return this.startSeconds * 1000 + this.startNanoseconds / 1e6;
  }

  /** Milliseconds from start to end. */
  get durationMs(): number {
    const seconds = this.endSeconds - this.startSeconds;
    return seconds * 1000 + (this.endNanoseconds - this.startNanoseconds) / 1e6;
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
      this.droppedEventsCount++;
      return this;
    }
    const hasAttributes = !isTimeInput(attributesOrTime);
    const attributes = new AttributeList(rules.event);
    if (hasAttributes && attributesOrTime) attributes.setAll(attributesOrTime);
    this.#readTime(hasAttributes ? time : attributesOrTime);
    const { seconds, nanoseconds } = this.parts.clock;
    this.#append({ name: givenText(name), seconds, nanoseconds, attributes, next: undefined });
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
    const links = (this.linkList ??= []);
    if (links.length >= limits.linkCount) {
      this.droppedLinksCount++;
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
    if (!this.#canChange() || this.statusCode === SpanStatusCode.OK) return this;
    try {
      const { code, message } = status;
      if (code !== SpanStatusCode.OK && code !== SpanStatusCode.ERROR) return this;
      this.statusMessage = code === SpanStatusCode.OK ? '' : givenText(message);
      this.statusCode = code;
    } catch {
      // No status, or one that defends itself.
    }
    return this;
  }

  updateName(name: string): this {
    if (this.#canChange()) this.name = givenText(name);
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
      clock.seconds > this.startSeconds ||
      (clock.seconds === this.startSeconds && clock.nanoseconds > this.startNanoseconds);
    this.endSeconds = isAfterStart ? clock.seconds : this.startSeconds;
    this.endNanoseconds = isAfterStart ? clock.nanoseconds : this.startNanoseconds;
    this.#isEnded = true;
    this.parts.onEnd(this);
  }

  finish(endTime?: TimeInput): void {
    this.end(endTime);
  }

  [Symbol.dispose](): void {
    if (!this.#isEnded) this.end();
  }

  /** A chain, because a list that grows takes more memory than the events of most spans. */
  #append(event: RecordedEvent): void {
    if (this.#lastEvent === undefined) this.firstEvent = event;
    else this.#lastEvent.next = event;
    this.#lastEvent = event;
    this.#eventCount++;
  }

  #ownAttributes(): AttributeList {
    this.attributeList ??= new AttributeList(this.parts.rules.span);
    return this.attributeList;
  }

  #canChange(): boolean {
    if (!this.#isEnded) return true;
    this.parts.complaints.tell(`a span has ended and cannot change: "${shorten(this.name)}"`);
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

export function hasParent({ parentWord0, parentWord1 }: RecordingSpan): boolean {
  return parentWord0 !== 0 || parentWord1 !== 0;
}
