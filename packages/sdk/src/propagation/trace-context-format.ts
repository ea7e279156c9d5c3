import { trace } from '@opentelemetry/api';
import { formatTraceparent, parseTraceparent } from '@clew/protocol';
import type { Context, SpanContext } from '@opentelemetry/api';
import { CachedTraceState } from '../trace/cached-trace-state.ts';
import type { HeaderFormat, HeaderWriter } from './header-format.ts';
import type { HeaderReader } from './header-reader.ts';
import { injectableSpan } from './injectable-span.ts';

const TRACEPARENT = 'traceparent';
const TRACESTATE = 'tracestate';

/** W3C Trace Context: `traceparent` and `tracestate`. Headers that are malformed are as good as none. */
export class TraceContextFormat implements HeaderFormat {
  inject(context: Context, headers: HeaderWriter): void {
    const span = injectableSpan(context);
    if (span === undefined) return;
    const { traceId, spanId, traceFlags, traceState } = span;
    headers.set(TRACEPARENT, formatTraceparent({ traceId, spanId, flags: traceFlags }));
    const state = traceState?.serialize() ?? '';
    if (state !== '') headers.set(TRACESTATE, state);
  }

  extract(context: Context, headers: HeaderReader): Context {
    const parsed = headers.parsed(TRACEPARENT, parseTraceparent);
    if (parsed === undefined) return context;
    return trace.setSpanContext(context, {
      traceId: parsed.traceId,
      spanId: parsed.spanId,
      traceFlags: parsed.flags,
      isRemote: true,
      ...readTraceState(headers),
    });
  }

  fields(): readonly string[] {
    return [TRACEPARENT, TRACESTATE];
  }
}

function readTraceState(headers: HeaderReader): Pick<SpanContext, 'traceState'> {
  const text = headers.joined(TRACESTATE);
  if (text === '') return {};
  const traceState = CachedTraceState.parse(text);
  if (traceState !== CachedTraceState.empty) return { traceState };
  headers.reject(TRACESTATE);
  return {};
}
