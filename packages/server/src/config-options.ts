import { resolve } from 'node:path';
import {
  HOST_NAME,
  parseBasePath,
  parseCount,
  parseDuration,
  parseHost,
  parseList,
  parseOrigins,
  parsePort,
  parseSize,
} from './config-values.ts';
import type { PortSetting } from './config-values.ts';

/** What options come to. */
export interface Config {
  readonly host: string;
  /** Absolute. */
  readonly dataDir: string;
  readonly retentionMs: number;
  /** Bytes the store may take before its oldest partitions go; 0 for no limit. */
  readonly maxStoreBytes: number;
  /** Free bytes of the file system below which spans are refused; 0 for no limit. */
  readonly minFreeBytes: number;
  readonly maxBacklogBytes: number;
  readonly queryTimeoutMs: number;
  readonly queryMemoryBytes: number;
  /** Rows that a statement may read; 0 for no limit. */
  readonly queryMaxRows: number;
  readonly fsync: 'always' | 'interval' | 'off';
  readonly fsyncIntervalMs: number;
  readonly httpPort: PortSetting;
  readonly otlpGrpcPort: PortSetting;
  readonly otlpHttpPort: PortSetting;
  readonly jaegerGrpcPort: PortSetting;
  readonly jaegerHttpPort: PortSetting;
  /** UDP. */
  readonly jaegerUdpCompactPort: PortSetting;
  /** UDP. */
  readonly jaegerUdpBinaryPort: PortSetting;
  /** Jaeger's query services. */
  readonly jaegerQueryGrpcPort: PortSetting;
  /** The most that Jaeger's APIs correct clocks by; 0 corrects none. */
  readonly jaegerMaxClockSkewMs: number;
  readonly zipkinPort: PortSetting;
  readonly tempoPort: PortSetting;
  readonly healthPort: PortSetting;
  readonly metricsPort: PortSetting;
  /** Empty, or a path that begins with a slash and does not end with one. */
  readonly basePath: string;
  /** `*`, or origins in which a host may begin with `*.` and a port may be `*`. */
  readonly corsOrigins: readonly string[];
  /** Origins of pages that may show parts of the UI in a frame; empty for none. */
  readonly embedOrigins: readonly string[];
  /** Host names, in lower case and without a port. */
  readonly allowedHosts: readonly string[];
  readonly maxRequestBytes: number;
  readonly maxInFlightBytes: number;
  readonly maxSpansPerRequest: number;
  readonly maxAttributes: number;
  readonly maxValueBytes: number;
  readonly maxNameBytes: number;
  readonly logFormat: 'text' | 'json';
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
}

/** An option: what `--help` says of it, and how its text becomes its value. */
export interface Definition<Value> {
  /** Of the flag, without its dashes. */
  readonly name: string;
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

const KIB = 1024;
const GIB = 1024 ** 3;
const WEEK_MS = 7 * 86_400_000;

/** By name, in the order `--help` shows them. */
export const OPTIONS: { readonly [Field in keyof Config]: Definition<Config[Field]> } = {
  host: {
    name: 'host',
    placeholder: 'address',
    description: 'address to listen on; 0.0.0.0 for all',
    defaultText: '127.0.0.1',
    expected: 'an IP address or a host name',
    parse: parseHost,
  },
  dataDir: {
    name: 'data-dir',
    placeholder: 'directory',
    description: 'where spans are kept',
    defaultText: './clew-data',
    expected: 'a directory',
    parse: (text) => (text === '' ? undefined : resolve(text)),
  },
  retentionMs: {
    name: 'retention',
    placeholder: 'duration',
    description: 'how long spans are kept, counted from their start',
    defaultText: '7d',
    expected: 'a number with a unit of m, h, d or w, at least 1m, such as 36h or 7d',
    parse: (text) => parseDuration(text, { minMs: 60_000, maxMs: 5200 * WEEK_MS }),
  },
  maxStoreBytes: {
    name: 'max-store-bytes',
    placeholder: 'size',
    description: 'size of the store beyond which the oldest spans are dropped, or off',
    defaultText: 'off',
    expected: 'a size of at least 64MiB such as 200GiB, or off',
    parse: (text) => (text === 'off' ? 0 : parseSize(text, { min: 64 * KIB ** 2, max: 1024 ** 5 })),
  },
  minFreeBytes: {
    name: 'min-free-bytes',
    placeholder: 'size',
    description: 'free disk space below which spans are refused until there is more, or off',
    defaultText: '1GiB',
    expected: 'a size such as 500MiB, or off',
    parse: (text) => (text === 'off' ? 0 : parseSize(text, { min: 1, max: 1024 ** 5 })),
  },
  maxBacklogBytes: {
    name: 'max-backlog-bytes',
    placeholder: 'size',
    description: 'accepted spans that may wait for the engine before senders are told to wait',
    defaultText: '384MiB',
    expected: 'a size of at least 1MiB, such as 1GiB',
    parse: (text) => parseSize(text, { min: KIB ** 2, max: 1024 ** 4 }),
  },
  queryTimeoutMs: {
    name: 'query-timeout',
    placeholder: 'duration',
    description: 'longest time that a question may take before it is stopped',
    defaultText: '30s',
    expected: 'a duration from 100ms to 1h, such as 30s',
    parse: (text) => parseDuration(text, { minMs: 100, maxMs: 3_600_000 }),
  },
  queryMemoryBytes: {
    name: 'query-memory-bytes',
    placeholder: 'size',
    description: 'memory that a question may take in the engine before it is stopped',
    defaultText: '1GiB',
    expected: 'a size of at least 16MiB, such as 1GiB',
    parse: (text) => parseSize(text, { min: 16 * KIB ** 2, max: 1024 ** 4 }),
  },
  queryMaxRows: {
    name: 'query-max-rows',
    placeholder: 'count',
    description: 'rows that a statement of a question may read before it is stopped, or off',
    defaultText: 'off',
    expected: 'a number from 10000 to 999999999999, or off',
    parse: (text) => (text === 'off' ? 0 : parseCount(text, { min: 10_000, max: 999_999_999_999 })),
  },
  fsync: {
    name: 'fsync',
    placeholder: 'mode',
    description:
      'when accepted spans are synced to the disk: always (before the answer), interval or off',
    defaultText: 'always',
    expected: 'always, interval or off',
    parse: (text) => (['always', 'interval', 'off'] as const).find((mode) => mode === text),
  },
  fsyncIntervalMs: {
    name: 'fsync-interval',
    placeholder: 'duration',
    description: 'longest time between two syncs with --fsync interval',
    defaultText: '1s',
    expected: 'a duration from 10ms to 1m, such as 500ms',
    parse: (text) => parseDuration(text, { minMs: 10, maxMs: 60_000 }),
  },
  httpPort: definePort('http-port', 16686, 'port of the UI and the query APIs, or off'),
  otlpGrpcPort: definePort('otlp-grpc-port', 4317, 'port of the OTLP receiver over gRPC, or off'),
  otlpHttpPort: definePort('otlp-http-port', 4318, 'port of the OTLP receiver over HTTP, or off'),
  jaegerGrpcPort: definePort(
    'jaeger-grpc-port',
    14250,
    'port of the Jaeger receiver over gRPC, or off',
  ),
  jaegerHttpPort: definePort(
    'jaeger-http-port',
    14268,
    'port of the Jaeger receiver of thrift over HTTP, or off',
  ),
  jaegerUdpCompactPort: definePort(
    'jaeger-udp-compact-port',
    6831,
    'UDP port of Jaeger agents, compact thrift, or off',
  ),
  jaegerUdpBinaryPort: definePort(
    'jaeger-udp-binary-port',
    6832,
    'UDP port of Jaeger agents, binary thrift, or off',
  ),
  jaegerQueryGrpcPort: definePort(
    'jaeger-query-grpc-port',
    16685,
    "port of Jaeger's query services over gRPC, or off",
  ),
  jaegerMaxClockSkewMs: {
    name: 'jaeger-max-clock-skew-adjustment',
    placeholder: 'duration',
    description: "most that Jaeger's APIs move spans by to correct clocks, or off",
    defaultText: 'off',
    expected: 'a duration from 1ms to 7d such as 10s, or off',
    parse: (text) => (text === 'off' ? 0 : parseDuration(text, { minMs: 1, maxMs: WEEK_MS })),
  },
  zipkinPort: definePort('zipkin-port', 9411, 'port of the Zipkin receiver, or off'),
  tempoPort: definePort('tempo-port', 3200, "port of Tempo's API over HTTP and gRPC, or off"),
  healthPort: definePort('health-port', 13133, 'port of /live and /ready, or off'),
  metricsPort: definePort(
    'metrics-port',
    8888,
    "port of /metrics, Clew's own Prometheus metrics, or off",
  ),
  basePath: {
    name: 'base-path',
    placeholder: 'path',
    description: 'path below which the UI and its APIs are served, for a reverse proxy',
    defaultText: '/',
    expected: 'a path such as /tracing',
    parse: parseBasePath,
  },
  corsOrigins: {
    name: 'cors-origins',
    placeholder: 'origins',
    description: 'web origins that may send spans, comma-separated; * for all, off for none',
    defaultText: LOCAL_ORIGINS,
    expected: 'origins such as https://shop.example or http://localhost:*, or *, or off',
    parse: parseOrigins,
  },
  embedOrigins: {
    name: 'embed-origins',
    placeholder: 'origins',
    description:
      'web origins whose pages may embed traces and searches, comma-separated; * for all, off for none',
    defaultText: 'off',
    expected: 'origins such as https://wiki.example or http://localhost:*, or *, or off',
    parse: parseOrigins,
  },
  allowedHosts: {
    name: 'allowed-hosts',
    placeholder: 'names',
    description: 'further host names under which the UI may be asked for changes, comma-separated',
    defaultText: '',
    expected: 'host names without a port',
    parse: (text) => parseList(text, (name) => (HOST_NAME.test(name) ? name : undefined)),
  },
  maxRequestBytes: {
    name: 'max-request-bytes',
    placeholder: 'size',
    description: 'largest request a receiver takes, compressed and decompressed',
    defaultText: '16MiB',
    expected: 'a size up to 1GiB in bytes or with a unit, such as 500kB or 16MiB',
    parse: (text) => parseSize(text, { min: 1, max: GIB }),
  },
  maxInFlightBytes: {
    name: 'max-in-flight-bytes',
    placeholder: 'size',
    description: 'bytes of all requests in flight together',
    defaultText: '256MiB',
    expected: 'a size of at least 1MiB, such as 256MiB',
    parse: (text) => parseSize(text, { min: KIB ** 2, max: 64 * GIB }),
  },
  maxSpansPerRequest: {
    name: 'max-spans-per-request',
    placeholder: 'count',
    description: 'spans of one request; a request with more is refused',
    defaultText: '250000',
    expected: 'a number from 1 to 10000000',
    parse: (text) => parseCount(text, { min: 1, max: 10_000_000 }),
  },
  maxAttributes: {
    name: 'max-attributes',
    placeholder: 'count',
    description: 'attributes of one span, event, link, resource or scope; more are dropped',
    defaultText: '1024',
    expected: 'a number from 1 to 100000',
    parse: (text) => parseCount(text, { min: 1, max: 100_000 }),
  },
  maxValueBytes: {
    name: 'max-value-bytes',
    placeholder: 'size',
    description: 'bytes of one attribute value; a longer one is cut',
    defaultText: '64KiB',
    expected: 'a size from 64B to 16MiB, such as 64KiB',
    parse: (text) => parseSize(text, { min: 64, max: 16 * KIB ** 2 }),
  },
  maxNameBytes: {
    name: 'max-name-bytes',
    placeholder: 'size',
    description: 'bytes of one span name or attribute key',
    defaultText: '4KiB',
    expected: 'a size from 64B to 64KiB, such as 4KiB',
    parse: (text) => parseSize(text, { min: 64, max: 64 * KIB }),
  },
  logFormat: {
    name: 'log-format',
    placeholder: 'format',
    description: 'text or json, one entry a line on standard error',
    defaultText: 'text',
    expected: 'text or json',
    parse: (text) => (['text', 'json'] as const).find((format) => format === text),
  },
  logLevel: {
    name: 'log-level',
    placeholder: 'level',
    description: 'debug, info, warn or error',
    defaultText: 'info',
    expected: 'debug, info, warn or error',
    parse: (text) => (['debug', 'info', 'warn', 'error'] as const).find((level) => level === text),
  },
};

function definePort(name: string, port: number, description: string): Definition<PortSetting> {
  return {
    name,
    placeholder: 'port',
    description,
    defaultText: String(port),
    expected: 'a port from 1 to 65535, 0 for any free one, or off',
    parse: parsePort,
  };
}
