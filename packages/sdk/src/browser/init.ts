import { DiagLogLevel, diag } from '@opentelemetry/api';
import { AttributeSet } from './attribute-set.ts';
import type { BrowserOptions } from './browser-options.ts';
import { pageResource } from './page-resource.ts';
import { registerPage } from './register-page.ts';
import { SpanQueue } from './span-queue.ts';
import { SpanSender } from './span-sender.ts';
import type { BrowserStats } from './span-sender.ts';

/** The running library. */
export interface BrowserClew {
  /** Sends what has ended so far. Resolves when all of it was sent or given up, at the latest after ten seconds; never rejects. */
  forceFlush(): Promise<void>;
  /** Sends what has ended so far, at the latest within five seconds, and takes the library out of the page again. Never rejects. */
  shutdown(): Promise<void>;
  /** What became of the spans until now. */
  readonly stats: BrowserStats;
}

const FLUSH_TIMEOUT_MS = 10_000;
const SHUTDOWN_TIMEOUT_MS = 5000;
const TRACES_PATH = '/v1/traces';

/**
 * Starts tracing in this page: registers itself with `@opentelemetry/api`, traces what the browser does, and begins to send what
 * ends to an OTLP receiver. Call it once, before the page's own code. It never throws, and neither does anything after it.
 */
export function init(options: BrowserOptions = {}): BrowserClew {
  if (options.logger !== undefined) {
    diag.setLogger(options.logger, { logLevel: DiagLogLevel.INFO, suppressOverrideMessage: true });
  }
  try {
    return start(options);
  } catch (cause) {
    diag.error(`clew: this page is not traced: ${String(cause)}`);
    return NOT_RUNNING;
  }
}

function start(options: BrowserOptions): BrowserClew {
  const { serviceName = 'unknown_service:browser', headers = {} } = options;
  const attributes = new AttributeSet(Infinity, Infinity);
  attributes.setAll(pageResource(serviceName, options.resourceAttributes));
  const queue = new SpanQueue({ attributes });
  const url = tracesUrl(options.endpoint ?? 'http://localhost:4318');
  const sender = new SpanSender(queue, { url, headers, fetch: fetch.bind(globalThis) });
  const unregister = registerPage(options, sender);
  return {
    forceFlush: () => sender.flush(FLUSH_TIMEOUT_MS),
    shutdown: () => {
      unregister();
      return sender.close(SHUTDOWN_TIMEOUT_MS);
    },
    get stats() {
      return sender.stats;
    },
  };
}

/** The endpoint is the receiver's root, as OpenTelemetry has it; an address of the traces themselves is understood too. */
function tracesUrl(endpoint: string): URL {
  const url = new URL(endpoint, location.href);
  const path = url.pathname.replace(/\/+$/, '');
  url.pathname = path.endsWith(TRACES_PATH) ? path : `${path}${TRACES_PATH}`;
  return url;
}

const NOT_RUNNING: BrowserClew = {
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
  stats: {
    endedSpanCount: 0,
    exportedSpanCount: 0,
    beaconSpanCount: 0,
    rejectedSpanCount: 0,
    droppedSpanCount: 0,
    queuedSpanCount: 0,
  },
};
