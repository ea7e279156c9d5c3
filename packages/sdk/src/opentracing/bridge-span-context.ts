import { INVALID_SPAN_CONTEXT, propagation, trace } from '@opentelemetry/api';
import type { Baggage, Context, Span } from '@opentelemetry/api';
import { SpanContext } from 'opentracing';

/** What OpenTracing hands from span to span: OpenTelemetry's span and the baggage beside it. It never changes. */
export class BridgeSpanContext extends SpanContext {
  /** None where only baggage came in from outside. */
  readonly span: Span | undefined;
  readonly baggage: Baggage | undefined;

  constructor(span: Span | undefined, baggage: Baggage | undefined) {
    super();
    this.span = span;
    this.baggage = baggage;
  }

  static from(ctx: Context): BridgeSpanContext {
    return new BridgeSpanContext(trace.getSpan(ctx), propagation.getBaggage(ctx));
  }

  /** 32 hexadecimal digits, all zero where there is no span. */
  override toTraceId(): string {
    return (this.span?.spanContext() ?? INVALID_SPAN_CONTEXT).traceId;
  }

  /** 16 hexadecimal digits, all zero where there is no span. */
  override toSpanId(): string {
    return (this.span?.spanContext() ?? INVALID_SPAN_CONTEXT).spanId;
  }

  /** `base` with this span and this baggage in the place of its own; everything else in it stays. */
  putInto(base: Context): Context {
    const ctx = this.span ? trace.setSpan(base, this.span) : trace.deleteSpan(base);
    if (this.baggage) return propagation.setBaggage(ctx, this.baggage);
    return propagation.getBaggage(ctx) ? propagation.deleteBaggage(ctx) : ctx;
  }
}

/** The context of a span, or the given one; `undefined` where another tracer made it, or it is none. */
export function toBridgeSpanContext(value: unknown): BridgeSpanContext | undefined {
  if (value instanceof BridgeSpanContext) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  if (!('context' in value) || typeof value.context !== 'function') return undefined;
  const inner: unknown = value.context();
  return inner instanceof BridgeSpanContext ? inner : undefined;
}
