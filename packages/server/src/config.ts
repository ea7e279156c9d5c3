/**
 * Every option of `clew serve`, in one table: its name, its default, what it accepts. Flag, environment variable, file
 * key and `--help` are all made from it. Options are read once and checked once, before anything is started, so nothing
 * else in the server ever sees a value that cannot be used.
 */
import { resolve } from 'node:path';
import { ConfigError, shorten } from '@clew/model';
import { parseDocument } from 'yaml';

/** A port to listen on; 0 lets the system choose a free one, `off` does not listen. */
export type PortSetting = number | 'off';

export interface Config {
  readonly host: string;
  /** Absolute. */
  readonly dataDir: string;
  readonly retentionMs: number;
  readonly httpPort: PortSetting;
  readonly otlpGrpcPort: PortSetting;
  readonly otlpHttpPort: PortSetting;
  readonly healthPort: PortSetting;
  readonly metricsPort: PortSetting;
  /** Empty, or a path that begins with a slash and does not end with one. */
  readonly basePath: string;
  /** `*`, or origins in which a host may begin with `*.` and a port may be `*`. */
  readonly corsOrigins: readonly string[];
  /** Host names, in lower case and without a port. */
  readonly allowedHosts: readonly string[];
  readonly maxRequestBytes: number;
  readonly logFormat: 'text' | 'json';
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
}

/** An option as a user meets it. */
export interface ConfigOption {
  /** With its dashes: `--http-port`. */
  readonly flag: string;
  /** What stands for the value in `--help`: `port`. */
  readonly placeholder: string;
  readonly environmentVariable: string;
  readonly description: string;
  readonly defaultText: string;
}

/** Where options come from. Flags are given without their dashes. */
export interface ConfigSources {
  readonly flags: Readonly<Record<string, string | undefined>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly readFile: (path: string) => string;
}

/**
 * Reads all options: a flag wins over an environment variable, that over the file, that over the default. An empty
 * environment variable counts as absent. Throws `ConfigError`, which names the option the way it was written.
 */
export function loadConfig(sources: ConfigSources): Config {
  const file = readConfigFile(sources);
  const parse = <Value>(name: string, { defaultText, expected, parse }: Definition<Value>): Value =>
    parseSetting(findSetting(name, defaultText, sources, file), expected, parse);
  const config: Config = {
    host: parse('host', OPTIONS.host),
    dataDir: parse('data-dir', OPTIONS['data-dir']),
    retentionMs: parse('retention', OPTIONS.retention),
    httpPort: parse('http-port', OPTIONS['http-port']),
    otlpGrpcPort: parse('otlp-grpc-port', OPTIONS['otlp-grpc-port']),
    otlpHttpPort: parse('otlp-http-port', OPTIONS['otlp-http-port']),
    healthPort: parse('health-port', OPTIONS['health-port']),
    metricsPort: parse('metrics-port', OPTIONS['metrics-port']),
    basePath: parse('base-path', OPTIONS['base-path']),
    corsOrigins: parse('cors-origins', OPTIONS['cors-origins']),
    allowedHosts: parse('allowed-hosts', OPTIONS['allowed-hosts']),
    maxRequestBytes: parse('max-request-bytes', OPTIONS['max-request-bytes']),
    logFormat: parse('log-format', OPTIONS['log-format']),
    logLevel: parse('log-level', OPTIONS['log-level']),
  };
  checkPortsDiffer(config);
  return config;
}

interface Definition<Value> {
  readonly placeholder: string;
  readonly description: string;
  readonly defaultText: string;
  /** Completes "expected …". */
  readonly expected: string;
  /** `undefined` when the text cannot be used. */
  readonly parse: (text: string) => Value | undefined;
}

const LOCAL_ORIGINS = ['localhost', '127.0.0.1', '[::1]']
  .flatMap((host) => [`http://${host}:*`, `https://${host}:*`])
  .join(',');

const MAX_REQUEST_BYTES = 1024 ** 3;

const OPTIONS = {
  host: define({
    placeholder: 'address',
    description: 'address to listen on; 0.0.0.0 for all',
    defaultText: '127.0.0.1',
    expected: 'an IP address or a host name',
    parse: parseHost,
  }),
  'data-dir': define({
    placeholder: 'directory',
    description: 'where spans are kept',
    defaultText: './clew-data',
    expected: 'a directory',
    parse: (text) => (text === '' ? undefined : resolve(text)),
  }),
  retention: define({
    placeholder: 'duration',
    description: 'how long spans are kept, counted from their start',
    defaultText: '7d',
    expected: 'a number with a unit of m, h, d or w, at least 1m, such as 36h or 7d',
    parse: parseRetention,
  }),
  'http-port': definePort(16686, 'port of the UI and the query APIs, or off'),
  'otlp-grpc-port': definePort(4317, 'port of the OTLP receiver over gRPC, or off'),
  'otlp-http-port': definePort(4318, 'port of the OTLP receiver over HTTP, or off'),
  'health-port': definePort(13133, 'port of /live and /ready, or off'),
  'metrics-port': definePort(8888, "port of /metrics, Clew's own Prometheus metrics, or off"),
  'base-path': define({
    placeholder: 'path',
    description: 'path below which the UI and its APIs are served, for a reverse proxy',
    defaultText: '/',
    expected: 'a path such as /tracing',
    parse: parseBasePath,
  }),
  'cors-origins': define({
    placeholder: 'origins',
    description: 'web origins that may send spans, comma-separated; * for all, off for none',
    defaultText: LOCAL_ORIGINS,
    expected: 'origins such as https://shop.example or http://localhost:*, or *, or off',
    parse: parseOrigins,
  }),
  'allowed-hosts': define({
    placeholder: 'names',
    description: 'further host names under which the UI may be asked for changes, comma-separated',
    defaultText: '',
    expected: 'host names without a port',
    parse: (text) => parseList(text, (name) => (HOST_NAME.test(name) ? name : undefined)),
  }),
  'max-request-bytes': define({
    placeholder: 'size',
    description: 'largest request a receiver takes, compressed and decompressed',
    defaultText: '16MiB',
    expected: 'a size up to 1GiB in bytes or with a unit, such as 500kB or 16MiB',
    parse: (text) => parseSize(text),
  }),
  'log-format': define({
    placeholder: 'format',
    description: 'text or json, one entry a line on standard error',
    defaultText: 'text',
    expected: 'text or json',
    parse: (text) => (['text', 'json'] as const).find((format) => format === text),
  }),
  'log-level': define({
    placeholder: 'level',
    description: 'debug, info, warn or error',
    defaultText: 'info',
    expected: 'debug, info, warn or error',
    parse: (text) => (['debug', 'info', 'warn', 'error'] as const).find((level) => level === text),
  }),
};

const CONFIG_FILE = 'config';

/** All options in the order `--help` shows them; the file's own name last. */
export const CONFIG_OPTIONS: readonly ConfigOption[] = [
  ...Object.entries(OPTIONS).map(([name, definition]) => describe(name, definition)),
  describe(CONFIG_FILE, {
    placeholder: 'file',
    description: 'YAML file with options, named as the flags are without their dashes',
    defaultText: '',
  }),
];

function define<Value>(definition: Definition<Value>): Definition<Value> {
  return definition;
}

function definePort(port: number, description: string): Definition<PortSetting> {
  return {
    placeholder: 'port',
    description,
    defaultText: String(port),
    expected: 'a port from 1 to 65535, 0 for any free one, or off',
    parse: parsePort,
  };
}

function describe(
  name: string,
  {
    placeholder,
    description,
    defaultText,
  }: Pick<Definition<unknown>, 'placeholder' | 'description' | 'defaultText'>,
): ConfigOption {
  return {
    flag: `--${name}`,
    placeholder,
    environmentVariable: environmentVariable(name),
    description,
    defaultText,
  };
}

function environmentVariable(name: string): string {
  return `CLEW_${name.toUpperCase().replaceAll('-', '_')}`;
}

interface ConfigFile {
  readonly path: string;
  readonly settings: ReadonlyMap<string, string>;
}

interface Setting {
  /** The option as the user wrote it. */
  readonly key: string;
  /** Where, when the key does not tell. */
  readonly place: string;
  readonly text: string;
}

function findSetting(
  name: string,
  defaultText: string,
  { flags, environment }: ConfigSources,
  file: ConfigFile | undefined,
): Setting {
  const flag = flags[name];
  if (flag !== undefined) return { key: `--${name}`, place: '', text: flag };
  const variable = environment[environmentVariable(name)];
  if (variable !== undefined && variable !== '')
    return { key: environmentVariable(name), place: '', text: variable };
  const line = file?.settings.get(name);
  if (line !== undefined) return { key: name, place: ` in ${file?.path}`, text: line };
  return { key: `--${name}`, place: '', text: defaultText };
}

function parseSetting<Value>(
  { key, place, text }: Setting,
  expected: string,
  parse: (text: string) => Value | undefined,
): Value {
  const value = parse(text.trim());
  if (value !== undefined) return value;
  throw new ConfigError(`${key}${place} is "${shorten(text)}": expected ${expected}`, {
    key,
    value: text,
  });
}

function readConfigFile(sources: ConfigSources): ConfigFile | undefined {
  const { key, text: path } = findSetting(CONFIG_FILE, '', sources, undefined);
  if (path === '') return undefined;
  const document = parseDocument(readText(sources, key, path), { schema: 'failsafe' });
  const broken = document.errors[0];
  if (broken !== undefined) {
    const reason = broken.message.split('\n')[0]?.replace(/:$/, '') ?? '';
    throw new ConfigError(`${path} is not YAML: ${reason}`, { key, value: path, cause: broken });
  }
  const content: unknown = document.toJS();
  if (content === null || content === '') return { path, settings: new Map() };
  if (typeof content !== 'object' || Array.isArray(content)) {
    throw new ConfigError(`${path} must hold a line per option, such as "http-port: 16686"`, {
      key,
      value: path,
    });
  }
  const settings = Object.entries(content).map(([name, value]): [string, string] => [
    name,
    readFileValue(path, name, value),
  ]);
  return { path, settings: new Map(settings) };
}

function readText({ readFile }: ConfigSources, key: string, path: string): string {
  try {
    return readFile(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`${key} names a file that cannot be read: ${reason}`, {
      key,
      value: path,
      cause,
    });
  }
}

/** A value of the file as the flag would be written: lists are joined by commas. */
function readFileValue(path: string, name: string, value: unknown): string {
  if (!Object.hasOwn(OPTIONS, name)) {
    throw new ConfigError(
      `unknown option in ${path}: "${shorten(name)}"; known are ${Object.keys(OPTIONS).join(', ')}`,
      { key: name },
    );
  }
  if (typeof value === 'string' && value !== '') return value;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string'))
    return value.join(',');
  throw new ConfigError(`${name} in ${path} needs a value: expected text, a number or a list`, {
    key: name,
    value: JSON.stringify(value),
  });
}

/** Two listeners on one port would fail one after the other and name the wrong culprit. */
function checkPortsDiffer(config: Config): void {
  const ports = Object.entries({
    '--http-port': config.httpPort,
    '--otlp-grpc-port': config.otlpGrpcPort,
    '--otlp-http-port': config.otlpHttpPort,
    '--health-port': config.healthPort,
    '--metrics-port': config.metricsPort,
  }).filter(([, port]) => port !== 'off' && port !== 0);
  for (const [index, [flag, port]] of ports.entries()) {
    const other = ports.slice(0, index).find(([, earlier]) => earlier === port);
    if (other === undefined) continue;
    throw new ConfigError(`${flag} and ${other[0]} are both ${port}: expected different ports`, {
      key: flag,
      value: String(port),
    });
  }
}

const HOST_NAME = /^[a-z0-9]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9_-]*[a-z0-9])?)*$/i;
const IPV6 = /^[0-9a-f:.]*:[0-9a-f:.]*(%\w+)?$/i;

function parseHost(text: string): string | undefined {
  const host = text.replace(/^\[(.*)\]$/, '$1');
  return HOST_NAME.test(host) || IPV6.test(host) ? host : undefined;
}

function parsePort(text: string): PortSetting | undefined {
  if (text === 'off') return 'off';
  if (!/^\d{1,5}$/.test(text)) return undefined;
  const port = Number(text);
  return port <= 65535 ? port : undefined;
}

const RETENTION_UNITS_MS: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};

function parseRetention(text: string): number | undefined {
  const match = /^(\d{1,6}(?:\.\d{1,6})?)\s*([mhdw])$/.exec(text);
  const unitMs = RETENTION_UNITS_MS[match?.[2] ?? ''] ?? 0;
  const milliseconds = Math.round(Number(match?.[1]) * unitMs);
  return milliseconds >= 60_000 ? milliseconds : undefined;
}

const SIZE_UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1e3,
  kib: 1024,
  mb: 1e6,
  mib: 1024 ** 2,
  gb: 1e9,
  gib: 1024 ** 3,
};

function parseSize(text: string): number | undefined {
  const match = /^(\d{1,10}(?:\.\d{1,3})?)\s*([a-z]*)$/i.exec(text);
  const unit = SIZE_UNITS[match?.[2]?.toLowerCase() ?? ''];
  if (match === null || unit === undefined) return undefined;
  const bytes = Math.round(Number(match[1]) * unit);
  return bytes >= 1 && bytes <= MAX_REQUEST_BYTES ? bytes : undefined;
}

function parseBasePath(text: string): string | undefined {
  const path = text.replace(/\/+$/, '');
  return path === '' || /^(\/[\w.~-]+)+$/.test(path) ? path : undefined;
}

const ORIGIN = /^https?:\/\/((\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])(:(\d{1,5}|\*))?$/;

function parseOrigins(text: string): readonly string[] | undefined {
  if (text === 'off') return [];
  const origins = parseList(text, (origin) =>
    origin === '*' || ORIGIN.test(origin) ? origin : undefined,
  );
  return origins?.length === 0 ? undefined : origins;
}

function parseList(
  text: string,
  parseItem: (item: string) => string | undefined,
): readonly string[] | undefined {
  const items = text
    .split(',')
    .map((item) => item.trim().toLowerCase())
    .filter((item) => item !== '');
  const parsed = items.map(parseItem).filter((item) => item !== undefined);
  return parsed.length === items.length ? parsed : undefined;
}
