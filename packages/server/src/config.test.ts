import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CONFIG_OPTIONS, loadConfig } from './config.ts';
import type { ConfigSources } from './config.ts';

function load(sources: Partial<ConfigSources> & { readonly file?: string } = {}) {
  return loadConfig({
    flags: { ...(sources.file === undefined ? {} : { config: 'clew.yaml' }), ...sources.flags },
    environment: sources.environment ?? {},
    readFile: (path) => {
      if (path === 'clew.yaml' && sources.file !== undefined) return sources.file;
      throw new Error(`ENOENT: no such file ${path}`);
    },
  });
}

interface Refusal extends Error {
  readonly key: string;
  readonly value: string;
}

function refusal(sources: Parameters<typeof load>[0]): Refusal {
  try {
    load(sources);
  } catch (error) {
    if (error instanceof Error && error.name === 'ConfigError') return error as Refusal;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

describe('defaults', () => {
  test('are the field’s own ports on the loopback address', () => {
    expect(load()).toMatchObject({
      host: '127.0.0.1',
      httpPort: 16686,
      otlpGrpcPort: 4317,
      otlpHttpPort: 4318,
      healthPort: 13133,
      metricsPort: 8888,
      retentionMs: 7 * 86_400_000,
      maxRequestBytes: 16 * 1024 * 1024,
      basePath: '',
      logFormat: 'text',
      logLevel: 'info',
      allowedHosts: [],
    });
    expect(load().dataDir).toBe(`${process.cwd()}/clew-data`);
    expect(load().corsOrigins).toContain('http://localhost:*');
  });

  test('all have a flag, a variable and a description', () => {
    for (const option of CONFIG_OPTIONS) {
      expect(option.flag).toMatch(/^--[a-z-]+$/);
      expect(option.environmentVariable).toMatch(/^CLEW_[A-Z_]+$/);
      expect(option.description).not.toBe('');
    }
  });
});

test('the documentation has every option with its variable and its default', () => {
  const path = new URL('../../../docs/reference/configuration.md', import.meta.url);
  const rows = readFileSync(path, 'utf8').split('\n');
  for (const { flag, environmentVariable, defaultText } of CONFIG_OPTIONS) {
    const row = rows.find((line) =>
      line.startsWith(`| \`${flag}\` | \`${environmentVariable}\` |`),
    );
    expect(row, flag).toBeDefined();
    if (flag !== '--cors-origins' && defaultText !== '')
      expect(row).toContain(`\`${defaultText}\``);
  }
});

describe('precedence', () => {
  const file = 'http-port: 3\nretention: 3d\nlog-level: warn\n';
  const environment = { CLEW_HTTP_PORT: '2', CLEW_RETENTION: '2d' };

  test('is flag, variable, file, default', () => {
    expect(load({ file, environment, flags: { 'http-port': '1' } })).toMatchObject({
      httpPort: 1,
      retentionMs: 2 * 86_400_000,
      logLevel: 'warn',
      logFormat: 'text',
    });
  });

  test('passes over an empty variable', () => {
    expect(load({ environment: { CLEW_HTTP_PORT: '' } }).httpPort).toBe(16686);
  });

  test('lets a variable name the file', () => {
    const config = loadConfig({
      flags: {},
      environment: { CLEW_CONFIG: '/etc/clew.yaml' },
      readFile: (path) => (path === '/etc/clew.yaml' ? 'http-port: 5' : ''),
    });
    expect(config.httpPort).toBe(5);
  });
});

describe('values', () => {
  test.each([
    ['90m', 90 * 60_000],
    ['1.5h', 90 * 60_000],
    ['2w', 14 * 86_400_000],
  ])('reads the retention %s', (text, expected) => {
    expect(load({ flags: { retention: text } }).retentionMs).toBe(expected);
  });

  test.each([
    ['4096', 4096],
    ['500kB', 500_000],
    ['1 MiB', 1024 ** 2],
    ['1.5mib', 1.5 * 1024 ** 2],
    ['1GiB', 1024 ** 3],
  ])('reads the size %s', (text, expected) => {
    expect(load({ flags: { 'max-request-bytes': text } }).maxRequestBytes).toBe(expected);
  });

  test('reads ports, 0 and off', () => {
    const flags = { 'http-port': '0', 'otlp-grpc-port': 'off', 'otlp-http-port': '65535' };
    expect(load({ flags })).toMatchObject({
      httpPort: 0,
      otlpGrpcPort: 'off',
      otlpHttpPort: 65535,
    });
  });

  test.each([
    ['/', ''],
    ['/tracing/', '/tracing'],
    ['/a/b-c', '/a/b-c'],
  ])('reads the base path %s', (text, expected) => {
    expect(load({ flags: { 'base-path': text } }).basePath).toBe(expected);
  });

  test('reads lists from flags and from the file', () => {
    expect(
      load({ flags: { 'cors-origins': 'https://a.example, http://B.example:80' } }).corsOrigins,
    ).toEqual(['https://a.example', 'http://b.example:80']);
    expect(load({ file: 'allowed-hosts:\n  - a.example\n  - b\n' }).allowedHosts).toEqual([
      'a.example',
      'b',
    ]);
    expect(load({ flags: { 'cors-origins': 'off' } }).corsOrigins).toEqual([]);
    expect(load().embedOrigins).toEqual([]);
    expect(
      load({ environment: { CLEW_EMBED_ORIGINS: 'https://wiki.example' } }).embedOrigins,
    ).toEqual(['https://wiki.example']);
  });

  test('reads an IPv6 address with and without brackets', () => {
    expect(load({ flags: { host: '[::1]' } }).host).toBe('::1');
    expect(load({ flags: { host: '::' } }).host).toBe('::');
  });

  test('takes file values as they are written, without YAML’s own types', () => {
    expect(load({ file: 'otlp-grpc-port: off\nhttp-port: 0\n' })).toMatchObject({
      otlpGrpcPort: 'off',
      httpPort: 0,
    });
  });

  test('accepts an empty file', () => {
    expect(load({ file: '# nothing yet\n' }).httpPort).toBe(16686);
  });
});

describe('refusals', () => {
  test.each<[string, string]>([
    ['http-port', '65536'],
    ['http-port', '-1'],
    ['http-port', '80 80'],
    ['host', 'http://x'],
    ['retention', '7'],
    ['retention', '30 parsecs'],
    ['retention', '1ms'],
    ['max-request-bytes', '0'],
    ['max-request-bytes', '2GiB'],
    ['max-request-bytes', '12 furlongs'],
    ['base-path', 'tracing'],
    ['base-path', '/a//b'],
    ['base-path', '/"><script>'],
    ['cors-origins', 'localhost'],
    ['embed-origins', 'https://a.example; script-src *'],
    ['cors-origins', 'https://a.example/path'],
    ['allowed-hosts', 'a:80'],
    ['log-format', 'xml'],
    ['log-level', 'loud'],
    ['data-dir', ''],
  ])('name the flag --%s with its value %s', (name, value) => {
    const error = refusal({ flags: { [name]: value } });
    expect(error.key).toBe(`--${name}`);
    expect(error.value).toBe(value);
    expect(error.message).toMatch(`--${name} is "${value}": expected `);
  });

  test('name the variable', () => {
    const error = refusal({ environment: { CLEW_OTLP_HTTP_PORT: 'x' } });
    expect(error.message).toBe(
      'CLEW_OTLP_HTTP_PORT is "x": expected a port from 1 to 65535, 0 for any free one, or off',
    );
  });

  test('name the key and the file', () => {
    const error = refusal({ file: 'log-level: loud' });
    expect(error.message).toBe(
      'log-level in clew.yaml is "loud": expected debug, info, warn or error',
    );
    expect(error.key).toBe('log-level');
  });

  test('cover unknown keys', () => {
    expect(refusal({ file: 'http-prot: 80' }).message).toMatch(
      'unknown option in clew.yaml: "http-prot"; known are host, data-dir',
    );
    expect(refusal({ file: 'config: other.yaml' }).key).toBe('config');
    expect(refusal({ file: '__proto__: 1' }).key).toBe('__proto__');
  });

  test.each(['http-port:', 'http-port: {a: 1}', 'cors-origins: [[a]]'])(
    'cover a key without a usable value: %s',
    (file) => {
      expect(refusal({ file }).message).toMatch('in clew.yaml needs a value');
    },
  );

  test.each(['a: [', 'a: 1\na: 2'])('cover what is not YAML: %j', (file) => {
    expect(refusal({ file }).message).toMatch('clew.yaml is not YAML: ');
  });

  test('cover a file that is not a list of options', () => {
    expect(refusal({ file: '- http-port' }).message).toMatch('must hold a line per option');
  });

  test('cover a file that cannot be read', () => {
    expect(refusal({ flags: { config: 'missing.yaml' } }).message).toMatch(
      '--config names a file that cannot be read: ENOENT',
    );
    expect(refusal({ environment: { CLEW_CONFIG: 'missing.yaml' } }).key).toBe('CLEW_CONFIG');
  });

  test('cover one port for two listeners, but not port 0', () => {
    expect(refusal({ flags: { 'http-port': '4317' } }).message).toBe(
      '--otlp-grpc-port and --http-port are both 4317: expected different ports',
    );
    expect(() => load({ flags: { 'http-port': '0', 'health-port': '0' } })).not.toThrow();
  });
});
