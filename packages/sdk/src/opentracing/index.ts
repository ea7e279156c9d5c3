export { contextOf } from './context-of.ts';
export { createTracer } from './create-tracer.ts';
export type { CreateTracerOptions } from './open-tracing-tracer.ts';
