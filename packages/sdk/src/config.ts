import { ConfigError, shorten } from '@clew/model';
import { diag } from '@opentelemetry/api';
import type { Attributes } from '@opentelemetry/api';
import type { BatchOptions } from './export/batch-processor.ts';
import type { InitOptions } from './init-options.ts';
import { DEFAULT_SPAN_LIMITS } from './trace/span-limits.ts';
import type { SpanLimits } from './trace/span-limits.ts';

/** What `init` works with, after options, environment and defaults. */
export interface SdkConfig {
  readonly isDisabled: boolean;
  readonly serviceName: string;
  readonly resourceAttributes: Attributes;
  /** Where batches are posted. */
  readonly tracesUrl: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly instrumentHttp: boolean;
  readonly batch: BatchOptions;
  /** Spans that may wait to be sent, and the bytes they may take. */
  readonly maxQueueSize: number;
  readonly maxQueueBytes: number;
  readonly limits: SpanLimits;
}

type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_ENDPOINT = 'http://localhost:4318';
const DEFAULT_TIMEOUT_MS = 10_000;
const TRACES_PATH = '/v1/traces';

/**
 * Puts together what the program says, what OpenTelemetry's environment variables say, and the defaults, in this order.
 * Throws `ConfigError` for an option that cannot be used; a variable that cannot be used is reported and ignored,
 * because whoever sets it is not there to see the stack.
 */
export function resolveConfig(options: InitOptions, env: Environment): SdkConfig {
  const fromEnv = parsePairs(env['OTEL_RESOURCE_ATTRIBUTES'], 'OTEL_RESOURCE_ATTRIBUTES');
  const attributes: Attributes = { ...fromEnv, ...options.resourceAttributes };
  const name =
    options.serviceName ??
    options.resourceAttributes?.['service.name'] ??
    (env['OTEL_SERVICE_NAME'] || fromEnv['service.name']);
  return {
    isDisabled: env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true',
    serviceName: name === undefined || name === '' ? 'unknown_service:node' : String(name),
    resourceAttributes: attributes,
    tracesUrl: resolveTracesUrl(options.endpoint, env),
    headers: { ...readHeaders(env), ...options.headers },
    timeoutMs: positive(options.timeoutMs, 'timeoutMs') ?? readTimeout(env) ?? DEFAULT_TIMEOUT_MS,
    instrumentHttp: options.instrumentHttp ?? true,
    maxQueueSize: positive(options.maxQueueSize, 'maxQueueSize') ?? 8192,
    maxQueueBytes: 64 * 1024 * 1024,
    batch: {
      maxBatchSize: positive(options.maxBatchSize, 'maxBatchSize') ?? 2048,
      flushIntervalMs: positive(options.flushIntervalMs, 'flushIntervalMs') ?? 1000,
    },
    limits: { ...DEFAULT_SPAN_LIMITS, ...options.limits },
  };
}

function resolveTracesUrl(endpoint: string | undefined, env: Environment): URL {
  if (endpoint !== undefined) {
    const url = parseHttpUrl(endpoint);
    if (url !== undefined) return withTracesPath(url);
    throw new ConfigError(`not an http or https address: "${shorten(endpoint)}"`, {
      key: 'endpoint',
      value: endpoint,
    });
  }
  const traces = readUrl(env, 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT');
  if (traces !== undefined) return traces;
  const base = readUrl(env, 'OTEL_EXPORTER_OTLP_ENDPOINT') ?? new URL(DEFAULT_ENDPOINT);
  return withTracesPath(base);
}

/** The endpoint is the receiver's root, as OpenTelemetry has it; an address of the traces themselves is understood too. */
function withTracesPath(base: URL): URL {
  const url = new URL(base);
  const path = url.pathname.replace(/\/+$/, '');
  url.pathname = path.endsWith(TRACES_PATH) ? path : `${path}${TRACES_PATH}`;
  return url;
}

function readUrl(env: Environment, key: string): URL | undefined {
  const text = env[key]?.trim();
  if (text === undefined || text === '') return undefined;
  const url = parseHttpUrl(text);
  if (url === undefined)
    diag.warn(`clew: ${key} is not an http or https address: "${shorten(text)}"`);
  return url;
}

function parseHttpUrl(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined;
}

function readHeaders(env: Environment): Readonly<Record<string, string>> {
  return {
    ...parsePairs(env['OTEL_EXPORTER_OTLP_HEADERS'], 'OTEL_EXPORTER_OTLP_HEADERS'),
    ...parsePairs(env['OTEL_EXPORTER_OTLP_TRACES_HEADERS'], 'OTEL_EXPORTER_OTLP_TRACES_HEADERS'),
  };
}

/** `key=value,key=value`, percent-encoded, as OpenTelemetry writes lists in the environment. */
function parsePairs(text: string | undefined, key: string): Readonly<Record<string, string>> {
  const pairs: Record<string, string> = {};
  for (const part of (text ?? '').split(',')) {
    if (part.trim() === '') continue;
    const separator = part.indexOf('=');
    const name = decodePercent(part.slice(0, Math.max(separator, 0)).trim());
    const value = decodePercent(part.slice(separator + 1).trim());
    if (name === undefined || name === '' || value === undefined) {
      diag.warn(`clew: ${key} has a part that is not key=value: "${shorten(part)}"`);
    } else {
      pairs[name] = value;
    }
  }
  return pairs;
}

function decodePercent(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined; // A stray percent sign; the caller names the whole part.
  }
}

function readTimeout(env: Environment): number | undefined {
  const key = 'OTEL_EXPORTER_OTLP_TIMEOUT';
  const text = env[key];
  if (text === undefined || text.trim() === '') return undefined;
  const timeoutMs = Number(text);
  if (timeoutMs > 0 && Number.isFinite(timeoutMs)) return timeoutMs;
  diag.warn(`clew: ${key} is not a number of milliseconds: "${shorten(text)}"`);
  return undefined;
}

function positive(value: number | undefined, key: string): number | undefined {
  if (value === undefined || (Number.isInteger(value) && value > 0)) return value;
  throw new ConfigError(`not a whole number above zero: "${value}"`, { key, value: String(value) });
}
