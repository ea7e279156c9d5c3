import { ConfigError, shorten } from '@clew/model';
import type { OtlpProtocol } from '../export/exporter-options.ts';
import type { Environment } from './environment.ts';

const TRACES_PATH = '/v1/traces';

interface UrlOptions {
  /** The receiver's root. */
  readonly endpoint: string | undefined;
  /** Of the traces themselves; it wins. */
  readonly url: string | URL | undefined;
}

/** Where traces are sent. Throws `ConfigError` for an option that is not an http or https address. */
export function resolveExportUrl(
  { endpoint, url }: UrlOptions,
  protocol: OtlpProtocol,
  env: Environment,
): URL {
  const isGrpc = protocol === 'grpc';
  if (url !== undefined) return checkUrl(String(url), 'export.url');
  if (endpoint !== undefined) {
    const base = checkUrl(endpoint, 'endpoint');
    return isGrpc ? base : withTracesPath(base);
  }
  const scheme = isGrpc ? grpcScheme(env) : '';
  const traces = readUrl(env, 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', scheme);
  if (traces !== undefined) return traces;
  const base =
    readUrl(env, 'OTEL_EXPORTER_OTLP_ENDPOINT', scheme) ??
    new URL(isGrpc ? 'http://localhost:4317' : 'http://localhost:4318');
  return isGrpc ? base : withTracesPath(base);
}

/** The endpoint is the receiver's root, as OpenTelemetry has it; an address of the traces themselves is understood too. */
function withTracesPath(base: URL): URL {
  const url = new URL(base);
  const path = url.pathname.replace(/\/+$/, '');
  url.pathname = path.endsWith(TRACES_PATH) ? path : `${path}${TRACES_PATH}`;
  return url;
}

/** An address of gRPC may be a host and a port alone. */
function grpcScheme(env: Environment): 'http://' | 'https://' {
  const keys = ['OTEL_EXPORTER_OTLP_TRACES_INSECURE', 'OTEL_EXPORTER_OTLP_INSECURE'];
  return env.first(keys, (key) => env.flag(key)) === true ? 'http://' : 'https://';
}

function readUrl(env: Environment, key: string, scheme: string): URL | undefined {
  const text = env.text(key);
  if (text === undefined) return undefined;
  const url = parseHttpUrl(text.includes('://') ? text : scheme + text);
  return url ?? env.refuse(key, 'is not an http or https address', text);
}

function checkUrl(text: string, key: string): URL {
  const url = parseHttpUrl(text);
  if (url !== undefined) return url;
  throw new ConfigError(`not an http or https address: "${shorten(text)}"`, { key, value: text });
}

function parseHttpUrl(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined;
}
