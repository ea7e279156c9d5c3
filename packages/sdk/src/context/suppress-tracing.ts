import { createContextKey } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';

/** The key under which OpenTelemetry's own packages look, so that their instrumentations keep quiet as well. */
const SUPPRESS_TRACING = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

/** A context in which nothing is traced: for the requests that carry the spans themselves. */
export function suppressTracing(context: Context): Context {
  return context.setValue(SUPPRESS_TRACING, true);
}

/** Whether nothing is to be traced in this context. */
export function isTracingSuppressed(context: Context): boolean {
  return context.getValue(SUPPRESS_TRACING) === true;
}
