import { isSpanContextValid, trace } from '@opentelemetry/api';
import type { SpanId, TraceId } from '@clew/model';
import type { SpanContextHeaders } from '@clew/protocol';
import type { Context, TextMapGetter, TraceState } from '@opentelemetry/api';
import { isTracingSuppressed } from '../context/suppress-tracing.ts';

/** What a context says to the next process; undefined when that is nothing. */
export function outgoingParent(context: Context): SpanContextHeaders | undefined {
  const spanContext = trace.getSpanContext(context);
  if (!spanContext || !isSpanContextValid(spanContext) || isTracingSuppressed(context)) {
    return undefined;
  }
  return {
    traceId: spanContext.traceId as TraceId,
    spanId: spanContext.spanId as SpanId,
    flags: spanContext.traceFlags,
  };
}

/** A context in which the span of another process is the parent; the same when there is none. */
export function withRemoteParent(
  context: Context,
  parent: SpanContextHeaders | undefined,
  traceState?: TraceState,
): Context {
  if (parent === undefined) return context;
  return trace.setSpanContext(context, {
    traceId: parent.traceId,
    spanId: parent.spanId,
    traceFlags: parent.flags,
    isRemote: true,
    ...(traceState === undefined ? {} : { traceState }),
  });
}

/** A header that must be there once: two contradict each other. */
export function readOne(carrier: unknown, key: string, getter: TextMapGetter): string | undefined {
  const header = getter.get(carrier, key);
  const text = Array.isArray(header) && header.length === 1 ? header[0] : header;
  return typeof text === 'string' ? text.trim() : undefined;
}
