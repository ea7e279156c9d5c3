import { ROOT_CONTEXT, propagation, trace } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import { Span, SpanContext } from 'opentracing';

/** What OpenTracing hands on of a span: OpenTelemetry's context with the span and the baggage in it. */
export class BridgeContext extends SpanContext {
  readonly ctx: Context;

  constructor(ctx: Context) {
    super();
    this.ctx = ctx;
  }

  override toTraceId(): string {
    return trace.getSpanContext(this.ctx)?.traceId ?? '';
  }

  override toSpanId(): string {
    return trace.getSpanContext(this.ctx)?.spanId ?? '';
  }

  withBaggage(key: string, value: string): BridgeContext {
    const baggage = propagation.getBaggage(this.ctx) ?? propagation.createBaggage();
    return new BridgeContext(propagation.setBaggage(this.ctx, baggage.setEntry(key, { value })));
  }

  baggageItem(key: string): string | undefined {
    return propagation.getBaggage(this.ctx)?.getEntry(key)?.value;
  }
}

/**
 * OpenTelemetry's context of a span that was started through OpenTracing: `runInContext(contextOf(span), fn)` makes it the active
 * one, below which OpenTelemetry's instrumentations put theirs. Of another library's span it is the root context.
 */
export function contextOf(span: Span | SpanContext): Context {
  const context = span instanceof Span ? span.context() : span;
  return context instanceof BridgeContext ? context.ctx : ROOT_CONTEXT;
}
