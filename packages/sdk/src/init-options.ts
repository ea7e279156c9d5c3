import type { Attributes, DiagLogger } from '@opentelemetry/api';
import type { ExportOptions } from './config/export-config.ts';
import type { PropagatorName } from './config/propagator-config.ts';
import type { SamplerName } from './config/sampler-config.ts';
import type { ForeignSampler } from './sampling/open-telemetry-sampler.ts';
import type { SpanSampler } from './sampling/sampler.ts';
import type { SpanLimits } from './trace/span-limits.ts';

/** Everything may be left out; then OpenTelemetry's environment variables decide, and after them the defaults. */
export interface InitOptions {
  /** What this program is called in traces. `OTEL_SERVICE_NAME`; `unknown_service:node`. */
  readonly serviceName?: string;
  /** The OTLP receiver's root. `OTEL_EXPORTER_OTLP_ENDPOINT`; `http://localhost:4318`, for gRPC port 4317. */
  readonly endpoint?: string;
  /** Headers of the requests that carry the spans, such as a token. `OTEL_EXPORTER_OTLP_HEADERS`; none. */
  readonly headers?: Readonly<Record<string, string>>;
  /** How the spans are sent, in full; it wins over `endpoint`, `headers` and `timeoutMs`. */
  readonly export?: ExportOptions;
  /** What else is to be known of this program: `deployment.environment.name`, … `OTEL_RESOURCE_ATTRIBUTES`; none. */
  readonly resourceAttributes?: Attributes;
  /** Whether the command line's arguments are part of the resource. They may hold secrets. No. */
  readonly commandArgs?: boolean;
  /** Which spans are recorded: a name, or a sampler. `OTEL_TRACES_SAMPLER`; `parentbased_always_on`. */
  readonly sampler?: SamplerName | SpanSampler | ForeignSampler;
  /** What the named sampler works with, such as the ratio. `OTEL_TRACES_SAMPLER_ARG`. */
  readonly samplerArg?: string | number;
  /** How the context travels between processes. `OTEL_PROPAGATORS`; `tracecontext`, `baggage`. */
  readonly propagators?: readonly PropagatorName[];
  /** Whether each finished trace is printed in the terminal. `CLEW_CONSOLE`; no. */
  readonly console?: boolean;
  /** Whether incoming and outgoing `http` and `fetch` are traced and carry the context. Yes. */
  readonly instrumentHttp?: boolean;
  /** Spans that may wait to be sent; beyond it the oldest are dropped. `OTEL_BSP_MAX_QUEUE_SIZE`; 8192. */
  readonly maxQueueSize?: number;
  /** Bytes of spans that may wait to be sent. 64 MiB. */
  readonly maxQueueBytes?: number;
  /** Spans of one request to the receiver. `OTEL_BSP_MAX_EXPORT_BATCH_SIZE`; 2048. */
  readonly maxBatchSize?: number;
  /** How long a span waits at most before it is sent. `OTEL_BSP_SCHEDULE_DELAY`; 1000. */
  readonly flushIntervalMs?: number;
  /** For one batch with everything that is tried again. `OTEL_BSP_EXPORT_TIMEOUT`; 30,000. */
  readonly exportTimeoutMs?: number;
  /** For one request to the receiver. `OTEL_EXPORTER_OTLP_TIMEOUT`; 10,000. */
  readonly timeoutMs?: number;
  /** What one span may hold. `OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT`, … */
  readonly limits?: Partial<SpanLimits>;
  /** Where problems with sending are told, such as `new DiagConsoleLogger()`. `OTEL_LOG_LEVEL`; wherever `diag` goes. */
  readonly logger?: DiagLogger;
}
