import { ROOT_CONTEXT, diag, propagation, trace } from '@opentelemetry/api';
import type { Attributes, Context, TextMapGetter, Tracer } from '@opentelemetry/api';
import { redactUrl } from '../instrumentation/http-attributes.ts';
import { SDK_NAME, SDK_VERSION } from '../version.ts';

/** Moments of the page's loading that its span has as events, by the names that the browser gives them. */
const MOMENTS = [
  'fetchStart',
  'unloadEventStart',
  'unloadEventEnd',
  'domInteractive',
  'domContentLoadedEventStart',
  'domContentLoadedEventEnd',
  'domComplete',
  'loadEventStart',
  'loadEventEnd',
] as const;

const PAINTS: Readonly<Record<string, string>> = {
  'first-paint': 'firstPaint',
  'first-contentful-paint': 'firstContentfulPaint',
};

/** What the page asks for by itself is traced where it asks. */
const ASKED_BY_PAGE = new Set(['fetch', 'xmlhttprequest', 'beacon']);

export interface DocumentLoadTracing {
  /** Ends the span of a page that goes away before it has loaded. */
  endOpen(): void;
  stop(): void;
}

/**
 * Traces the loading of this page from what the browser has measured of it: `documentLoad`, below it `documentFetch` and a
 * `resourceFetch` for each script, style sheet and picture. The page may name the server's span, whose trace goes on then:
 * `<meta name="traceparent" content="00-…">`.
 */
export function traceDocumentLoad(): DocumentLoadTracing {
  let isTraced = false;
  const traceOnce = (): void => {
    if (isTraced) return;
    isTraced = true;
    try {
      traceLoad();
    } catch (cause) {
      diag.error(`clew: the loading of the page could not be traced: ${String(cause)}`);
    }
  };
  // When the event has been dealt with, its end is known.
  const onLoad = (): void => void setTimeout(traceOnce);
  if (document.readyState === 'complete') onLoad();
  else addEventListener('load', onLoad);
  return { endOpen: traceOnce, stop: () => removeEventListener('load', onLoad) };
}

function traceLoad(): void {
  const [navigation] = performance.getEntriesByType('navigation');
  if (!(navigation instanceof PerformanceNavigationTiming)) return;
  const tracer = trace.getTracer(`${SDK_NAME}/document-load`, SDK_VERSION);
  const parent = propagation.extract(ROOT_CONTEXT, undefined, META_GETTER);
  const load = tracer.startSpan(
    'documentLoad',
    {
      startTime: navigation.fetchStart,
      attributes: {
        'url.full': toUrl(location.href),
        'user_agent.original': navigator.userAgent,
      },
    },
    parent,
  );
  for (const name of MOMENTS) {
    if (navigation[name] > 0) load.addEvent(name, navigation[name]);
  }
  for (const { name, startTime } of performance.getEntriesByType('paint')) {
    const event = PAINTS[name];
    if (event !== undefined) load.addEvent(event, startTime);
  }
  const context = trace.setSpan(parent, load);
  traceFetched(tracer, context, 'documentFetch', navigation);
  for (const resource of performance.getEntriesByType('resource')) {
    if (!(resource instanceof PerformanceResourceTiming)) continue;
    if (ASKED_BY_PAGE.has(resource.initiatorType)) continue;
    traceFetched(tracer, context, 'resourceFetch', resource);
  }
  load.end(navigation.loadEventEnd || performance.now());
}

function traceFetched(
  tracer: Tracer,
  context: Context,
  name: string,
  timing: PerformanceResourceTiming,
): void {
  if (timing.responseEnd === 0) return;
  const attributes: Attributes = { 'url.full': toUrl(timing.name) };
  // Of another origin that does not allow it (`Timing-Allow-Origin`), nothing more is told than when.
  if (timing.responseStatus > 0) attributes['http.response.status_code'] = timing.responseStatus;
  if (timing.encodedBodySize > 0) attributes['http.response.body.size'] = timing.encodedBodySize;
  const options = { startTime: timing.fetchStart, attributes };
  tracer.startSpan(name, options, context).end(timing.responseEnd);
}

function toUrl(address: string): string {
  return URL.canParse(address) ? redactUrl(new URL(address)) : address;
}

const META_GETTER: TextMapGetter = {
  keys: () => [],
  get: (_, name) =>
    document.querySelector(`meta[name="${name}"]`)?.getAttribute('content') ?? undefined,
};
