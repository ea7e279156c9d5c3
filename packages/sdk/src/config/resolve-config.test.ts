import { diag } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { InitOptions } from '../init-options.ts';
import { AlwaysOnSampler } from '../sampling/always-on-sampler.ts';
import { resolveConfig } from './resolve-config.ts';
import type { SdkConfig } from './resolve-config.ts';

const PEM = '-----BEGIN CERTIFICATE-----';
const FILES: Readonly<Record<string, string>> = {
  '/ca.pem': `${PEM} ca`,
  '/cert.pem': `${PEM} cert`,
  '/key.pem': `${PEM} key`,
  '/text': 'not a certificate',
};

let warnings: string[];

beforeEach(() => {
  const warn = (message: string): void => void warnings.push(message);
  const log = (): void => undefined;
  diag.setLogger({ error: warn, warn, info: log, debug: log, verbose: log });
  warnings = [];
});

afterEach(() => diag.disable());

function resolve(env: Record<string, string>, options: InitOptions = {}): SdkConfig {
  return resolveConfig(options, env, (path) => FILES[path]);
}

const CLIENT = {
  OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: '/cert.pem',
  OTEL_EXPORTER_OTLP_CLIENT_KEY: '/key.pem',
};
const GRPC = { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' };
const RATIO = { OTEL_TRACES_SAMPLER: 'traceidratio' };
const parentBased = (root: unknown): unknown => ({ type: 'parent_based', root });

interface Row {
  readonly key: string;
  readonly good: string;
  readonly value: unknown;
  readonly bad: readonly string[];
  readonly read: (config: SdkConfig) => unknown;
  /** What else is set. */
  readonly beside?: Record<string, string>;
}

const TABLE: readonly Row[] = [
  {
    key: 'OTEL_SERVICE_NAME',
    good: 'shop',
    value: 'shop',
    bad: [],
    read: (config) => config.serviceName,
  },
  {
    key: 'OTEL_RESOURCE_ATTRIBUTES',
    good: 'team=a%20b, tier = 1',
    value: { team: 'a b', tier: '1' },
    bad: ['stray', '=x', 'a=%'],
    read: (config) => config.resourceAttributes,
  },
  {
    key: 'OTEL_SDK_DISABLED',
    good: 'TRUE',
    value: true,
    bad: ['1', 'yes'],
    read: (config) => config.isDisabled,
  },
  {
    key: 'OTEL_TRACES_EXPORTER',
    good: 'console',
    value: [false, true],
    bad: ['zipkin'],
    read: (config) => [config.isExporting, config.isPrinting],
  },
  {
    key: 'OTEL_TRACES_EXPORTER',
    good: 'otlp, console',
    value: [true, true],
    bad: ['zipkin,'],
    read: (config) => [config.isExporting, config.isPrinting],
  },
  {
    key: 'OTEL_TRACES_EXPORTER',
    good: 'none',
    value: false,
    bad: ['otlp4'],
    read: (config) => config.isExporting,
  },
  {
    key: 'CLEW_CONSOLE',
    good: '1',
    value: true,
    bad: ['yes'],
    read: (config) => config.isPrinting,
  },
  {
    key: 'OTEL_TRACES_SAMPLER',
    good: 'always_off',
    value: { type: 'always_off' },
    bad: ['xray', 'parentbased_xray', 'sometimes'],
    read: (config) => config.sampler,
  },
  {
    key: 'OTEL_TRACES_SAMPLER',
    good: 'parentbased_always_off',
    value: parentBased({ type: 'always_off' }),
    bad: ['parentbased'],
    read: (config) => config.sampler,
  },
  {
    key: 'OTEL_TRACES_SAMPLER_ARG',
    good: '0.25',
    value: { type: 'ratio', probability: 0.25 },
    bad: ['2', '-1', 'half'],
    read: (config) => config.sampler,
    beside: RATIO,
  },
  {
    key: 'OTEL_TRACES_SAMPLER_ARG',
    good: 'endpoint=https://jaeger:1234/api/, pollingIntervalMs=5000,initialSamplingRate=0.25',
    value: {
      type: 'jaeger_remote',
      endpoint: new URL('https://jaeger:1234/api/sampling'),
      pollingIntervalMs: 5000,
      initialSamplingRate: 0.25,
    },
    bad: ['endpoint=jaeger', 'pollingIntervalMs=0', 'initialSamplingRate=2', 'interval=3'],
    read: (config) => config.sampler,
    beside: { OTEL_TRACES_SAMPLER: 'jaeger_remote' },
  },
  {
    key: 'OTEL_PROPAGATORS',
    good: 'b3, jaeger,b3',
    value: ['b3', 'jaeger'],
    bad: ['xray'],
    read: (config) => config.propagators,
  },
  {
    key: 'OTEL_PROPAGATORS',
    good: 'none',
    value: [],
    bad: ['nothing'],
    read: (config) => config.propagators,
  },
  {
    key: 'OTEL_BSP_SCHEDULE_DELAY',
    good: '200',
    value: 200,
    bad: ['-1', '1s', '0.5'],
    read: (config) => config.batch.flushIntervalMs,
  },
  {
    key: 'OTEL_BSP_EXPORT_TIMEOUT',
    good: '5000',
    value: 5000,
    bad: ['0', 'x'],
    read: (config) => config.batch.exportTimeoutMs,
  },
  {
    key: 'OTEL_BSP_MAX_QUEUE_SIZE',
    good: '100',
    value: 100,
    bad: ['0', '1e3'],
    read: (config) => config.batch.maxQueueSize,
  },
  {
    key: 'OTEL_BSP_MAX_EXPORT_BATCH_SIZE',
    good: '10',
    value: 10,
    bad: ['0', 'ten'],
    read: (config) => config.batch.maxBatchSize,
  },
  ...otlpRows(),
  ...limitRows(),
];

/** Each of them for all signals, and for traces alone. */
function otlpRows(): Row[] {
  const rows: (Omit<Row, 'key'> & { readonly name: string })[] = [
    {
      name: 'HEADERS',
      good: 'X-Token=a%20b,other=1',
      value: { 'x-token': 'a b', other: '1' },
      bad: ['token', 'bad name=1', 'a=b%0Ac'],
      read: (config) => config.export.headers,
    },
    {
      name: 'TIMEOUT',
      good: '2500',
      value: 2500,
      bad: ['0', '10s'],
      read: (config) => config.export.timeoutMs,
    },
    {
      name: 'PROTOCOL',
      good: 'http/json',
      value: 'http/json',
      bad: ['thrift', 'http'],
      read: (config) => config.export.protocol,
    },
    {
      name: 'COMPRESSION',
      good: 'gzip',
      value: 'gzip',
      bad: ['snappy'],
      read: (config) => config.export.compression,
    },
    {
      name: 'CERTIFICATE',
      good: '/ca.pem',
      value: { ca: FILES['/ca.pem'] },
      bad: ['/none', '/text'],
      read: (config) => config.export.tls,
    },
    {
      name: 'CLIENT_KEY',
      good: '/key.pem',
      value: { cert: FILES['/cert.pem'], key: FILES['/key.pem'] },
      bad: [],
      read: (config) => config.export.tls,
      beside: { OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: '/cert.pem' },
    },
    {
      name: 'CLIENT_CERTIFICATE',
      good: '/cert.pem',
      value: { cert: FILES['/cert.pem'], key: FILES['/key.pem'] },
      bad: [],
      read: (config) => config.export.tls,
      beside: { OTEL_EXPORTER_OTLP_CLIENT_KEY: '/key.pem' },
    },
    {
      name: 'INSECURE',
      good: 'true',
      value: 'http://receiver:4317/',
      bad: ['1'],
      read: (config) => config.export.url.href,
      beside: { ...GRPC, OTEL_EXPORTER_OTLP_ENDPOINT: 'receiver:4317' },
    },
  ];
  const endpoints: Row[] = [
    {
      key: 'OTEL_EXPORTER_OTLP_ENDPOINT',
      good: 'https://receiver:1234/base/',
      value: 'https://receiver:1234/base/v1/traces',
      bad: ['receiver:1234', 'ftp://receiver', '/v1/traces'],
      read: (config) => config.export.url.href,
    },
    {
      key: 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
      good: 'https://receiver:1234/base/',
      value: 'https://receiver:1234/base/',
      bad: ['receiver:1234'],
      read: (config) => config.export.url.href,
    },
  ];
  return [
    ...endpoints,
    ...rows.flatMap(({ name, ...row }) => [
      { ...row, key: `OTEL_EXPORTER_OTLP_${name}` },
      { ...row, key: `OTEL_EXPORTER_OTLP_TRACES_${name}` },
    ]),
  ];
}

function limitRows(): Row[] {
  const limits: [string, keyof SdkConfig['limits']][] = [
    ['OTEL_ATTRIBUTE_COUNT_LIMIT', 'attributeCount'],
    ['OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT', 'attributeCount'],
    ['OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT', 'attributeValueLength'],
    ['OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT', 'attributeValueLength'],
    ['OTEL_SPAN_EVENT_COUNT_LIMIT', 'eventCount'],
    ['OTEL_SPAN_LINK_COUNT_LIMIT', 'linkCount'],
    ['OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT', 'eventAttributeCount'],
    ['OTEL_LINK_ATTRIBUTE_COUNT_LIMIT', 'linkAttributeCount'],
  ];
  return limits.map(([key, limit]) => ({
    key,
    good: '7',
    value: 7,
    bad: ['-1', 'many', '1.5'],
    read: (config) => config.limits[limit],
  }));
}

describe.each(TABLE)('$key', ({ key, good, value, bad, read, beside = {} }) => {
  test(`is understood: ${good}`, () => {
    expect(read(resolve({ ...beside, [key]: good }))).toEqual(value);
    expect(read(resolve({ ...beside, [key]: `  ${good} ` }))).toEqual(value);
    expect(warnings).toEqual([]);
  });

  test('is as good as not set when it is empty', () => {
    const unset = resolve(beside);
    warnings = [];
    expect(resolve({ ...beside, [key]: '' })).toEqual(unset);
    expect(resolve({ ...beside, [key]: ' ' })).toEqual(unset);
    expect(warnings.filter((message) => message.includes(`${key} `))).toEqual([]);
  });

  test.each(bad)('cannot be %j: that is said once, and the default taken', (text) => {
    expect(resolve({ ...beside, [key]: text })).toEqual(resolve(beside));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(new RegExp(`^clew: ${key} `));
  });
});

describe('without options and variables', () => {
  test('the defaults are these', () => {
    expect(resolve({})).toEqual({
      isDisabled: false,
      serviceName: 'unknown_service:node',
      resourceAttributes: {},
      commandArgs: false,
      sampler: parentBased({ type: 'always_on' }),
      propagators: ['tracecontext', 'baggage'],
      isExporting: true,
      export: {
        protocol: 'http/protobuf',
        url: new URL('http://localhost:4318/v1/traces'),
        headers: {},
        timeoutMs: 10_000,
        compression: 'none',
        tls: {},
        diskBuffer: undefined,
      },
      isPrinting: false,
      instrumentHttp: true,
      batch: {
        maxQueueSize: 8192,
        maxQueueBytes: 67_108_864,
        maxBatchSize: 2048,
        flushIntervalMs: 1000,
        exportTimeoutMs: 30_000,
      },
      limits: {
        attributeCount: 128,
        attributeValueLength: 16_384,
        eventCount: 128,
        linkCount: 128,
        eventAttributeCount: 128,
        linkAttributeCount: 128,
      },
    });
    expect(resolve(GRPC).export.url.href).toBe('http://localhost:4317/');
    expect(resolve(RATIO).sampler).toEqual({ type: 'ratio', probability: 1 });
    expect(resolve({ OTEL_TRACES_SAMPLER: 'parentbased_jaeger_remote' }).sampler).toEqual(
      parentBased({
        type: 'jaeger_remote',
        endpoint: new URL('http://localhost:5778/sampling'),
        pollingIntervalMs: 60_000,
        initialSamplingRate: 0.001,
      }),
    );
  });
});

describe('of several that speak of the same', () => {
  test('the program wins over its environment, and what is said of traces over the rest', () => {
    const env = {
      OTEL_SERVICE_NAME: 'env',
      OTEL_RESOURCE_ATTRIBUTES: 'service.name=attributes,team=env',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://general:1',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://traces:1',
      OTEL_EXPORTER_OTLP_HEADERS: 'a=1,b=1,c=1',
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'B=2',
      OTEL_EXPORTER_OTLP_TIMEOUT: '1',
      OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: '2',
      OTEL_BSP_EXPORT_TIMEOUT: '4',
      OTEL_ATTRIBUTE_COUNT_LIMIT: '1',
      OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: '2',
      OTEL_TRACES_SAMPLER: 'always_on',
      OTEL_TRACES_SAMPLER_ARG: '0.5',
    };
    const fromEnv = resolve(env);
    expect(fromEnv.serviceName).toBe('env');
    expect(fromEnv.export.url.href).toBe('http://traces:1/');
    expect(fromEnv.export.headers).toEqual({ a: '1', b: '2', c: '1' });
    expect(fromEnv.export.timeoutMs).toBe(2);
    expect(fromEnv.limits.attributeCount).toBe(2);
    const config = resolve(env, {
      serviceName: 'code',
      resourceAttributes: { team: 'code' },
      endpoint: 'http://code:1',
      headers: { C: '3' },
      timeoutMs: 3,
      exportTimeoutMs: 5,
      limits: { attributeCount: 3, eventCount: Infinity },
      sampler: 'traceidratio',
      samplerArg: 0.125,
      propagators: ['b3'],
      console: false,
    });
    expect(config.serviceName).toBe('code');
    expect(config.resourceAttributes['team']).toBe('code');
    expect(config.export.url.href).toBe('http://code:1/v1/traces');
    expect(config.export.headers).toEqual({ a: '1', b: '2', c: '3' });
    expect(config.export.timeoutMs).toBe(3);
    expect(config.batch.exportTimeoutMs).toBe(5);
    expect(config.limits).toMatchObject({ attributeCount: 3, eventCount: Infinity });
    expect(config.sampler).toEqual({ type: 'ratio', probability: 0.125 });
    expect(config.propagators).toEqual(['b3']);
    expect(resolve(env, { sampler: 'traceidratio' }).sampler).toEqual({
      type: 'ratio',
      probability: 0.5,
    });
  });

  test('what cannot be used of traces leaves what is said of everything', () => {
    const config = resolve({
      OTEL_EXPORTER_OTLP_TIMEOUT: '5',
      OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: 'never',
    });
    expect(config.export.timeoutMs).toBe(5);
  });

  test('a request holds no more spans than may wait', () => {
    expect(resolve({}, { maxQueueSize: 100 }).batch.maxBatchSize).toBe(100);
  });
});

describe('secrets', () => {
  test('of headers are not told', () => {
    resolve({ OTEL_EXPORTER_OTLP_HEADERS: 'secret,bad name=secret,x=%secret' });
    expect(warnings).toHaveLength(3);
    expect(warnings.join()).not.toContain('secret');
  });
});

describe('gRPC', () => {
  test('takes a host and a port, encrypted unless it is told otherwise', () => {
    const endpoint = { ...GRPC, OTEL_EXPORTER_OTLP_ENDPOINT: 'receiver:4317' };
    expect(resolve(endpoint).export.url.href).toBe('https://receiver:4317/');
    expect(
      resolve({ ...endpoint, OTEL_EXPORTER_OTLP_TRACES_INSECURE: 'true' }).export.url.href,
    ).toBe('http://receiver:4317/');
    expect(
      resolve({ ...GRPC, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://receiver:4317' }).export.url.href,
    ).toBe('http://receiver:4317/');
  });
});

describe('a client certificate', () => {
  test('without its key is left out, and that is said', () => {
    const { OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE } = CLIENT;
    expect(resolve({ OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE }).export.tls).toEqual({});
    expect(warnings).toHaveLength(1);
  });
});

describe('options', () => {
  test.each<[object, string]>([
    [{ export: { protocol: 'thrift' } }, 'not one of http/protobuf, http/json, grpc: "thrift"'],
    [{ export: { compression: 'zstd' } }, 'not one of none, gzip: "zstd"'],
    [{ sampler: 'xray' }, 'not one of always_on'],
    [{ sampler: {} }, 'a sampler has a method decide or shouldSample'],
    [{ sampler: 'traceidratio', samplerArg: 2 }, 'is not a number between 0 and 1: "2"'],
    [{ propagators: ['xray'] }, 'not one of tracecontext'],
    [{ headers: { 'bad name': '1' } }, 'not a header that HTTP allows: "bad name"'],
    [{ limits: { linkCount: -1 } }, 'not a whole number: "-1"'],
    [{ export: { headers: { a: 'b\n' } } }, 'not a header that HTTP allows: "a"'],
    [{ export: { url: 'receiver' } }, 'not an http or https address: "receiver"'],
    [{ exportTimeoutMs: 0.5 }, 'not a whole number above zero: "0.5"'],
    [{ maxQueueBytes: 0 }, 'not a whole number above zero: "0"'],
    [{ export: { diskBuffer: { directory: '' } } }, 'a disk buffer has a directory'],
  ])('%j are refused', (options, message) => {
    expect(() => resolve({}, options)).toThrow(message);
  });

  test('that are undefined are as good as left out', () => {
    const options = { endpoint: undefined, sampler: undefined, limits: undefined };
    expect(resolve({}, options as object)).toEqual(resolve({}));
  });

  test('take a sampler of ours, and one of OpenTelemetry', () => {
    const ours = new AlwaysOnSampler();
    expect(resolve({}, { sampler: ours }).sampler).toMatchObject({
      type: 'custom',
      sampler: { description: ours.description },
    });
    const theirs = { shouldSample: () => ({ decision: 2 }), toString: () => 'Theirs' };
    expect(resolve({}, { sampler: theirs }).sampler).toMatchObject({
      type: 'custom',
      sampler: { description: 'Theirs' },
    });
  });

  test('a disk buffer holds 256 MiB unless told otherwise', () => {
    const diskBuffer = { directory: '/d' };
    expect(resolve({}, { export: { diskBuffer } }).export.diskBuffer).toEqual({
      directory: '/d',
      maxBytes: 268_435_456,
    });
  });

  test('of `export` win over the shorter ones, and an address is taken as it is', () => {
    const config = resolve(
      {},
      {
        endpoint: 'http://short:1',
        headers: { a: '1', b: '1' },
        timeoutMs: 1,
        export: { url: new URL('http://long:1/x'), headers: { B: '2' }, timeoutMs: 2 },
      },
    );
    expect(config.export).toMatchObject({ headers: { a: '1', b: '2' }, timeoutMs: 2 });
    expect(config.export.url.href).toBe('http://long:1/x');
  });

  test('headers that a function gives come on top of those that are fixed', async () => {
    const env = { OTEL_EXPORTER_OTLP_HEADERS: 'a=1,b=1' };
    const { headers } = resolve(env, { export: { headers: async () => ({ B: '2' }) } }).export;
    expect(typeof headers === 'function' && (await headers())).toEqual({ a: '1', b: '2' });
  });
});
