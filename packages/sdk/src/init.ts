import { DiagConsoleLogger, DiagLogLevel, diag } from '@opentelemetry/api';
import { readLogLevel } from './config/log-level.ts';
import { resolveConfig } from './config/resolve-config.ts';
import type { SdkConfig } from './config/resolve-config.ts';
import type { ExportStats } from './export-stats.ts';
import { BatchProcessor } from './export/batch-processor.ts';
import { createExporter } from './export/create-exporter.ts';
import { flushAtExit } from './export/flush-at-exit.ts';
import { RequestSender } from './export/request-sender.ts';
import { guardedLogger } from './guarded-logger.ts';
import type { InitOptions } from './init-options.ts';
import { registerGlobals } from './register-globals.ts';
import { createResource } from './resource/create-resource.ts';
import { encodeResource } from './trace/encode-scope.ts';
import { SpanBuffer } from './trace/span-buffer.ts';

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
  const buffer = new SpanBuffer({
    resource: encodeResource(createResource(config)),
    maxSpans: config.batch.maxQueueSize,
    maxBytes: config.batch.maxQueueBytes,
  });
  const processor = new BatchProcessor(createSender(config), buffer, config.batch);
  const unregister = config.isDisabled
    ? () => undefined
    : registerGlobals(config, buffer, (span) => processor.onEnd(span));
  const stopFlushing = flushAtExit(processor);
  return {
    forceFlush: () => processor.flush(FLUSH_TIMEOUT_MS),
    shutdown: () => {
      unregister();
      stopFlushing();
      return processor.shutdown(SHUTDOWN_TIMEOUT_MS);
    },
    get stats() {
      return processor.stats;
    },
  };
}

function createSender({ export: exporting, batch }: SdkConfig): RequestSender {
  const { exportTimeoutMs } = batch;
  const { diskBuffer } = exporting;
  return new RequestSender(createExporter(exporting), { exportTimeoutMs, diskBuffer });
}

function registerLogger(
  options: InitOptions,
  env: Readonly<Record<string, string | undefined>>,
): void {
  if (options.logger !== undefined) {
    const logLevel = DiagLogLevel.INFO;
    diag.setLogger(guardedLogger(options.logger), { logLevel, suppressOverrideMessage: true });
    return;
  }
  const logLevel = readLogLevel(env);
  if (logLevel !== undefined) {
    diag.setLogger(new DiagConsoleLogger(), { logLevel, suppressOverrideMessage: true });
  }
}
