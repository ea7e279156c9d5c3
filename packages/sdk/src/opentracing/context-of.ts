import { context } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import type { Span, SpanContext } from 'opentracing';
import { BridgeSpanContext, toBridgeSpanContext } from './bridge-span-context.ts';

/**
 * The OpenTelemetry context in which an OpenTracing span is the active one, with its baggage of this moment:
 * `runInContext(contextOf(span), fn)` puts what OpenTelemetry's instrumentations start inside `fn` below the span. All else is
 * as in `base`, by default the active context; a span of another tracer changes nothing in it.
 */
export function contextOf(span: Span | SpanContext, base: Context = context.active()): Context {
  return toBridgeSpanContext(span)?.putInto(base) ?? base;
}

/**
 * The other direction: the span and the baggage of an OpenTelemetry context, by default the active one, for `childOf` and
 * `references`. Where there is no span, it is a parent that makes nobody its child.
 */
export function spanContextFrom(ctx: Context = context.active()): SpanContext {
  return BridgeSpanContext.from(ctx);
}
