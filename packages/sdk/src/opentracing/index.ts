export { createTracer } from './bridge-tracer.ts';
export type { CreateTracerOptions } from './bridge-tracer.ts';
export { contextOf } from './bridge-context.ts';
