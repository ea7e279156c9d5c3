import { isSpanContextValid, trace } from '@opentelemetry/api';
import type { SpanId, TraceId } from '@clew/model';
import type { Context, SpanContext } from '@opentelemetry/api';
import { isTracingSuppressed } from '../context/suppress-tracing.ts';

/** A span context whose ids have been checked. */
export interface InjectableSpan extends SpanContext {
  readonly traceId: TraceId;
  readonly spanId: SpanId;
}

/** The span that a request is to carry; `undefined` when there is none, or nothing is to be traced. */
export function injectableSpan(context: Context): InjectableSpan | undefined {
  const span = trace.getSpanContext(context);
  if (!span || !isSpanContextValid(span) || isTracingSuppressed(context)) return undefined;
  return span as InjectableSpan;
}
