import { trace } from '@opentelemetry/api';
import { formatTraceparent, parseTraceparent } from '@clew/protocol';
import type {
  Context,
  TextMapGetter,
  TextMapPropagator,
  TextMapSetter,
  TraceState,
} from '@opentelemetry/api';
import { CachedTraceState } from '../trace/cached-trace-state.ts';
import { outgoingParent, readOne, withRemoteParent } from './remote-parent.ts';

const TRACEPARENT = 'traceparent';
const TRACESTATE = 'tracestate';
/** What nobody sends. It is not looked at. */
const MAX_TRACESTATE_CHARACTERS = 8192;

/** W3C Trace Context: `traceparent` and `tracestate`. Headers that are malformed are as good as none. */
export class TraceContextPropagator implements TextMapPropagator {
  inject(context: Context, carrier: unknown, setter: TextMapSetter): void {
    const parent = outgoingParent(context);
    if (parent === undefined) return;
    setter.set(carrier, TRACEPARENT, formatTraceparent(parent));
    const state = trace.getSpanContext(context)?.traceState?.serialize() ?? '';
    if (state !== '') setter.set(carrier, TRACESTATE, state);
  }

  extract(context: Context, carrier: unknown, getter: TextMapGetter): Context {
    const parent = parseTraceparent(readOne(carrier, TRACEPARENT, getter) ?? '');
    if (parent === undefined) return context;
    return withRemoteParent(context, parent, readTraceState(getter.get(carrier, TRACESTATE)));
  }

  fields(): string[] {
    return [TRACEPARENT, TRACESTATE];
  }
}

function readTraceState(header: string | string[] | undefined): TraceState | undefined {
  const text = Array.isArray(header) ? header.join(',') : header;
  if (typeof text !== 'string' || text.length > MAX_TRACESTATE_CHARACTERS) return undefined;
  const state = CachedTraceState.parse(text);
  return state === CachedTraceState.empty ? undefined : state;
}
