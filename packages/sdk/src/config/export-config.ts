import { ConfigError, shorten } from '@clew/model';
import type { DiskBufferOptions } from '../export/disk-buffer.ts';
import type {
  ExporterOptions,
  HeaderFields,
  HeaderSource,
  OtlpProtocol,
  TlsFiles,
} from '../export/exporter-options.ts';
import type { ReadFile } from '../read-file.ts';
import { checkChoice, checkInteger } from './check-option.ts';
import type { Environment } from './environment.ts';
import { resolveExportUrl } from './export-url.ts';
import { resolveTls } from './tls-config.ts';
import { http } from '../node-http.ts';

/** Where spans go, and how. Each may be left out. */
export interface ExportOptions {
  /** `OTEL_EXPORTER_OTLP_PROTOCOL`; `http/protobuf`. */
  readonly protocol?: OtlpProtocol;
  /** Of the traces themselves. `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`; as `endpoint` says. */
  readonly url?: string | URL;
  /** Or a function that is asked before each request. `OTEL_EXPORTER_OTLP_HEADERS`; none. */
  readonly headers?: HeaderSource;
  /** For one try to send a request. `OTEL_EXPORTER_OTLP_TIMEOUT`; 10,000. */
  readonly timeoutMs?: number;
  /** `OTEL_EXPORTER_OTLP_COMPRESSION`; `none`. */
  readonly compression?: ExporterOptions['compression'];
  /** Certificates, in PEM. `OTEL_EXPORTER_OTLP_CERTIFICATE`, …; the system's. */
  readonly tls?: TlsFiles;
  /** Where spans wait that cannot be sent, beyond the end of the process: a directory, and 256 MiB. None. */
  readonly diskBuffer?: { readonly directory: string; readonly maxBytes?: number };
}

export interface ExportConfig extends ExporterOptions {
  readonly diskBuffer: DiskBufferOptions | undefined;
}

interface Options {
  readonly endpoint?: string;
  readonly headers?: HeaderFields;
  readonly timeoutMs?: number;
  readonly export?: ExportOptions;
}

const PROTOCOLS = ['http/protobuf', 'http/json', 'grpc'] as const;
const COMPRESSIONS = ['none', 'gzip'] as const;
const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_DISK_BYTES = 256 * 1024 * 1024;

/** Throws `ConfigError` for an option that cannot be used. */
export function resolveExport(
  options: Options,
  env: Environment,
  readFile: ReadFile,
): ExportConfig {
  const own = options.export ?? {};
  const protocol =
    checkChoice(own.protocol, 'export.protocol', PROTOCOLS) ??
    env.first(variables('PROTOCOL'), (key) => env.choice(key, PROTOCOLS)) ??
    'http/protobuf';
  return {
    protocol,
    url: resolveExportUrl({ endpoint: options.endpoint, url: own.url }, protocol, env),
    headers: resolveHeaders(options, env),
    timeoutMs:
      checkInteger(own.timeoutMs, 'export.timeoutMs', 1) ??
      checkInteger(options.timeoutMs, 'timeoutMs', 1) ??
      env.first(variables('TIMEOUT'), (key) => env.integer(key, 1)) ??
      DEFAULT_TIMEOUT_MS,
    compression:
      checkChoice(own.compression, 'export.compression', COMPRESSIONS) ??
      env.first(variables('COMPRESSION'), (key) => env.choice(key, COMPRESSIONS)) ??
      'none',
    tls: resolveTls(own.tls, env, readFile),
    diskBuffer: resolveDiskBuffer(own.diskBuffer),
  };
}

/** Of the traces alone, before that of every signal. */
function variables(name: string): readonly string[] {
  return [`OTEL_EXPORTER_OTLP_TRACES_${name}`, `OTEL_EXPORTER_OTLP_${name}`];
}

/** Each on top of those before: environment, `headers`, `export.headers`. */
function resolveHeaders(options: Options, env: Environment): HeaderSource {
  const fixed = { ...readHeaders(env), ...checkHeaders(options.headers) };
  const own = options.export?.headers;
  if (typeof own !== 'function') return { ...fixed, ...checkHeaders(own) };
  return async () => ({ ...fixed, ...lowerNames(await own()) });
}

function readHeaders(env: Environment): HeaderFields {
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

function checkHeaders(headers: HeaderFields = {}): HeaderFields {
  for (const [name, value] of Object.entries(headers)) {
    if (isHeader(name, value)) continue;
    const message = `not a header that HTTP allows: "${shorten(name)}"`;
    throw new ConfigError(message, { key: 'headers', value: name });
  }
  return lowerNames(headers);
}

function isHeader(name: string, value: string): boolean {
  try {
    http.validateHeaderName(name);
    http.validateHeaderValue(name, value);
    return true;
  } catch {
    return false; // The caller says which.
  }
}

function lowerNames(headers: HeaderFields): HeaderFields {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}

function resolveDiskBuffer(option: ExportOptions['diskBuffer']): DiskBufferOptions | undefined {
  if (option === undefined) return undefined;
  if (typeof option.directory !== 'string' || option.directory === '') {
    throw new ConfigError('a disk buffer has a directory', { key: 'export.diskBuffer' });
  }
  const maxBytes =
    checkInteger(option.maxBytes, 'export.diskBuffer.maxBytes', 1) ?? DEFAULT_DISK_BYTES;
  return { directory: option.directory, maxBytes };
}
