import type { Attributes } from '@opentelemetry/api';
import type { InitOptions } from '../init-options.ts';
import { readTextFile } from '../read-file.ts';
import type { ReadFile } from '../read-file.ts';
import type { SpanLimits } from '../trace/span-limits.ts';
import { resolveBatch } from './batch-config.ts';
import type { BatchConfig } from './batch-config.ts';
import { Environment } from './environment.ts';
import type { Variables } from './environment.ts';
import { resolveExport } from './export-config.ts';
import type { ExportConfig } from './export-config.ts';
import { resolveLimits } from './limits-config.ts';
import { resolvePropagators } from './propagator-config.ts';
import type { PropagatorName } from './propagator-config.ts';
import { resolveSampler } from './sampler-config.ts';
import type { SamplerConfig } from './sampler-config.ts';

/** What `init` works with, after options, environment and defaults. */
export interface SdkConfig {
  readonly isDisabled: boolean;
  readonly serviceName: string;
  /** What program and environment say of the process; what is found out is added to it. */
  readonly resourceAttributes: Attributes;
  /** Whether the command line's arguments are told. */
  readonly commandArgs: boolean;
  readonly sampler: SamplerConfig;
  readonly propagators: readonly PropagatorName[];
  /** Whether spans are sent to a receiver. */
  readonly isExporting: boolean;
  readonly export: ExportConfig;
  /** Whether finished traces are printed in the terminal. */
  readonly isPrinting: boolean;
  readonly instrumentHttp: boolean;
  readonly batch: BatchConfig;
  readonly limits: SpanLimits;
}

/**
 * Puts together what the program says, what OpenTelemetry's environment variables say, and the defaults, in this order.
 * Throws `ConfigError` for an option that cannot be used; a variable that cannot be used is reported and ignored.
 */
export function resolveConfig(
  options: InitOptions,
  variables: Variables,
  readFile: ReadFile = readTextFile,
): SdkConfig {
  const env = new Environment(variables);
  const fromEnv = env.pairs('OTEL_RESOURCE_ATTRIBUTES', 'open');
  const exporters = env.choices('OTEL_TRACES_EXPORTER', ['otlp', 'console', 'none']) ?? ['otlp'];
  return {
    isDisabled: env.flag('OTEL_SDK_DISABLED') ?? false,
    serviceName: resolveServiceName(options, env, fromEnv['service.name']),
    resourceAttributes: { ...fromEnv, ...options.resourceAttributes },
    commandArgs: options.commandArgs ?? false,
    sampler: resolveSampler(options, env),
    propagators: resolvePropagators(options.propagators, env),
    isExporting: exporters.includes('otlp'),
    export: resolveExport(options, env, readFile),
    isPrinting: options.console ?? readConsole(env) ?? exporters.includes('console'),
    instrumentHttp: options.instrumentHttp ?? true,
    batch: resolveBatch(options, env),
    limits: resolveLimits(options.limits, env),
  };
}

function resolveServiceName(
  { serviceName, resourceAttributes }: InitOptions,
  env: Environment,
  fromAttributes: string | undefined,
): string {
  const name =
    serviceName ??
    resourceAttributes?.['service.name'] ??
    (env.text('OTEL_SERVICE_NAME') || fromAttributes);
  return name === undefined || name === '' ? 'unknown_service:node' : String(name);
}

/** Ours alone, so `1` and `0` are understood as well. */
function readConsole(env: Environment): boolean | undefined {
  const key = 'CLEW_CONSOLE';
  const text = env.text(key);
  return text === '1' || text === '0' ? text === '1' : env.flag(key);
}
