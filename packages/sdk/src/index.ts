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
export { AlwaysOffSampler } from './sampling/always-off-sampler.ts';
export { AlwaysOnSampler } from './sampling/always-on-sampler.ts';
export { ParentBasedSampler } from './sampling/parent-based-sampler.ts';
export type { ParentBasedOptions } from './sampling/parent-based-sampler.ts';
export { PerOperationSampler } from './sampling/per-operation-sampler.ts';
export type { PerOperationOptions } from './sampling/per-operation-sampler.ts';
export { RateLimitingSampler } from './sampling/rate-limiting-sampler.ts';
export type { RateLimitingOptions } from './sampling/rate-limiting-sampler.ts';
export { RatioSampler } from './sampling/ratio-sampler.ts';
export type { SamplingDecision, SpanCandidate, SpanSampler } from './sampling/sampler.ts';
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
