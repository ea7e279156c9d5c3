import { createContextKey } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';

/** Holds the id of the trace, because a context that gets the span of another trace keeps its other values. */
const DEBUG_TRACE = createContextKey('clew debug trace');

/** A context whose trace was asked for by all means: B3's and Jaeger's debug flag, which W3C's headers do not have. */
export function markDebugTrace(context: Context, traceId: string): Context {
  return context.setValue(DEBUG_TRACE, traceId);
}

/** Whether the trace is one to be handed on with the debug flag. */
export function isDebugTrace(context: Context, traceId: string): boolean {
  return context.getValue(DEBUG_TRACE) === traceId;
}
