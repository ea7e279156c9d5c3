import { ConfigError, shorten } from '@clew/model';
import type { Environment } from './environment.ts';
import type { ExportProtocol } from './export-config.ts';

const TRACES_PATH = '/v1/traces';

/** Where traces are sent. Throws `ConfigError` for an option that is not an http or https address. */
export function resolveExportUrl(
  option: string | undefined,
  protocol: ExportProtocol,
  env: Environment,
): URL {
  const isGrpc = protocol === 'grpc';
  if (option !== undefined) {
    const url = parseHttpUrl(option);
    if (url !== undefined) return isGrpc ? url : withTracesPath(url);
    const text = shorten(option);
    throw new ConfigError(`not an http or https address: "${text}"`, {
      key: 'endpoint',
      value: option,
    });
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

function parseHttpUrl(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined;
}
