import { context } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import type { Span, SpanContext } from 'opentracing';
import { spanContextOf } from './span-context-of.ts';

/**
 * OpenTelemetry's context with an OpenTracing span, and its baggage, as the active ones: for `runInContext`, so that whatever is
 * instrumented with OpenTelemetry puts its spans below. It is what is active here, or `ctx`, for a span of another tracer.
 *
 * ```ts
 * runInContext(contextOf(span), () => fetch('http://payment-service/'));
 * ```
 */
export function contextOf(span: Span | SpanContext, ctx: Context = context.active()): Context {
  return spanContextOf(span)?.applyTo(ctx) ?? ctx;
}
