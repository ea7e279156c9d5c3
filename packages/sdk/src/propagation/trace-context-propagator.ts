import { createTraceState, isSpanContextValid, trace } from '@opentelemetry/api';
import {
  formatTraceparent,
  formatTracestate,
  parseTraceparent,
  parseTracestate,
} from '@clew/protocol';
import type { SpanId, TraceId } from '@clew/model';
import type {
  Context,
  SpanContext,
  TextMapGetter,
  TextMapPropagator,
  TextMapSetter,
} from '@opentelemetry/api';
import { isTracingSuppressed } from '../context/suppress-tracing.ts';

const TRACEPARENT = 'traceparent';
const TRACESTATE = 'tracestate';

/** W3C Trace Context: `traceparent` and `tracestate`. Headers that are malformed are as good as none. */
export class TraceContextPropagator implements TextMapPropagator {
  inject(context: Context, carrier: unknown, setter: TextMapSetter): void {
    const spanContext = trace.getSpanContext(context);
    if (!spanContext || !isSpanContextValid(spanContext) || isTracingSuppressed(context)) return;
    setter.set(
      carrier,
      TRACEPARENT,
      formatTraceparent({
        traceId: spanContext.traceId as TraceId,
        spanId: spanContext.spanId as SpanId,
        flags: spanContext.traceFlags,
      }),
    );
    const state = spanContext.traceState?.serialize() ?? '';
    if (state !== '') setter.set(carrier, TRACESTATE, state);
  }

  extract(context: Context, carrier: unknown, getter: TextMapGetter): Context {
    const header = getter.get(carrier, TRACEPARENT);
    // Two of them contradict each other.
    const text = Array.isArray(header) && header.length === 1 ? header[0] : header;
    if (typeof text !== 'string') return context;
    const parsed = parseTraceparent(text.trim());
    if (parsed === undefined) return context;
    const spanContext: SpanContext = {
      traceId: parsed.traceId,
      spanId: parsed.spanId,
      traceFlags: parsed.flags,
      isRemote: true,
      ...readTraceState(getter.get(carrier, TRACESTATE)),
    };
    return trace.setSpanContext(context, spanContext);
  }

  fields(): string[] {
    return [TRACEPARENT, TRACESTATE];
  }
}

function readTraceState(header: string | string[] | undefined): Pick<SpanContext, 'traceState'> {
  const text = Array.isArray(header) ? header.join(',') : header;
  const members = text === undefined ? [] : parseTracestate(text);
  return members.length === 0 ? {} : { traceState: createTraceState(formatTracestate(members)) };
}
