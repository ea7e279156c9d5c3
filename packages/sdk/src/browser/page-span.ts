import { SpanStatusCode, isSpanContextValid } from '@opentelemetry/api';
import type {
  Attributes,
  Exception,
  Link,
  SpanContext,
  SpanOptions,
  SpanStatus,
  TimeInput,
} from '@opentelemetry/api';
import type { Span } from '../finishable-span.ts';
import { describeException } from '../trace/exception.ts';
import type { SpanLimits } from '../trace/span-limits.ts';
import { AttributeSet } from './attribute-set.ts';
import { toUnixNano } from './page-time.ts';
import { givenText } from '../given-text.ts';
import { readKind } from '../trace/span-kind.ts';

/** What all spans of one tracer share. */
export interface PageSpanParts {
  readonly limits: SpanLimits;
  /** Is given the span as OTLP's JSON. */
  readonly onEnd: (json: string) => void;
}

/** Who a span is, and whose child. */
export interface PageSpanStart {
  readonly name: string;
  readonly spanContext: SpanContext;
  readonly parent: SpanContext | undefined;
  /** Of the page's clock; children have it from their parents, so that they lie inside of them. */
  readonly skewMs: number;
}

/** OTLP's span flags 8 and 9: "it is known whether the parent is remote" and "it is". */
const HAS_IS_REMOTE = 0x100;
const IS_REMOTE = 0x200;

/** A list of bounded length that counts what it has no room for. */
class Bounded<T> {
  readonly items: T[] = [];
  droppedCount: number | undefined;

  add(maxCount: number, create: () => T): void {
    if (this.items.length < maxCount) this.items.push(create());
    else this.droppedCount = (this.droppedCount ?? 0) + 1;
  }
}

/**
 * A span that is recorded in a browser: OpenTelemetry's, written as OTLP's JSON when it ends. Node's, which is made for millions of
 * spans, is three times as much code.
 */
export class PageSpan implements Span {
  readonly skewMs: number;
  readonly #parts: PageSpanParts;
  readonly #start: PageSpanStart;
  readonly #kind: number;
  readonly #startUnixNano: bigint;
  readonly #attributes: AttributeSet;
  readonly #events = new Bounded<object>();
  readonly #links = new Bounded<object>();
  #name: string;
  #status: SpanStatus = { code: SpanStatusCode.UNSET };
  #isEnded = false;

  constructor(parts: PageSpanParts, start: PageSpanStart, options: SpanOptions) {
    this.#parts = parts;
    this.#start = start;
    this.skewMs = start.skewMs;
    this.#name = givenText(start.name);
    // OpenTelemetry's API counts the kinds from "internal", OTLP from "unspecified".
    this.#kind = readKind(options.kind) + 1;
    this.#startUnixNano = toUnixNano(options.startTime, start.skewMs);
    this.#attributes = this.#createSet(parts.limits.attributeCount);
    this.#attributes.setAll(options.attributes);
    this.addLinks(options.links ?? []);
  }

  spanContext(): SpanContext {
    return this.#start.spanContext;
  }

  isRecording(): boolean {
    return !this.#isEnded;
  }

  setAttribute(key: string, value: unknown): this {
    if (!this.#isEnded) this.#attributes.set(key, value);
    return this;
  }

  setAttributes(attributes: Attributes): this {
    if (!this.#isEnded) this.#attributes.setAll(attributes);
    return this;
  }

  addEvent(name: string, attributesOrTime?: Attributes | TimeInput, time?: TimeInput): this {
    if (this.#isEnded) return this;
    const { eventCount, eventAttributeCount } = this.#parts.limits;
    const isTime = isTimeInput(attributesOrTime);
    this.#events.add(eventCount, () => {
      const attributes = this.#createSet(eventAttributeCount);
      if (!isTime) attributes.setAll(attributesOrTime);
      return {
        name: givenText(name),
        timeUnixNano: String(toUnixNano(isTime ? attributesOrTime : time, this.skewMs)),
        attributes,
        droppedAttributesCount: attributes.droppedCount,
      };
    });
    return this;
  }

  addLink(link: Link): this {
    if (this.#isEnded || !isSpanContextValid(link.context)) return this;
    const { linkCount, linkAttributeCount } = this.#parts.limits;
    const { traceId, spanId, traceFlags, traceState, isRemote } = link.context;
    this.#links.add(linkCount, () => {
      const attributes = this.#createSet(linkAttributeCount).setAll(link.attributes);
      return {
        traceId,
        spanId,
        traceState: traceState?.serialize(),
        attributes,
        droppedAttributesCount: attributes.droppedCount,
        flags: traceFlags | remoteFlags(isRemote),
      };
    });
    return this;
  }

  addLinks(links: readonly Link[]): this {
    for (const link of links) this.addLink(link);
    return this;
  }

  /** `OK` is final, and `UNSET` never takes a status back. */
  setStatus({ code, message }: SpanStatus): this {
    if (this.#isEnded || this.#status.code === SpanStatusCode.OK) return this;
    if (code === SpanStatusCode.OK) this.#status = { code };
    else if (code === SpanStatusCode.ERROR) {
      this.#status = { code, message: givenText(message) };
    }
    return this;
  }

  updateName(name: string): this {
    if (!this.#isEnded) this.#name = givenText(name);
    return this;
  }

  recordException(exception: Exception, time?: TimeInput): void {
    this.addEvent('exception', describeException(exception), time);
  }

  end(endTime?: TimeInput): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#parts.onEnd(JSON.stringify(this.#toOtlp(toUnixNano(endTime, this.skewMs))));
  }

  finish(endTime?: TimeInput): void {
    this.end(endTime);
  }

  [Symbol.dispose](): void {
    this.end();
  }

  /** OTLP's `Span` (opentelemetry/proto/trace/v1/trace.proto). */
  #toOtlp(endUnixNano: bigint): object {
    const { spanContext, parent } = this.#start;
    const { traceId, spanId, traceFlags, traceState } = spanContext;
    const start = this.#startUnixNano;
    return {
      traceId,
      spanId,
      traceState: traceState?.serialize(),
      parentSpanId: parent?.spanId,
      name: this.#name,
      kind: this.#kind,
      startTimeUnixNano: String(start),
      endTimeUnixNano: String(endUnixNano < start ? start : endUnixNano),
      attributes: this.#attributes,
      droppedAttributesCount: this.#attributes.droppedCount,
      events: this.#events.items,
      droppedEventsCount: this.#events.droppedCount,
      links: this.#links.items,
      droppedLinksCount: this.#links.droppedCount,
      status: this.#status,
      flags: traceFlags | remoteFlags(parent?.isRemote),
    };
  }

  #createSet(maxCount: number): AttributeSet {
    return new AttributeSet(maxCount, this.#parts.limits.attributeValueLength);
  }
}

function remoteFlags(isRemote: boolean | undefined): number {
  return isRemote === true ? HAS_IS_REMOTE | IS_REMOTE : HAS_IS_REMOTE;
}

function isTimeInput(value: Attributes | TimeInput | undefined): value is TimeInput {
  return typeof value === 'number' || value instanceof Date || Array.isArray(value);
}
