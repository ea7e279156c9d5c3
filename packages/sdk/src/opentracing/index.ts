export { contextOf } from './context-of.ts';
export { OpenTracingTracer } from './open-tracing-tracer.ts';
export type { OpenTracingOptions } from './open-tracing-tracer.ts';
