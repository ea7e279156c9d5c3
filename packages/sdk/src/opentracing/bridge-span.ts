import { SpanStatusCode, propagation } from '@opentelemetry/api';
import type { Span as ApiSpan, SpanStatus } from '@opentelemetry/api';
import { Span } from 'opentracing';
import type { Tracer } from 'opentracing';
import type { BridgeSpanContext } from './bridge-span-context.ts';
import { readLog } from './read-log.ts';
import { readTags } from './read-tags.ts';
import { toHrTime } from './to-hr-time.ts';
import { toText } from '../to-text.ts';

/** An OpenTracing span that is OpenTelemetry's span and what goes beside it. */
export class BridgeSpan extends Span {
  readonly #maker: Tracer;
  readonly #span: ApiSpan;
  #spanContext: BridgeSpanContext;
  #isOk = false;

  /** `parent` is what the span takes its companions from: baggage, and the debug flag of the trace. */
  constructor(maker: Tracer, span: ApiSpan, parent: BridgeSpanContext) {
    super();
    this.#maker = maker;
    this.#span = span;
    this.#spanContext = parent.withSpan(span);
  }

  /**
   * Takes the status that the tag `error` stands for. "Ok" waits for the end, because OpenTelemetry takes it as the last word,
   * and in OpenTracing the last tag wins.
   */
  applyStatus(status: SpanStatus | undefined): void {
    if (status === undefined) return;
    this.#isOk = status.code === SpanStatusCode.OK;
    if (!this.#isOk) this.#span.setStatus(status);
  }

  protected override _context(): BridgeSpanContext {
    return this.#spanContext;
  }

  protected override _tracer(): Tracer {
    return this.#maker;
  }

  protected override _setOperationName(name: string): void {
    this.#span.updateName(name);
  }

  protected override _setBaggageItem(key: unknown, value: unknown): void {
    const baggage = this.#spanContext.baggage ?? propagation.createBaggage();
    const changed = baggage.setEntry(toText(key), { value: toText(value) });
    this.#spanContext = this.#spanContext.withBaggage(changed);
  }

  protected override _getBaggageItem(key: string): string | undefined {
    return this.#spanContext.baggage?.getEntry(key)?.value;
  }

  protected override _addTags(tags: unknown): void {
    const { attributes, status } = readTags(tags);
    this.#span.setAttributes(attributes);
    this.applyStatus(status);
  }

  protected override _log(fields: unknown, unixMs?: number): void {
    const { name, attributes } = readLog(fields);
    this.#span.addEvent(name, attributes, toHrTime(unixMs));
  }

  protected override _finish(unixMs?: number): void {
    if (this.#isOk) this.#span.setStatus({ code: SpanStatusCode.OK });
    this.#span.end(toHrTime(unixMs));
  }
}
