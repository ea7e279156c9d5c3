import { validateHeaderName, validateHeaderValue } from 'node:http';
import { ConfigError, shorten } from '@clew/model';
import type { ReadFile } from '../read-file.ts';
import { checkChoice, checkInteger } from './check-option.ts';
import type { Environment } from './environment.ts';
import { resolveExportUrl } from './export-url.ts';
import { resolveTls } from './tls-config.ts';
import type { TlsConfig } from './tls-config.ts';

export const EXPORT_PROTOCOLS = ['http/protobuf', 'http/json', 'grpc'] as const;
export type ExportProtocol = (typeof EXPORT_PROTOCOLS)[number];

export const COMPRESSIONS = ['none', 'gzip'] as const;
export type Compression = (typeof COMPRESSIONS)[number];

/** Where spans that could not be sent wait until they can be, also while the program does not run. */
export interface DiskBufferConfig {
  readonly directory: string;
  /** What is over it goes, the oldest first. */
  readonly maxBytes: number;
}

/** Where spans go, and how. */
export interface ExportConfig {
  readonly protocol: ExportProtocol;
  /** Of the request itself: over HTTP with its path, of gRPC the server's root. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** For one request. */
  readonly timeoutMs: number;
  readonly compression: Compression;
  readonly tls: TlsConfig;
  readonly diskBuffer: DiskBufferConfig | undefined;
}

export interface ExportOptions {
  readonly endpoint?: string;
  readonly protocol?: ExportProtocol;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  readonly compression?: Compression;
  readonly tls?: TlsConfig;
  readonly diskBuffer?: { readonly directory: string; readonly maxBytes?: number };
}

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_DISK_BYTES = 256 * 1024 * 1024;

/** Throws `ConfigError` for an option that cannot be used. */
export function resolveExport(
  options: ExportOptions,
  env: Environment,
  readFile: ReadFile,
): ExportConfig {
  const protocol =
    checkChoice(options.protocol, 'protocol', EXPORT_PROTOCOLS) ??
    env.first(variables('PROTOCOL'), (key) => env.choice(key, EXPORT_PROTOCOLS)) ??
    'http/protobuf';
  return {
    protocol,
    url: resolveExportUrl(options.endpoint, protocol, env),
    headers: { ...readHeaders(env), ...checkHeaders(options.headers) },
    timeoutMs:
      checkInteger(options.timeoutMs, 'timeoutMs', 1) ??
      env.first(variables('TIMEOUT'), (key) => env.integer(key, 1)) ??
      DEFAULT_TIMEOUT_MS,
    compression:
      checkChoice(options.compression, 'compression', COMPRESSIONS) ??
      env.first(variables('COMPRESSION'), (key) => env.choice(key, COMPRESSIONS)) ??
      'none',
    tls: resolveTls(options.tls, env, readFile),
    diskBuffer: resolveDiskBuffer(options.diskBuffer),
  };
}

/** Of the traces alone, before that of every signal. */
function variables(name: string): readonly string[] {
  return [`OTEL_EXPORTER_OTLP_TRACES_${name}`, `OTEL_EXPORTER_OTLP_${name}`];
}

function readHeaders(env: Environment): Readonly<Record<string, string>> {
  const headers: [string, string][] = [];
  for (const key of variables('HEADERS').toReversed()) {
    for (const [name, value] of Object.entries(env.pairs(key, 'secret'))) {
      // One bad header would fail every request.
      if (isHeader(name, value)) headers.push([name.toLowerCase(), value]);
      else env.refuse(key, 'has a header that HTTP does not allow', name);
    }
  }
  return Object.fromEntries(headers);
}

function checkHeaders(
  headers: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      if (isHeader(name, value)) return [name.toLowerCase(), value];
      const message = `not a header that HTTP allows: "${shorten(name)}"`;
      throw new ConfigError(message, { key: 'headers', value: name });
    }),
  );
}

function isHeader(name: string, value: string): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return typeof value === 'string';
  } catch {
    return false; // The caller says which.
  }
}

function resolveDiskBuffer(option: ExportOptions['diskBuffer']): DiskBufferConfig | undefined {
  if (option === undefined) return undefined;
  if (typeof option.directory !== 'string' || option.directory === '') {
    throw new ConfigError('a disk buffer has a directory', { key: 'diskBuffer.directory' });
  }
  const maxBytes = checkInteger(option.maxBytes, 'diskBuffer.maxBytes', 1) ?? DEFAULT_DISK_BYTES;
  return { directory: option.directory, maxBytes };
}
