import { checkInteger } from './check-option.ts';
import type { Environment } from './environment.ts';

/** When ended spans are sent, and how many may wait. */
export interface BatchConfig {
  /** Spans that may wait. */
  readonly maxQueueSize: number;
  /** Bytes of spans that may wait. */
  readonly maxQueueBytes: number;
  /** Spans of one request. Never more than may wait. */
  readonly maxBatchSize: number;
  /** How long a span waits at most before a request starts, while the receiver keeps up. */
  readonly flushIntervalMs: number;
  /** For one batch, with everything that is tried again. */
  readonly exportTimeoutMs: number;
}

interface BatchOptions {
  readonly maxQueueSize?: number;
  readonly maxQueueBytes?: number;
  readonly maxBatchSize?: number;
  readonly flushIntervalMs?: number;
  readonly exportTimeoutMs?: number;
}

/**
 * OpenTelemetry waits 5 seconds, which is long for somebody who looks at traces while developing; it holds 2048 spans, which one
 * busy moment fills, and sends them in requests of 512, each of which has its price.
 */
const DEFAULTS: BatchConfig = {
  maxQueueSize: 8192,
  maxQueueBytes: 64 * 1024 * 1024,
  maxBatchSize: 2048,
  flushIntervalMs: 1000,
  exportTimeoutMs: 30_000,
};

/** Throws `ConfigError` for an option that is not a whole number above zero. */
export function resolveBatch(options: BatchOptions, env: Environment): BatchConfig {
  const read = (key: keyof BatchOptions, variable: string | undefined): number | undefined =>
    checkInteger(options[key], key, 1) ??
    (variable === undefined ? undefined : env.integer(variable, 1));
  const maxQueueSize = read('maxQueueSize', 'OTEL_BSP_MAX_QUEUE_SIZE') ?? DEFAULTS.maxQueueSize;
  const maxBatchSize =
    read('maxBatchSize', 'OTEL_BSP_MAX_EXPORT_BATCH_SIZE') ?? DEFAULTS.maxBatchSize;
  return {
    maxQueueSize,
    maxQueueBytes: read('maxQueueBytes', undefined) ?? DEFAULTS.maxQueueBytes,
    maxBatchSize: Math.min(maxBatchSize, maxQueueSize),
    flushIntervalMs: read('flushIntervalMs', 'OTEL_BSP_SCHEDULE_DELAY') ?? DEFAULTS.flushIntervalMs,
    exportTimeoutMs: read('exportTimeoutMs', 'OTEL_BSP_EXPORT_TIMEOUT') ?? DEFAULTS.exportTimeoutMs,
  };
}
