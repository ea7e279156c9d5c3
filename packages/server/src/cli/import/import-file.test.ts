import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { OverloadedError } from '@clew/model';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { encodeRequestJson, encodeRequestProtobuf } from '../../receiver/testing/otlp-messages.ts';
import type { WireSpan } from '../../receiver/testing/otlp-messages.ts';
import { startMemoryServer } from '../testing/memory-server.ts';
import type { MemoryServer } from '../testing/memory-server.ts';
import { importFile } from './import-file.ts';
import type { FileReport } from './import-file.ts';
import { readTraceFile } from './trace-file.ts';
import { TraceUploader } from './trace-uploader.ts';
import type { UploadOptions } from './trace-uploader.ts';

let server: MemoryServer;

beforeEach(async () => {
  server = await startMemoryServer(100_000);
});

afterEach(() => server[Symbol.asyncDispose]());

async function* chunksOf(content: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < content.length; at += 1000) yield content.subarray(at, at + 1000);
}

function importContent(
  content: Buffer | string,
  options: Partial<UploadOptions> = {},
): Promise<FileReport> {
  const bytes = Buffer.from(content);
  const file = readTraceFile('traces', chunksOf(bytes), bytes.length);
  const uploader = new TraceUploader({ baseUrl: server.baseUrl, ...options });
  return importFile(file, { uploader });
}

let spanCount = 0;

function wireSpan(given: Partial<WireSpan> = {}): WireSpan {
  const id = (++spanCount).toString(16);
  return {
    traceId: Buffer.from(id.padStart(32, 'a'), 'hex'),
    spanId: Buffer.from(id.padStart(16, 'b'), 'hex'),
    name: 'create-order',
    startTimeUnixNano: 1_795_000_000_000_000_000n,
    endTimeUnixNano: 1_795_000_000_000_000_005n,
    ...given,
  };
}

const wireRequest = (...names: readonly string[]) => ({
  service: 'order-service',
  spans: names.map((name) => wireSpan({ name })),
});
const json = (...names: readonly string[]): string =>
  encodeRequestJson(wireRequest(...names)).toString();
const protobuf = (...names: readonly string[]): Buffer =>
  encodeRequestProtobuf(wireRequest(...names));

function framed(...messages: readonly Buffer[]): Buffer {
  return Buffer.concat(
    messages.flatMap((message) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(message.length);
      return [length, message];
    }),
  );
}

const JAEGER = JSON.stringify({
  data: [
    {
      traceID: 'abc',
      spans: [
        {
          traceID: 'abc',
          spanID: 'def',
          operationName: 'a',
          startTime: 1_795_000_000_000_000,
          duration: 5,
          processID: 'p1',
        },
        {
          traceID: 'abc',
          spanID: 'd00',
          operationName: 'b',
          startTime: 1_795_000_000_000_000,
          duration: 5,
          processID: 'p1',
        },
      ],
      processes: { p1: { serviceName: 'order-service', tags: [] } },
    },
  ],
});

const ZIPKIN = JSON.stringify(
  ['a', 'b'].map((name, index) => ({
    traceId: 'abc',
    id: `d0${index}`,
    name,
    timestamp: 1_795_000_000_000_000,
    duration: 5,
    localEndpoint: { serviceName: 'order-service' },
  })),
);

const FORMATS: readonly (readonly [string, () => Buffer | string])[] = [
  [
    'an OTLP JSON document',
    () => JSON.stringify(JSON.parse(json('a', 'b')) as unknown, undefined, 2),
  ],
  ['OTLP JSON lines', () => `${json('a')}\n\n${json('b')}\n`],
  ['OTLP JSON lines after a byte order mark', () => `\ufeff${json('a')}\r\n${json('b')}\r\n`],
  ['an OTLP protobuf request', () => protobuf('a', 'b')],
  [
    'OTLP protobuf requests one after the other',
    () => Buffer.concat([protobuf('a'), protobuf('b')]),
  ],
  ['OTLP protobuf with lengths', () => framed(protobuf('a'), protobuf('b'))],
  ["Jaeger's JSON", () => JAEGER],
  ["Zipkin's JSON", () => ZIPKIN],
  ["Zipkin's search results", () => JSON.stringify([JSON.parse(ZIPKIN), []])],
];

describe('importing a file', () => {
  test.each(FORMATS)('reads %s, plain and compressed', async (_, create) => {
    const report = { importedSpans: 2, refusedSpans: 0, problems: [], problemCount: 0 };
    expect(await importContent(create())).toMatchObject(report);
    expect(await importContent(gzipSync(create()))).toMatchObject(report);
    expect(server.sink.spans.map(({ name }) => name)).toEqual(['a', 'b', 'a', 'b']);
    expect(server.sink.spans[0]?.resource.service).toBe('order-service');
  });

  test('sends small requests together', async () => {
    const report = await importContent(Array.from({ length: 100 }, () => json('a')).join('\n'));
    expect(report.importedSpans).toBe(100);
    expect(server.sink.batches).toHaveLength(1);
  });

  test('finds nothing in an empty file', async () => {
    expect(await importContent('')).toMatchObject({ importedSpans: 0, problemCount: 0 });
  });

  test('goes on after a line that is broken, and names it', async () => {
    const report = await importContent(`${json('a')}\n${json('b').slice(0, 50)}\n${json('c')}\n`);
    expect(report).toMatchObject({ importedSpans: 2, problemCount: 1 });
    expect(report.problems[0]).toMatch(/^line 2: /);
  });

  test('goes on after a message that is broken, and names it', async () => {
    const broken = protobuf('b').fill(0xff, 1, 4);
    const report = await importContent(framed(protobuf('a'), broken, protobuf('c')));
    expect(report).toMatchObject({ importedSpans: 2, problemCount: 1 });
    expect(report.problems[0]).toMatch(/^message 2: /);
  });

  test.each<[string, () => Buffer]>([
    ['protobuf', () => Buffer.concat([protobuf('a'), protobuf('b').subarray(0, -5)])],
    ['framed protobuf', () => framed(protobuf('a'), protobuf('b')).subarray(0, -5)],
    [
      'gzip',
      () => Buffer.concat([gzipSync(`${json('a')}\n`), gzipSync(json('b')).subarray(0, 20)]),
    ],
  ])('keeps what came before the end of torn %s', async (_, create) => {
    const report = await importContent(create());
    expect(report).toMatchObject({ importedSpans: 1, problemCount: 1 });
    expect(report.problems[0]).toMatch(/truncated|unexpected end/);
  });

  test.each([
    ['hello, world', /no format that Clew knows; --format names it: otlp-json, /],
    [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 1, 2, 3]), /compressed with zstd/],
    ['{"resourceSpans": [\n', /JSON/],
  ])('says what is wrong with %j', async (content, problem) => {
    const report = await importContent(content);
    expect(report).toMatchObject({ importedSpans: 0, problemCount: 1 });
    expect(report.problems[0]).toMatch(problem);
  });

  test('counts the spans that the server refuses, with the reason', async () => {
    const spans = [wireSpan(), wireSpan({ traceId: Buffer.alloc(16) }), wireSpan()];
    const report = await importContent(encodeRequestProtobuf({ service: 'shop', spans }));
    expect(report).toMatchObject({ importedSpans: 2, refusedSpans: 1, problemCount: 0 });
    expect(report.reasons.join()).toMatch(/trace[ _]?id/i);
  });

  test('loses no other span when one is too large for the server', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `span ${index}`);
    const report = await importContent(json(...names.slice(0, 9), 'x'.repeat(120_000), ...names));
    expect(report).toMatchObject({ importedSpans: 29, refusedSpans: 1 });
    expect(report.reasons.join()).toContain('exceeds 100000 bytes');
    expect(server.sink.spans).toHaveLength(29);
  });

  test('waits while the server is busy', async () => {
    server.sink.failure = new OverloadedError('the backlog is full', { retryAfterMs: 100 });
    const reasons: string[] = [];
    const onWait = (reason: string): void => {
      reasons.push(reason);
      server.sink.failure = undefined;
    };
    const startedMs = Date.now();
    expect(await importContent(json('a'), { onWait })).toMatchObject({ importedSpans: 1 });
    expect(reasons).toEqual(['the backlog is full']);
    // The protocol counts in whole seconds.
    expect(Date.now() - startedMs).toBeGreaterThan(900);
  });

  test('gives up when the server stays busy', async () => {
    server.sink.failure = new OverloadedError('the backlog is full', { retryAfterMs: 100 });
    await expect(importContent(json('a'), { retryTimeoutMs: 500 })).rejects.toThrow(
      'gave up after 1 s: the backlog is full',
    );
  });

  test('has no more requests in flight than it may', async () => {
    let open = (): void => undefined;
    server.sink.gate = new Promise((resolve) => (open = resolve));
    const uploader = new TraceUploader({ baseUrl: server.baseUrl, maxInFlight: 2 });
    const first = uploader.send({ bytes: new Uint8Array(protobuf('a')), spanCount: 1 });
    while (server.sink.batches.length < 1) await sleep(5);
    open();
    await first;
    server.sink.gate = new Promise((resolve) => (open = resolve));
    for (const name of ['b', 'c']) {
      await uploader.send({ bytes: new Uint8Array(protobuf(name)), spanCount: 1 });
    }
    let isSent = false;
    const last = uploader
      .send({ bytes: new Uint8Array(protobuf('d')), spanCount: 1 })
      .then(() => (isSent = true));
    await sleep(100);
    expect(server.sink.batches).toHaveLength(3);
    expect(isSent).toBe(false);
    open();
    await last;
    await uploader.drain();
    expect(uploader.counts.importedSpans).toBe(4);
  });

  test('names an address where nobody answers', async () => {
    await server[Symbol.asyncDispose]();
    await expect(importContent(json('a'))).rejects.toThrow(
      /^http:\/\/127\.0\.0\.1:\d+ cannot be reached: .*ECONNREFUSED.*--url names another address$/,
    );
  });

  test('does not take another program for Clew', async () => {
    const other = createServer((_, response) => response.end('<html>')).listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const baseUrl = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    await expect(importContent(json('a'), { baseUrl })).rejects.toThrow("is not Clew's");
    other.close();
  });
});

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
