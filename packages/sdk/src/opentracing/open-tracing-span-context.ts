import { SpanContext } from 'opentracing';
import { isSpanContextValid, propagation, trace } from '@opentelemetry/api';
import type { Baggage, Context, Span as ApiSpan } from '@opentelemetry/api';
import { isDebugTrace, markDebugTrace } from '../propagation/debug-trace.ts';

/** A span, or one of another process, with the baggage that goes with it. It does not change: new baggage makes a new one. */
export class OpenTracingSpanContext extends SpanContext {
  /** Undefined where there is baggage alone. */
  readonly span: ApiSpan | undefined;
  readonly baggage: Baggage | undefined;
  readonly #isDebug: boolean;

  private constructor(span: ApiSpan | undefined, baggage: Baggage | undefined, isDebug: boolean) {
    super();
    this.span = span;
    this.baggage = baggage;
    this.#isDebug = isDebug;
  }

  /** What OpenTelemetry's context holds. */
  static from(ctx: Context): OpenTracingSpanContext {
    const span = trace.getSpan(ctx);
    const spanContext = span?.spanContext();
    return new OpenTracingSpanContext(
      spanContext && isSpanContextValid(spanContext) ? span : undefined,
      propagation.getBaggage(ctx),
      spanContext !== undefined && isDebugTrace(ctx, spanContext.traceId),
    );
  }

  /** OpenTelemetry's context with this span and this baggage in the place of its own. */
  applyTo(ctx: Context): Context {
    const { span, baggage } = this;
    const withSpan = span === undefined ? trace.deleteSpan(ctx) : trace.setSpan(ctx, span);
    const withBaggage =
      baggage === undefined
        ? propagation.deleteBaggage(withSpan)
        : propagation.setBaggage(withSpan, baggage);
    if (!this.#isDebug || span === undefined) return withBaggage;
    return markDebugTrace(withBaggage, span.spanContext().traceId);
  }

  withBaggageItem(key: string, value: string): OpenTracingSpanContext {
    const baggage = (this.baggage ?? propagation.createBaggage()).setEntry(key, { value });
    return new OpenTracingSpanContext(this.span, baggage, this.#isDebug);
  }

  /** 32 hexadecimal digits; empty where there is no span. */
  override toTraceId(): string {
    return this.span?.spanContext().traceId ?? '';
  }

  /** 16 hexadecimal digits; empty where there is no span. */
  override toSpanId(): string {
    return this.span?.spanContext().spanId ?? '';
  }
}
