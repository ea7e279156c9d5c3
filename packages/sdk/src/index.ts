export { setHttpRoute } from './context/http-route.ts';
export type { ExportStats } from './export-stats.ts';
export type { Span } from './finishable-span.ts';
export { init } from './init.ts';
export type { Clew } from './init.ts';
export type { InitOptions } from './init-options.ts';
export { contextFromEnv } from './propagation/context-from-env.ts';
export { extract } from './propagation/extract.ts';
export { inject } from './propagation/inject.ts';
export { injectIntoEnv } from './propagation/inject-into-env.ts';
export {
  activeContext,
  activeSpan,
  runInContext,
  startSpan,
  startSpanFromContext,
} from './start-span.ts';
export type { SpanInContext } from './start-span.ts';
export type { SpanLimits } from './trace/span-limits.ts';
export { traced } from './traced.ts';
export type { TracedOptions } from './traced.ts';
export { withSpan } from './with-span.ts';
