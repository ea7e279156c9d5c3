import { context, diag, propagation, trace } from '@opentelemetry/api';
import { FormatsPropagator } from '../propagation/formats-propagator.ts';
import { TraceContextFormat } from '../propagation/trace-context-format.ts';
import { DEFAULT_SPAN_LIMITS } from '../trace/span-limits.ts';
import type { BrowserOptions } from './browser-options.ts';
import { keepContext } from './keep-context.ts';
import { onPageHidden } from './on-page-hidden.ts';
import { PageTracerProvider } from './page-tracer.ts';
import { propagationTargets } from './propagation-targets.ts';
import type { RequestSpan, RequestTracing } from './request-span.ts';
import type { SpanSender } from './span-sender.ts';
import { traceDocumentLoad } from './trace-document-load.ts';
import { traceFetch } from './trace-fetch.ts';
import { traceInteractions } from './trace-interactions.ts';
import { traceXhr } from './trace-xhr.ts';
import { TurnContextManager } from './turn-context-manager.ts';

/** Of whom ours are off once the instrumentation of that name is there. */
const RIVALS: ReadonlyMap<string, 'fetch' | 'xhr'> = new Map([
  ['@opentelemetry/instrumentation-fetch', 'fetch'],
  ['@opentelemetry/instrumentation-xml-http-request', 'xhr'],
]);

/**
 * Makes this library what `@opentelemetry/api` hands out in this page, and traces what the browser does. Spans that end go to the
 * sender. Answers with how to undo it.
 */
export function registerPage(options: BrowserOptions, sender: SpanSender): () => void {
  const contexts = new TurnContextManager();
  const isOn = { fetch: true, xhr: true };
  const provider = new PageTracerProvider({
    sampleRatio: options.sampleRatio ?? 1,
    limits: { ...DEFAULT_SPAN_LIMITS, ...options.limits },
    onTracer: ({ name }) => {
      const rival = RIVALS.get(name);
      if (rival !== undefined) isOn[rival] = false;
    },
    onEnd: (scope, json) => sender.onEnd(scope, json),
  });
  if (!trace.setGlobalTracerProvider(provider)) {
    diag.error('clew: tracing is already set up in this page; this second init records nothing');
    return () => undefined;
  }
  const undo = [() => trace.disable()];
  if (context.setGlobalContextManager(contexts)) undo.push(() => context.disable());
  const propagator = new FormatsPropagator(new Map([['tracecontext', new TraceContextFormat()]]));
  if (propagation.setGlobalPropagator(propagator)) {
    undo.push(() => propagation.disable());
  }
  undo.push(keepContext(contexts), ...tracePage(options, contexts, { isOn, sender }));
  return () => {
    isOn.fetch = false;
    isOn.xhr = false;
    for (const step of undo.splice(0).reverse()) step();
  };
}

/** Answers with what undoes it. Of a worker, which has no document, only requests are traced. */
function tracePage(
  options: BrowserOptions,
  contexts: TurnContextManager,
  parts: { readonly isOn: { fetch: boolean; xhr: boolean }; readonly sender: SpanSender },
): readonly (() => void)[] {
  const { documentLoad = true, interactions = true, requests = true } = options;
  const { isOn, sender } = parts;
  const open = new Set<RequestSpan>();
  const undo: (() => void)[] = [];
  if (requests) {
    const propagates = propagationTargets(options.propagateTo ?? [], location.origin);
    const tracing: RequestTracing = { active: () => contexts.active(), propagates, open };
    undo.push(
      traceFetch(tracing, () => isOn.fetch),
      traceXhr(tracing, () => isOn.xhr),
    );
  }
  if (typeof document === 'undefined') return undo;
  const load = documentLoad ? traceDocumentLoad() : undefined;
  const acted = interactions ? traceInteractions(contexts) : undefined;
  const onHidden = (): void => {
    load?.endOpen();
    acted?.endOpen();
    sender.handOver();
  };
  const onLeft = (): void => {
    for (const request of open) request.end();
    onHidden();
  };
  undo.push(
    () => load?.stop(),
    () => acted?.stop(),
    onPageHidden(onHidden, onLeft),
  );
  return undo;
}
