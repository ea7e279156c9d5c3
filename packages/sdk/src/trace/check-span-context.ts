import { isSpanContextValid } from '@opentelemetry/api';
import type { SpanContext, TraceState } from '@opentelemetry/api';
import { CachedTraceState } from './cached-trace-state.ts';

/**
 * What somebody else says a span is, copied: a parent, or what a link leads to. `undefined` when it is no span; flags and state that
 * are none are left out. Never throws.
 */
export function checkSpanContext(given: unknown): SpanContext | undefined {
  try {
    if (typeof given !== 'object' || given === null) return undefined;
    const { traceId, spanId, traceFlags, isRemote, traceState } = given as SpanContext;
    const flags: unknown = traceFlags;
    const ids = { traceId, spanId, traceFlags: typeof flags === 'number' ? flags & 0xff : 0 };
    if (!isSpanContextValid(ids)) return undefined;
    const state = checkTraceState(traceState);
    return { ...ids, isRemote: isRemote === true, ...(state && { traceState: state }) };
  } catch {
    return undefined; // It defends itself.
  }
}

/** A state of this library's own, whoever made it; `undefined` when it is none. Never throws. */
export function checkTraceState(given: TraceState | undefined): CachedTraceState | undefined {
  if (given === undefined || given instanceof CachedTraceState) return given;
  try {
    const text: unknown = given.serialize();
    const state = typeof text === 'string' ? CachedTraceState.parse(text) : CachedTraceState.empty;
    return state === CachedTraceState.empty ? undefined : state;
  } catch {
    return undefined;
  }
}
