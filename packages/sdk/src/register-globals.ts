import { context, diag, propagation, trace } from '@opentelemetry/api';
import type { SdkConfig } from './config/resolve-config.ts';
import { Complaints } from './complaints.ts';
import { AsyncContextManager } from './context/async-context-manager.ts';
import { instrumentHttp } from './instrumentation/instrument-http.ts';
import { createPropagator } from './propagation/create-propagator.ts';
import { createSampler } from './sampling/create-sampler.ts';
import type { InstrumentationScope } from './trace/encode-scope.ts';
import { RandomWords } from './trace/random-words.ts';
import type { RecordingSpan } from './trace/recording-span.ts';
import { SpanClock } from './trace/span-clock.ts';
import { SpanStart } from './trace/span-start.ts';
import { SpanTracerProvider } from './trace/span-tracer-provider.ts';

/**
 * Makes this library what `@opentelemetry/api` hands out in this process; `onEnd` is told each span that ends, and the scopes
 * of tracers to the list, by which spans name them. Answers with how to undo it.
 */
export function registerGlobals(
  config: SdkConfig,
  scopes: InstrumentationScope[],
  onEnd: (span: RecordingSpan) => void,
): () => void {
  const contexts = new AsyncContextManager();
  const sampler = createSampler(config.sampler, config.serviceName);
  const http = config.instrumentHttp ? instrumentHttp() : undefined;
  const provider = new SpanTracerProvider({
    words: new RandomWords(),
    sampler,
    start: new SpanStart(),
    clock: new SpanClock(),
    complaints: new Complaints(),
    limits: config.limits,
    active: () => contexts.active(),
    run: (ctx, fn, arg) => contexts.run(ctx, fn, arg),
    addScope: (scope) => {
      http?.yieldTo(scope.name);
      return scopes.push(scope) - 1;
    },
    onEnd,
  });
  const undo = [() => sampler.close?.(), () => http?.stop()];
  const undoAll = (): void => {
    for (const step of undo.splice(0).reverse()) step();
  };
  if (!trace.setGlobalTracerProvider(provider)) {
    diag.error('clew: tracing is already set up in this process; this second init records nothing');
    undoAll();
    return undoAll;
  }
  undo.push(() => trace.disable());
  if (context.setGlobalContextManager(contexts)) undo.push(() => context.disable());
  if (propagation.setGlobalPropagator(createPropagator(config.propagators))) {
    undo.push(() => propagation.disable());
  }
  return undoAll;
}
