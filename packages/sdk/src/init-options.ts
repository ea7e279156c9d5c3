import type { Attributes, DiagLogger } from '@opentelemetry/api';
import type { SpanLimits } from './trace/span-limits.ts';

/** Everything may be left out; then OpenTelemetry's environment variables decide, and after them the defaults. */
export interface InitOptions {
  /** What this program is called in traces. `OTEL_SERVICE_NAME`; `unknown_service:node`. */
  readonly serviceName?: string;
  /** The OTLP/HTTP receiver's root. `OTEL_EXPORTER_OTLP_ENDPOINT`; `http://localhost:4318`. */
  readonly endpoint?: string;
  /** Headers of the requests that carry the spans, such as a token. `OTEL_EXPORTER_OTLP_HEADERS`; none. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What else is to be known of this program: `deployment.environment.name`, … `OTEL_RESOURCE_ATTRIBUTES`; none. */
  readonly resourceAttributes?: Attributes;
  /** Whether incoming and outgoing `http` and `fetch` are traced and carry the context. Yes. */
  readonly instrumentHttp?: boolean;
  /** Spans that may wait to be sent; beyond it the oldest are dropped. 8192. */
  readonly maxQueueSize?: number;
  /** Spans of one request to the receiver. 2048. */
  readonly maxBatchSize?: number;
  /** How long a span waits at most before it is sent. 1000. */
  readonly flushIntervalMs?: number;
  /** For one request to the receiver. `OTEL_EXPORTER_OTLP_TIMEOUT`; 10,000. */
  readonly timeoutMs?: number;
  /** What one span may hold. */
  readonly limits?: Partial<SpanLimits>;
  /** Where problems with sending are told, such as `new DiagConsoleLogger()`. `OTEL_LOG_LEVEL`; wherever `diag` goes. */
  readonly logger?: DiagLogger;
}
