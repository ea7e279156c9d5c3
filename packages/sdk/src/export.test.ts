import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { encodeExportResponseProtobuf } from '@clew/protocol';
import { diag } from '@opentelemetry/api';
import type { DiagLogger } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { init, startSpan, withSpan } from './index.ts';
import type { Clew, ExportStats, InitOptions } from './index.ts';
import { OtlpSink } from './testing/otlp-sink.ts';
import { readAttributes } from './testing/read-attributes.ts';

// Some of these wait for pauses between tries, and some start processes.
vi.setConfig({ testTimeout: 60_000 });

let sink: OtlpSink;
let clew: Clew | undefined;
let messages: string[];

beforeEach(async () => {
  messages = [];
  sink = await OtlpSink.start();
});

afterEach(async () => {
  await clew?.shutdown();
  diag.disable();
  await sink.stop();
});

function start(options: InitOptions = {}): Clew {
  const log = (message: string): void => void messages.push(message);
  const logger: DiagLogger = { error: log, warn: log, info: log, debug: log, verbose: log };
  clew = init({ serviceName: 'app', endpoint: sink.endpoint, logger, ...options });
  return clew;
}

function endSpans(count: number): void {
  for (let i = 0; i < count; i++) startSpan(`span-${i}`).finish();
}

function counts(stats: ExportStats): Record<string, number> {
  const sum =
    stats.exportedSpanCount +
    stats.rejectedSpanCount +
    stats.droppedSpanCount +
    stats.queuedSpanCount;
  expect(sum).toBe(stats.endedSpanCount);
  return {
    exported: stats.exportedSpanCount,
    rejected: stats.rejectedSpanCount,
    dropped: stats.droppedSpanCount,
    queued: stats.queuedSpanCount,
  };
}

describe('sending', () => {
  test('happens by itself soon after a span has ended, over one connection', async () => {
    start({ flushIntervalMs: 20 });
    endSpans(1);
    await sink.waitFor((spans) => spans.length === 1);
    endSpans(1);
    await sink.waitFor((spans) => spans.length === 2);
    const ports = sink.requests.map((request) => request.socket.remotePort);
    expect(new Set(ports).size).toBe(1);
    expect(sink.requests[0]).toMatchObject({ method: 'POST', url: '/v1/traces' });
    expect(sink.requests[0]?.headers['content-type']).toBe('application/x-protobuf');
    expect(sink.requests[0]?.headers['traceparent']).toBeUndefined();
  });

  test('starts before the interval when a batch is full, and splits what is more', async () => {
    start({ flushIntervalMs: 60_000, maxBatchSize: 10 });
    endSpans(35);
    await sink.waitFor((spans) => spans.length === 30);
    await clew?.forceFlush();
    expect(sink.requests).toHaveLength(4);
    expect(new Set(sink.spans.map((span) => span.name)).size).toBe(35);
  });

  test('carries the resource and the headers that were given', async () => {
    start({
      headers: { authorization: 'Bearer x' },
      resourceAttributes: { 'deployment.environment.name': 'test' },
    });
    endSpans(1);
    await clew?.forceFlush();
    expect(sink.requests[0]?.headers.authorization).toBe('Bearer x');
    const { resource } = sink.spans[0] ?? {};
    expect(resource?.service).toBe('app');
    expect(readAttributes(resource?.attributes)).toMatchObject({
      'service.name': 'app',
      'deployment.environment.name': 'test',
      'telemetry.sdk.name': '@clew/sdk',
      'process.pid': BigInt(process.pid),
    });
  });
});

describe('a receiver in trouble', () => {
  test('that refuses in part is counted exactly and quoted', async () => {
    const body = encodeExportResponseProtobuf({ rejectedSpans: 2, message: 'no such day' });
    sink.answerWith(() => ({ status: 200, body }));
    endSpansWith(start(), 5);
    await clew?.forceFlush();
    expect(counts(read())).toEqual({ exported: 3, rejected: 2, dropped: 0, queued: 0 });
    expect(messages.join()).toContain('no such day');
  });

  test('that answers 200 and nonsense has taken the spans', async () => {
    sink.answerWith(() => ({ status: 200, body: '<html>hello</html>' }));
    endSpansWith(start(), 5);
    await clew?.forceFlush();
    expect(counts(read())).toEqual({ exported: 5, rejected: 0, dropped: 0, queued: 0 });
  });

  test.each([400, 401, 404, 413, 500])('that answers %i is not asked again', async (status) => {
    sink.answerWith(() => ({ status }));
    start({ maxBatchSize: 2 });
    endSpans(4);
    await clew?.forceFlush();
    expect(sink.requests).toHaveLength(2);
    expect(counts(read())).toEqual({ exported: 0, rejected: 4, dropped: 0, queued: 0 });
    // The same trouble is told once.
    expect(messages.filter((message) => message.includes(String(status)))).toHaveLength(1);
  });

  test.each([429, 502, 503, 504])('that answers %i gets the same spans again', async (status) => {
    sink.answerWith((index) =>
      index < 2 ? { status, headers: { 'retry-after': '0' } } : { status: 200 },
    );
    endSpansWith(start(), 3);
    await clew?.forceFlush();
    expect(sink.requests).toHaveLength(3);
    expect(sink.spans.map((span) => span.name)).toEqual(['span-0', 'span-1', 'span-2']);
    expect(counts(read())).toEqual({ exported: 3, rejected: 0, dropped: 0, queued: 0 });
    expect(messages.join()).toMatch(/trying again.*takes spans again/);
  });

  test('that stays unavailable is given up after five tries', async () => {
    sink.answerWith(() => ({ status: 503, headers: { 'retry-after': '0' } }));
    endSpansWith(start(), 3);
    await clew?.forceFlush();
    expect(sink.requests).toHaveLength(5);
    expect(counts(read())).toEqual({ exported: 0, rejected: 0, dropped: 3, queued: 0 });
  });

  test('that names a time is left alone until then', async () => {
    sink.answerWith((index) =>
      index === 0 ? { status: 429, headers: { 'retry-after': '1' } } : { status: 200 },
    );
    endSpansWith(start(), 1);
    const startMs = performance.now();
    await clew?.forceFlush();
    expect(performance.now() - startMs).toBeGreaterThan(990);
    expect(sink.spans).toHaveLength(1);
  });

  test.each(['hang', 'reset', 'garbage'] as const)(
    'that does a %s loses only what does not fit, and recovers',
    async (answer) => {
      sink.answerWith(() => answer);
      start({ maxQueueSize: 20, maxBatchSize: 10, timeoutMs: 300, flushIntervalMs: 10 });
      endSpans(10);
      while (sink.requests.length === 0) await sleep(5);
      // Ten are under way, twenty wait, the oldest five of the rest go.
      for (let i = 0; i < 25; i++) startSpan(`later-${i}`).finish();
      expect(counts(read())).toEqual({ exported: 0, rejected: 0, dropped: 5, queued: 30 });
      sink.answerWith(() => ({ status: 200 }));
      await clew?.forceFlush();
      expect(counts(read())).toEqual({ exported: 30, rejected: 0, dropped: 5, queued: 0 });
      const names = sink.spans.map((span) => span.name);
      expect(names.filter((name) => /^later-[0-4]$/.test(name))).toEqual([]);
      expect(new Set(names).size).toBe(30);
    },
  );

  test('that is not there does not slow the program down', async () => {
    start({ endpoint: 'http://127.0.0.1:1' });
    const startMs = performance.now();
    for (let i = 0; i < 1000; i++) await withSpan('work', async () => i);
    expect(performance.now() - startMs).toBeLessThan(3000);
    await clew?.shutdown();
    expect(performance.now() - startMs).toBeLessThan(6000);
    expect(counts(read())).toMatchObject({ exported: 0, dropped: 1000, queued: 0 });
  });

  test('that hangs holds shutdown up for no longer than it says', async () => {
    sink.answerWith(() => 'hang');
    endSpansWith(start(), 700);
    const startMs = performance.now();
    await clew?.shutdown();
    expect(performance.now() - startMs).toBeLessThan(9000);
    expect(counts(read())).toEqual({ exported: 0, rejected: 0, dropped: 700, queued: 0 });
  });
});

describe('the end of the program', () => {
  test('sends what is left, without being asked', async () => {
    const { code } = await run(`
      init({ serviceName: 'script', endpoint: '${sink.endpoint}' });
      for (let i = 0; i < 1200; i++) startSpan('last').finish();`);
    expect(code).toBe(0);
    expect(sink.spans).toHaveLength(1200);
  });

  test('is not held up by an interval, and not by a receiver that hangs, is gone, or talks for ever', async () => {
    const endless = createServer((socket) => {
      const timer = setInterval(() => socket.write('HTTP/1.1 200 OK\r\n\r\nand so on'), 50);
      socket.on('close', () => clearInterval(timer)).on('error', () => undefined);
    });
    endless.listen(0, '127.0.0.1');
    sink.answerWith(() => 'hang');
    const address = endless.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const endpoints = [sink.endpoint, 'http://127.0.0.1:1', `http://127.0.0.1:${port}`];
    await Promise.all(
      endpoints.map(async (endpoint) => {
        const { code, tookMs } = await run(`
          init({ endpoint: '${endpoint}', flushIntervalMs: 600_000 });
          startSpan('last').finish();`);
        expect(code).toBe(0);
        expect(tookMs).toBeLessThan(8000);
      }),
    );
    endless.close();
  });

  test('comes after a flush that is waited for at the top level', async () => {
    sink.answerWith((index) => (index === 0 ? 'reset' : { status: 200 }));
    const { code, stdout } = await run(`
      const clew = init({ endpoint: '${sink.endpoint}' });
      startSpan('last').finish();
      await clew.forceFlush();
      await clew.shutdown();
      console.log(clew.stats.exportedSpanCount);`);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '1\n' });
  });
});

describe('options', () => {
  test.each([
    [{ endpoint: 'localhost:4318' }, 'not an http or https address: "localhost:4318"'],
    [{ endpoint: '' }, 'not an http or https address: ""'],
    [{ maxQueueSize: 0 }, 'not a whole number above zero: "0"'],
    [{ flushIntervalMs: 0.5 }, 'not a whole number above zero: "0.5"'],
  ])('%j is refused at once', (options, message) => {
    expect(() => init(options)).toThrow(message);
  });

  test('come from the environment where the program does not say', async () => {
    const attributes = 'service.name=other,team=a%20b,stray';
    const { stdout, stderr } = await run(
      `const clew = init();
       startSpan('env').finish();
       await clew.forceFlush();
       console.log(clew.stats.exportedSpanCount);`,
      {
        OTEL_SERVICE_NAME: 'from-env',
        OTEL_RESOURCE_ATTRIBUTES: attributes,
        OTEL_EXPORTER_OTLP_ENDPOINT: `${sink.endpoint}/base/`,
        OTEL_EXPORTER_OTLP_HEADERS: 'x-token=abc',
        OTEL_LOG_LEVEL: 'warn',
      },
    );
    expect(stdout).toBe('1\n');
    expect(stderr).toContain('OTEL_RESOURCE_ATTRIBUTES has a part that is not key=value: "stray"');
    expect(sink.requests[0]?.url).toBe('/base/v1/traces');
    expect(sink.requests[0]?.headers['x-token']).toBe('abc');
    expect(sink.spans[0]?.resource.service).toBe('from-env');
    expect(readAttributes(sink.spans[0]?.resource.attributes)['team']).toBe('a b');
  });

  test('OTEL_SDK_DISABLED turns everything off', async () => {
    const { stdout } = await run(
      `const clew = init({ endpoint: '${sink.endpoint}' });
       startSpan('none').finish();
       console.log(clew.stats.endedSpanCount);`,
      { OTEL_SDK_DISABLED: 'true' },
    );
    expect(stdout).toBe('0\n');
  });
});

function read(): ExportStats {
  if (clew === undefined) throw new Error('not started');
  return clew.stats;
}

function endSpansWith(_: Clew, count: number): void {
  endSpans(count);
}

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly tookMs: number;
}

const INDEX = pathToFileURL(fileURLToPath(new URL('index.ts', import.meta.url))).href;
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

/** Runs a program in a process of its own; the time is that of its own lines, without the start of Node. */
async function run(lines: string, env: Record<string, string> = {}): Promise<Outcome> {
  const program = `const { init, startSpan } = await import('${INDEX}');
    const began = performance.now();
    process.on('exit', () => console.error('took ' + (performance.now() - began)));
    ${lines}`;
  const args = ['--conditions=@clew/source', '--import', TSX, '--input-type=module', '-e', program];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, {
    env: { ...process.env, ...env },
  });
  return { code: 0, stdout, stderr, tookMs: Number(/took (.*)/.exec(stderr)?.[1]) };
}
