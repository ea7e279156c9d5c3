import type { Attributes, DiagLogger } from '@opentelemetry/api';
import type { SpanLimits } from '../trace/span-limits.ts';

/** Everything may be left out. What cannot be used is told through `diag` and ignored: a page must not fail for its tracing. */
export interface BrowserOptions {
  /** What the page is called in traces. `unknown_service:browser`. */
  readonly serviceName?: string;
  /** The OTLP receiver's root, or a path of the page's own origin. `http://localhost:4318`. */
  readonly endpoint?: string;
  /** Headers of the requests that carry the spans. With them, spans are not sent by `sendBeacon`, which has none. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What else is to be known of the page: `service.version`, `deployment.environment.name`, … */
  readonly resourceAttributes?: Attributes;
  /** The share of traces that is recorded, from 0 to 1; below a server's span, what the server decided. 1. */
  readonly sampleRatio?: number;
  /**
   * Where requests carry the trace besides the page's own origin: origins, or expressions that the whole address is tried
   * with. The servers there must allow the header `traceparent` (CORS). None.
   */
  readonly propagateTo?: readonly (string | RegExp)[];
  /** Whether the loading of the page is traced. Yes. */
  readonly documentLoad?: boolean;
  /** Whether clicks, submits and the Enter key are. Yes. */
  readonly interactions?: boolean;
  /** Whether `fetch` and `XMLHttpRequest` are, and carry the trace. Yes. */
  readonly requests?: boolean;
  /** What one span may hold. */
  readonly limits?: Partial<SpanLimits>;
  /** Where problems with sending are told, such as `new DiagConsoleLogger()`. Wherever `diag` goes. */
  readonly logger?: DiagLogger;
}
