import { context, trace } from '@opentelemetry/api';
import type { Context, SpanOptions } from '@opentelemetry/api';
import { isContext } from './context/is-context.ts';
import { TraceContext } from './context/trace-context.ts';
import { withFinish } from './finishable-span.ts';
import type { Span } from './finishable-span.ts';
import { SDK_NAME, SDK_VERSION } from './version.ts';

/** A span and the context in which it is the active one. */
export interface SpanInContext {
  readonly span: Span;
  readonly ctx: Context;
}

/**
 * Starts a span below the active one, or the first of a new trace. It does not become active; whoever starts it ends
 * it. `withSpan` does both.
 */
export function startSpan(name: string, options?: SpanOptions): Span {
  return startSpanIn(context.active(), name, options);
}

/**
 * Starts a span below the one in `ctx` and answers with the context that holds the new one: OpenTracing's idiom, for
 * code that hands its contexts on explicitly.
 */
export function startSpanFromContext(
  ctx: Context,
  name: string,
  options?: SpanOptions,
): SpanInContext {
  const from = isContext(ctx) ? ctx : context.active();
  const span = startSpanIn(from, name, options);
  return { span, ctx: TraceContext.withSpan(from, span) };
}

/** The span that is active here: the innermost `withSpan`, or that of the HTTP request being served. */
export function activeSpan(): Span | undefined {
  const span = trace.getActiveSpan();
  return span && withFinish(span);
}

/** The active context, to be handed to `startSpanFromContext`. */
export function activeContext(): Context {
  return context.active();
}

/** Calls `fn` with `ctx` as the active context, which then follows it across `await`, timers and callbacks. */
export function runInContext<T>(ctx: Context, fn: () => T): T {
  return context.with(ctx, fn);
}

function startSpanIn(ctx: Context, name: string, options: SpanOptions | undefined): Span {
  return withFinish(trace.getTracer(SDK_NAME, SDK_VERSION).startSpan(name, options, ctx));
}
