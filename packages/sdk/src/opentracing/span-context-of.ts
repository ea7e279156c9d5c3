import { OpenTracingSpanContext } from './open-tracing-span-context.ts';
import { OpenTracingSpan } from './open-tracing-span.ts';

/** The context of one of our spans, or itself; `undefined` for what another tracer made, or nothing. */
export function spanContextOf(spanOrContext: unknown): OpenTracingSpanContext | undefined {
  if (spanOrContext instanceof OpenTracingSpan) return spanOrContext.context();
  return spanOrContext instanceof OpenTracingSpanContext ? spanOrContext : undefined;
}
