import {
  DiagConsoleLogger,
  DiagLogLevel,
  context,
  diag,
  propagation,
  trace,
} from '@opentelemetry/api';
import { readLogLevel } from './config/log-level.ts';
import { resolveConfig } from './config/resolve-config.ts';
import type { SdkConfig } from './config/resolve-config.ts';
import { AsyncContextManager } from './context/async-context-manager.ts';
import type { ExportStats } from './export-stats.ts';
import { BatchProcessor } from './export/batch-processor.ts';
import { createExporter } from './export/create-exporter.ts';
import { flushAtExit } from './export/flush-at-exit.ts';
import { RequestSender } from './export/request-sender.ts';
import type { InitOptions } from './init-options.ts';
import { instrumentFetch } from './instrumentation/fetch.ts';
import { instrumentHttpClient } from './instrumentation/http-client.ts';
import { instrumentHttpServer } from './instrumentation/http-server.ts';
import { TraceContextPropagator } from './propagation/trace-context-propagator.ts';
import { createResource } from './resource/create-resource.ts';
import { createSampler } from './sampling/create-sampler.ts';
import { encodeResource, encodeScope } from './trace/encode-scope.ts';
import { RandomWords } from './trace/random-words.ts';
import { SpanBuffer } from './trace/span-buffer.ts';
import { SpanClock } from './trace/span-clock.ts';
import { SpanStart } from './trace/span-start.ts';
import { SpanTracerProvider } from './trace/span-tracer-provider.ts';

/** The running library. */
export interface Clew {
  /**
   * Sends what has ended so far. Resolves when all of it was sent or given up, at the latest after ten seconds; never
   * rejects.
   */
  forceFlush(): Promise<void>;
  /**
   * Sends what has ended so far, at the latest within five seconds, then takes the library out of the process again:
   * spans started afterwards are not recorded. Never rejects.
   */
  shutdown(): Promise<void>;
  /** What became of the spans until now. */
  readonly stats: ExportStats;
}

const FLUSH_TIMEOUT_MS = 10_000;
const SHUTDOWN_TIMEOUT_MS = 5000;

/**
 * Starts tracing in this process: registers itself with `@opentelemetry/api`, so that everybody's instrumentation joins
 * the same traces, and begins to send what ends to an OTLP receiver. Call it once, before the first request. Throws
 * `ConfigError` for an option that cannot be used; after that, nothing in this library throws into the program.
 */
export function init(options: InitOptions = {}): Clew {
  registerLogger(options, process.env);
  const config = resolveConfig(options, process.env);
  const exporter = createExporter(config.export);
  const buffer = new SpanBuffer({
    resource: encodeResource(createResource(config)),
    maxSpans: config.batch.maxQueueSize,
    maxBytes: config.batch.maxQueueBytes,
  });
  const sender = new RequestSender(exporter, {
    exportTimeoutMs: config.batch.exportTimeoutMs,
    diskBuffer: config.export.diskBuffer,
  });
  const processor = new BatchProcessor(sender, buffer, config.batch);
  const unregister = config.isDisabled ? () => undefined : register(config, processor, buffer);
  const unregisterExit = flushAtExit(processor);
  return {
    forceFlush: () => processor.flush(FLUSH_TIMEOUT_MS),
    shutdown: () => {
      unregister();
      unregisterExit();
      return processor.shutdown(SHUTDOWN_TIMEOUT_MS);
    },
    get stats() {
      return processor.stats;
    },
  };
}

/** Answers with how to undo it. */
function register(config: SdkConfig, processor: BatchProcessor, buffer: SpanBuffer): () => void {
  const contexts = new AsyncContextManager();
  const sampler = createSampler(config.sampler, config.serviceName);
  const provider = new SpanTracerProvider({
    words: new RandomWords(),
    sampler,
    start: new SpanStart(),
    clock: new SpanClock(),
    limits: config.limits,
    active: () => contexts.active(),
    run: (ctx, fn) => contexts.with(ctx, fn),
    addScope: (scope) => buffer.addScope(encodeScope(scope)),
    onEnd: (span) => processor.onEnd(span),
  });
  if (!trace.setGlobalTracerProvider(provider)) {
    diag.error('clew: tracing is already set up in this process; this second init records nothing');
    sampler.close?.();
    return () => undefined;
  }
  const undo = [() => trace.disable(), () => sampler.close?.()];
  if (context.setGlobalContextManager(contexts)) {
    undo.push(() => context.disable());
  }
  if (propagation.setGlobalPropagator(new TraceContextPropagator())) {
    undo.push(() => propagation.disable());
  }
  if (config.instrumentHttp) {
    undo.push(instrumentHttpServer(), instrumentHttpClient(), instrumentFetch());
  }
  return () => {
    for (const step of undo.splice(0).reverse()) step();
  };
}

function registerLogger(
  options: InitOptions,
  env: Readonly<Record<string, string | undefined>>,
): void {
  if (options.logger !== undefined) {
    diag.setLogger(options.logger, { logLevel: DiagLogLevel.INFO, suppressOverrideMessage: true });
    return;
  }
  const logLevel = readLogLevel(env);
  if (logLevel !== undefined) {
    diag.setLogger(new DiagConsoleLogger(), { logLevel, suppressOverrideMessage: true });
  }
}
