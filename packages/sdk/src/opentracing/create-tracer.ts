import type { Tracer } from 'opentracing';
import { BridgeTracer } from './bridge-tracer.ts';
import type { BridgeOptions } from './bridge-tracer.ts';

/**
 * A tracer for code that is instrumented with OpenTracing, to be given to `initGlobalTracer`. Its spans are OpenTelemetry's, so
 * both kinds are in one trace. It may be created before `init` of the library; what is started before is not recorded.
 *
 * It follows OpenTelemetry's specification of OpenTracing compatibility, beside which `span.kind` among the tags at the start
 * becomes the span's kind. `sampling.priority` is an attribute like any other and decides nothing.
 */
export function createTracer(options: BridgeOptions = {}): Tracer {
  return new BridgeTracer(options);
}
