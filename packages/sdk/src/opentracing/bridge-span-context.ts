import { INVALID_SPAN_CONTEXT, propagation, trace } from '@opentelemetry/api';
import type { Baggage, Context, Span } from '@opentelemetry/api';
import { SpanContext } from 'opentracing';
import { isDebugTrace, markDebugTrace } from '../propagation/debug-trace.ts';

/** What a span of OpenTracing takes along beside itself. */
interface Companions {
  readonly baggage: Baggage | undefined;
  /** Whether the trace was asked for by all means: B3's and Jaeger's debug flag, which OpenTelemetry's spans have no place for. */
  readonly isDebug: boolean;
}

/** What OpenTracing hands from span to span: OpenTelemetry's span and what goes beside it. It never changes. */
export class BridgeSpanContext extends SpanContext implements Companions {
  /** None where only baggage came in from outside. */
  readonly span: Span | undefined;
  readonly baggage: Baggage | undefined;
  readonly isDebug: boolean;

  constructor(span: Span | undefined, { baggage, isDebug }: Companions) {
    super();
    this.span = span;
    this.baggage = baggage;
    this.isDebug = isDebug;
  }

  static from(ctx: Context): BridgeSpanContext {
    const span = trace.getSpan(ctx);
    return new BridgeSpanContext(span, {
      baggage: propagation.getBaggage(ctx),
      isDebug: span !== undefined && isDebugTrace(ctx, span.spanContext().traceId),
    });
  }

  /** 32 hexadecimal digits, all zero where there is no span. */
  override toTraceId(): string {
    return (this.span?.spanContext() ?? INVALID_SPAN_CONTEXT).traceId;
  }

  /** 16 hexadecimal digits, all zero where there is no span. */
  override toSpanId(): string {
    return (this.span?.spanContext() ?? INVALID_SPAN_CONTEXT).spanId;
  }

  /** The same of another span of the trace. */
  withSpan(span: Span): BridgeSpanContext {
    return new BridgeSpanContext(span, this);
  }

  /** The same with other baggage. */
  withBaggage(baggage: Baggage): BridgeSpanContext {
    return new BridgeSpanContext(this.span, { baggage, isDebug: this.isDebug });
  }

  /** `base` with this span and what goes beside it in the place of its own; everything else in it stays. */
  putInto(base: Context): Context {
    const ctx = this.#markIfDebug(
      this.span ? trace.setSpan(base, this.span) : trace.deleteSpan(base),
    );
    if (this.baggage) return propagation.setBaggage(ctx, this.baggage);
    return propagation.getBaggage(ctx) ? propagation.deleteBaggage(ctx) : ctx;
  }

  #markIfDebug(ctx: Context): Context {
    return this.isDebug ? markDebugTrace(ctx, this.toTraceId()) : ctx;
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
