import { diag, trace } from '@opentelemetry/api';
import type { Tracer } from '@opentelemetry/api';
import { SDK_NAME, SDK_VERSION } from '../version.ts';

/** The tracer of the spans that HTTP makes by itself. */
export function httpTracer(): Tracer {
  return trace.getTracer(`${SDK_NAME}/http`, SDK_VERSION);
}

/** Runs a step of an instrumentation. A mistake in it must cost a span, never a request. */
export function guard<T>(step: () => T): T | undefined {
  try {
    return step();
  } catch (cause) {
    diag.error(`clew: an HTTP request could not be traced: ${String(cause)}`);
    return undefined;
  }
}
