import type { Tracer } from 'opentracing';
import { OpenTracingTracer } from './open-tracing-tracer.ts';
import type { CreateTracerOptions } from './open-tracing-tracer.ts';

/**
 * OpenTracing's tracer, for `initGlobalTracer`: what is instrumented with OpenTracing, and with OpenTelemetry, is in one trace. A
 * span that is given no parent is below the active span.
 *
 * ```ts
 * initGlobalTracer(createTracer());
 * ```
 */
export function createTracer(options: CreateTracerOptions = {}): Tracer {
  return new OpenTracingTracer(options);
}
