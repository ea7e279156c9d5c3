export type { BridgeOptions } from './bridge-tracer.ts';
export { contextOf, spanContextFrom } from './context-of.ts';
export { createTracer } from './create-tracer.ts';
