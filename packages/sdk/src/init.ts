import { DiagConsoleLogger, DiagLogLevel, diag } from '@opentelemetry/api';
import { readLogLevel } from './config/log-level.ts';
import { resolveConfig } from './config/resolve-config.ts';
import type { SdkConfig } from './config/resolve-config.ts';
import { printSoon } from './console/print-soon.ts';
import type { SoonPrinter } from './console/print-soon.ts';
import type { ExportStats } from './export-stats.ts';
import { flushAtExit } from './export/flush-at-exit.ts';
import type { Drainable } from './export/flush-at-exit.ts';
import { SpanIntake } from './export/span-intake.ts';
import { guardedLogger } from './guarded-logger.ts';
import type { InitOptions } from './init-options.ts';
import { registerGlobals } from './register-globals.ts';
import type { InstrumentationScope } from './trace/encode-scope.ts';
import type { RecordingSpan } from './trace/recording-span.ts';

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
  const scopes: InstrumentationScope[] = [];
  const intake = new SpanIntake(config.batch.maxQueueSize, async () => {
    const { createProcessor } = await import('./create-processor.ts');
    return createProcessor(config, scopes);
  });
  const isPrinting = config.isPrinting && !config.isDisabled;
  const printer = isPrinting ? printSoon((text) => process.stdout.write(text)) : undefined;
  const unregister = config.isDisabled
    ? () => undefined
    : registerGlobals(config, scopes, chooseOnEnd(config, intake, printer));
  const stopFlushing = flushAtExit(printer === undefined ? intake : printedToo(intake, printer));
  return {
    forceFlush: () => intake.flush(FLUSH_TIMEOUT_MS),
    shutdown: async () => {
      unregister();
      stopFlushing();
      await Promise.all([printer?.printAll(), intake.shutdown(SHUTDOWN_TIMEOUT_MS)]);
    },
    get stats() {
      return intake.stats;
    },
  };
}

function chooseOnEnd(
  { isExporting }: SdkConfig,
  intake: SpanIntake,
  printer: SoonPrinter | undefined,
): (span: RecordingSpan) => void {
  const send = isExporting ? (span: RecordingSpan) => intake.onEnd(span) : () => undefined;
  if (printer === undefined) return send;
  return (span) => {
    printer.onEnd(span);
    send(span);
  };
}

/**
 * What was to be printed a moment later is printed before a signal ends the process. Where the application goes on, so do its
 * traces: they are printed in their time, or when it exits.
 */
function printedToo(intake: SpanIntake, printer: SoonPrinter): Drainable {
  return {
    flush: (timeoutMs) => intake.flush(timeoutMs),
    drain: async (timeoutMs) => {
      await Promise.all([printer.printAll(), intake.drain(timeoutMs)]);
    },
    abandon: () => intake.abandon(),
  };
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
