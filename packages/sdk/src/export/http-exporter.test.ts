import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { encodeExportResponseJson, encodeStatusJson, encodeStatusProtobuf } from '@clew/protocol';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { createRequest } from '../testing/export-requests.ts';
import { OtlpSink } from '../testing/otlp-sink.ts';
import { TEST_CERTIFICATE, TEST_KEY } from '../testing/tls-certificate.ts';
import { createExporter } from './create-exporter.ts';
import type { ExporterOptions } from './exporter-options.ts';
import type { ExportResult, SpanExporter } from './span-exporter.ts';

let sink: OtlpSink;

beforeEach(async () => {
  sink = await OtlpSink.start();
});

afterEach(() => sink.stop());

function create(options: Partial<ExporterOptions> = {}): SpanExporter {
  const exporter = createExporter({
    protocol: 'http/protobuf',
    url: new URL(`${sink.endpoint}/v1/traces`),
    headers: {},
    timeoutMs: 2000,
    compression: 'none',
    ...options,
  });
  onTestFinished(() => exporter.close());
  return exporter;
}

function send(options: Partial<ExporterOptions> = {}): Promise<ExportResult> {
  return create(options).export(createRequest('a', 'b'), new AbortController().signal);
}

const ALL_TAKEN: ExportResult = { status: 'success', rejectedSpanCount: 0, message: '' };

describe.each(['http/protobuf', 'http/json'] as const)('%s', (protocol) => {
  test.each(['none', 'gzip'] as const)(
    'carries the spans, compressed by %s',
    async (compression) => {
      expect(await send({ protocol, compression })).toEqual(ALL_TAKEN);
      expect(sink.spans.map((span) => span.name)).toEqual(['a', 'b']);
      expect(sink.spans[0]?.resource.service).toBe('app');
      const encoding = compression === 'gzip' ? 'gzip' : undefined;
      expect(sink.requests[0]?.headers['content-encoding']).toBe(encoding);
      expect(sink.requests[0]?.headers['user-agent']).toMatch(/^clew-sdk\/\d/);
    },
  );

  test('says which spans were refused', async () => {
    if (protocol === 'http/protobuf') return; // In export.test.ts.
    const body = encodeExportResponseJson({ rejectedSpans: 1, message: 'no such day' });
    sink.answerWith(() => ({ status: 200, body }));
    const result = await send({ protocol });
    expect(result).toEqual({ status: 'success', rejectedSpanCount: 1, message: 'no such day' });
  });

  test('quotes the receiver', async () => {
    const status = { code: 3, message: 'too many cooks' };
    const isJson = protocol === 'http/json';
    sink.answerWith(() => ({
      status: 400,
      headers: { 'content-type': isJson ? 'application/json' : 'application/x-protobuf' },
      body: isJson ? encodeStatusJson(status) : encodeStatusProtobuf(status),
    }));
    expect(await send({ protocol })).toEqual({
      status: 'failure',
      message: 'the receiver answered 400: too many cooks',
    });
  });

  test.each(['{"partialSuccess":', '[]', '{"partialSuccess":{"rejectedSpans":{}}}', '\0\u{1f}'])(
    'takes %j for full acceptance',
    async (body) => {
      sink.answerWith(() => ({ status: 200, body }));
      expect(await send({ protocol })).toEqual(ALL_TAKEN);
    },
  );
});

describe('headers', () => {
  test('are asked for before each request when they are a function', async () => {
    let token = 0;
    const exporter = create({ headers: async () => ({ Authorization: `Bearer ${++token}` }) });
    const { signal } = new AbortController();
    await exporter.export(createRequest('a'), signal);
    await exporter.export(createRequest('b'), signal);
    const tokens = sink.requests.map((request) => request.headers.authorization);
    expect(tokens).toEqual(['Bearer 1', 'Bearer 2']);
  });

  test('that cannot be computed, or take too long, are trouble that may pass', async () => {
    const failing = await send({ headers: () => Promise.reject(new Error('no token today')) });
    expect(failing).toMatchObject({ status: 'retry', message: 'no token today' });
    const hanging = await send({ headers: () => new Promise(() => {}), timeoutMs: 50 });
    expect(hanging).toMatchObject({ status: 'retry', message: 'no answer within 50 ms' });
    const wrong = await send({ headers: { 'not a name': 'x' } });
    expect(wrong).toMatchObject({ status: 'retry' });
    expect(sink.requests).toHaveLength(0);
  });
});

describe('Retry-After', () => {
  test.each([
    ['7', 7000],
    [' 0 ', 0],
    ['-1', undefined],
    ['soon', undefined],
    ['1e3', undefined],
    ['Thu, 01 Jan 1970 00:00:00 GMT', undefined],
  ])('%j', async (header, afterMs) => {
    sink.answerWith(() => ({ status: 503, headers: { 'retry-after': header } }));
    expect(await send()).toMatchObject({ status: 'retry', afterMs });
  });

  test('may be a date', async () => {
    const date = new Date(Date.now() + 20_000).toUTCString();
    sink.answerWith(() => ({ status: 429, headers: { 'retry-after': date } }));
    const result = await send();
    const afterMs = result.status === 'retry' ? (result.afterMs ?? 0) : 0;
    expect(afterMs).toBeGreaterThan(15_000);
    expect(afterMs).toBeLessThanOrEqual(20_000);
  });
});

test('a request that is given up ends at once', async () => {
  sink.answerWith(() => 'hang');
  const controller = new AbortController();
  const result = create().export(createRequest('a'), controller.signal);
  setTimeout(() => controller.abort(), 50);
  const startMs = performance.now();
  expect(await result).toMatchObject({ status: 'retry' });
  expect(performance.now() - startMs).toBeLessThan(1000);
});

test('over TLS both sides can be made sure of', async () => {
  const [cert, key] = [TEST_CERTIFICATE, TEST_KEY];
  const clients: boolean[] = [];
  const options = { cert, key, ca: cert, requestCert: true, rejectUnauthorized: false };
  const server = createServer(options, (request, response) => {
    clients.push((request.socket as TLSSocket).authorized);
    request.resume().once('end', () => response.end());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, 'localhost', resolve);
  });
  onTestFinished(() => void server.close());
  const url = new URL(`https://localhost:${(server.address() as AddressInfo).port}/v1/traces`);
  expect(await send({ url })).toMatchObject({ status: 'retry' });
  expect(await send({ url, tls: { ca: cert } })).toEqual(ALL_TAKEN);
  expect(await send({ url, tls: { ca: cert, cert, key } })).toEqual(ALL_TAKEN);
  expect(clients).toEqual([false, true]);
});
