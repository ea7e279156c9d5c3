import { SpanStatusCode, diag, isSpanContextValid } from '@opentelemetry/api';
import { SPAN_KINDS, SPAN_STATUSES, durationNano, unixNano } from '@clew/model';
import type { Span as ModelSpan, Resource, Scope, SpanId, TraceId } from '@clew/model';
import type {
  Attributes,
  Exception,
  Link,
  SpanContext,
  SpanKind,
  SpanStatus,
  TimeInput,
} from '@opentelemetry/api';
import type { Span } from '../finishable-span.ts';
import { AttributeBag } from './attribute-bag.ts';
import { describeException } from './exception.ts';
import type { SpanClock } from './span-clock.ts';
import type { SpanLimits } from './span-limits.ts';
import { parseTimeInput } from './time-input.ts';

/** What all spans of one tracer share. */
export interface RecordingSpanParts {
  readonly scope: Scope;
  readonly clock: SpanClock;
  readonly limits: SpanLimits;
  readonly onEnd: (span: RecordingSpan) => void;
}

/** What one span begins with. */
export interface RecordingSpanStart {
  readonly name: string;
  readonly kind: SpanKind;
  readonly context: SpanContext;
  readonly parent: SpanContext | undefined;
  /** From the monotonic clock to the calendar, in nanoseconds: the parent's where the parent is in this process. */
  readonly offsetNano: bigint;
  readonly startTime: TimeInput | undefined;
}

/** A span that is sampled: it takes everything that OpenTelemetry's API offers until it ends, and nothing after. */
export class RecordingSpan implements Span {
  readonly offsetNano: bigint;
  readonly #parts: RecordingSpanParts;
  readonly #context: SpanContext;
  readonly #parent: SpanContext | undefined;
  readonly #kind: SpanKind;
  readonly #startNano: bigint;
  readonly #attributes: AttributeBag;
  readonly #events: RecordedEvent[] = [];
  readonly #links: RecordedLink[] = [];
  #name: string;
  #droppedEventsCount = 0;
  #droppedLinksCount = 0;
  #status: SpanStatus = { code: SpanStatusCode.UNSET };
  #endNano: bigint | undefined;

  constructor(parts: RecordingSpanParts, start: RecordingSpanStart) {
    this.#parts = parts;
    this.#name = toText(start.name);
    this.#kind = start.kind;
    this.#context = start.context;
    this.#parent = start.parent;
    this.offsetNano = start.offsetNano;
    this.#startNano = this.#readTime(start.startTime);
    this.#attributes = new AttributeBag(parts.limits);
  }

  spanContext(): SpanContext {
    return this.#context;
  }

  isRecording(): boolean {
    return this.#endNano === undefined;
  }

  setAttribute(key: string, value: unknown): this {
    if (this.#canChange()) this.#attributes.set(key, value);
    return this;
  }

  setAttributes(attributes: Attributes): this {
    if (this.#canChange()) this.#attributes.setAll(attributes);
    return this;
  }

  addEvent(name: string, attributesOrTime?: Attributes | TimeInput, time?: TimeInput): this {
    if (!this.#canChange()) return this;
    if (this.#events.length >= this.#parts.limits.eventCount) {
      this.#droppedEventsCount++;
      return this;
    }
    const hasAttributes = !isTimeInput(attributesOrTime);
    this.#events.push({
      name: toText(name),
      timeNano: this.#readTime(hasAttributes ? time : attributesOrTime),
      attributes: new AttributeBag(
        this.#parts.limits,
        hasAttributes ? attributesOrTime : undefined,
      ),
    });
    return this;
  }

  addLink(link: Link): this {
    if (!this.#canChange() || !isSpanContextValid(link.context)) return this;
    if (this.#links.length >= this.#parts.limits.linkCount) {
      this.#droppedLinksCount++;
      return this;
    }
    this.#links.push({
      context: link.context,
      attributes: new AttributeBag(this.#parts.limits, link.attributes),
    });
    return this;
  }

  addLinks(links: Link[]): this {
    for (const link of links) this.addLink(link);
    return this;
  }

  /** `OK` is final, and `UNSET` never takes a status back. */
  setStatus(status: SpanStatus): this {
    if (!this.#canChange() || this.#status.code === SpanStatusCode.OK) return this;
    if (status.code === SpanStatusCode.OK) this.#status = { code: SpanStatusCode.OK };
    if (status.code === SpanStatusCode.ERROR) {
      this.#status = { code: SpanStatusCode.ERROR, message: toText(status.message) };
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
    const endNano = this.#readTime(endTime);
    this.#endNano = endNano > this.#startNano ? endNano : this.#startNano;
    this.#parts.onEnd(this);
  }

  finish(endTime?: TimeInput): void {
    this.end(endTime);
  }

  /** What was recorded, in the form in which it is exported. */
  toModel(resource: Resource): ModelSpan {
    return {
      traceId: this.#context.traceId as TraceId,
      spanId: this.#context.spanId as SpanId,
      parentSpanId: this.#parent?.spanId as SpanId | undefined,
      traceState: this.#context.traceState?.serialize() ?? '',
      flags: this.#context.traceFlags | remoteFlags(this.#parent),
      name: this.#name,
      // OpenTelemetry's API counts the kinds from "internal", OTLP from "unspecified".
      kind: SPAN_KINDS[this.#kind + 1] ?? 'internal',
      startUnixNano: unixNano(this.#startNano),
      durationNano: durationNano((this.#endNano ?? this.#startNano) - this.#startNano),
      status: SPAN_STATUSES[this.#status.code] ?? 'unset',
      statusMessage: this.#status.message ?? '',
      attributes: this.#attributes.toModel(),
      droppedAttributesCount: this.#attributes.droppedCount,
      events: this.#events.map(eventToModel),
      droppedEventsCount: this.#droppedEventsCount,
      links: this.#links.map(linkToModel),
      droppedLinksCount: this.#droppedLinksCount,
      resource,
      scope: this.#parts.scope,
    };
  }

  #canChange(): boolean {
    if (this.#endNano === undefined) return true;
    diag.debug(`clew: span "${this.#name}" has ended and cannot change`);
    return false;
  }

  #readTime(input: TimeInput | undefined): bigint {
    const given = input === undefined ? undefined : parseTimeInput(input);
    return given ?? this.#parts.clock.nowUnixNano(this.offsetNano);
  }
}

/** Programs without types pass anything; one odd name must not spoil the batch it travels in. */
function toText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

interface RecordedEvent {
  readonly name: string;
  readonly timeNano: bigint;
  readonly attributes: AttributeBag;
}

interface RecordedLink {
  readonly context: SpanContext;
  readonly attributes: AttributeBag;
}

/** OTLP's span flags 8 and 9: "it is known whether the parent is remote" and "it is". */
const HAS_IS_REMOTE = 0x100;
const IS_REMOTE = 0x200;

function remoteFlags(context: SpanContext | undefined): number {
  return context?.isRemote === true ? HAS_IS_REMOTE | IS_REMOTE : HAS_IS_REMOTE;
}

function eventToModel(event: RecordedEvent): ModelSpan['events'][number] {
  return {
    timeUnixNano: unixNano(event.timeNano),
    name: event.name,
    attributes: event.attributes.toModel(),
    droppedAttributesCount: event.attributes.droppedCount,
  };
}

function linkToModel({ context, attributes }: RecordedLink): ModelSpan['links'][number] {
  return {
    traceId: context.traceId as TraceId,
    spanId: context.spanId as SpanId,
    traceState: context.traceState?.serialize() ?? '',
    flags: context.traceFlags | remoteFlags(context),
    attributes: attributes.toModel(),
    droppedAttributesCount: attributes.droppedCount,
  };
}

function isTimeInput(value: Attributes | TimeInput | undefined): value is TimeInput {
  return typeof value === 'number' || value instanceof Date || Array.isArray(value);
}
