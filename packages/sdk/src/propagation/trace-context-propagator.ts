import { trace } from '@opentelemetry/api';
import { formatTraceparent, parseTraceparent } from '@clew/protocol';
import type {
  Context,
  SpanContext,
  TextMapGetter,
  TextMapPropagator,
  TextMapSetter,
} from '@opentelemetry/api';
import { CachedTraceState } from '../trace/cached-trace-state.ts';
import { injectableSpan } from './injectable-span.ts';
import { singleHeader } from './single-header.ts';

const TRACEPARENT = 'traceparent';
const TRACESTATE = 'tracestate';

/** W3C Trace Context: `traceparent` and `tracestate`. Headers that are malformed are as good as none. */
export class TraceContextPropagator implements TextMapPropagator {
  inject(context: Context, carrier: unknown, setter: TextMapSetter): void {
    const span = injectableSpan(context);
    if (span === undefined) return;
    const { traceId, spanId, traceFlags, traceState } = span;
    setter.set(carrier, TRACEPARENT, formatTraceparent({ traceId, spanId, flags: traceFlags }));
    const state = traceState?.serialize() ?? '';
    if (state !== '') setter.set(carrier, TRACESTATE, state);
  }

  extract(context: Context, carrier: unknown, getter: TextMapGetter): Context {
    const parsed = parseTraceparent(singleHeader(carrier, getter, TRACEPARENT) ?? '');
    if (parsed === undefined) return context;
    return trace.setSpanContext(context, {
      traceId: parsed.traceId,
      spanId: parsed.spanId,
      traceFlags: parsed.flags,
      isRemote: true,
      ...readTraceState(getter.get(carrier, TRACESTATE)),
    });
  }

  fields(): string[] {
    return [TRACEPARENT, TRACESTATE];
  }
}

function readTraceState(header: string | string[] | undefined): Pick<SpanContext, 'traceState'> {
  const text = Array.isArray(header) ? header.join(',') : (header ?? '');
  const traceState = CachedTraceState.parse(text);
  return traceState === CachedTraceState.empty ? {} : { traceState };
}
