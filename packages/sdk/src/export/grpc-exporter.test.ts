import http2 from 'node:http2';
import type { IncomingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { SpanBlock } from '@clew/model';
import { decodeTracesProtobuf, encodeExportResponseProtobuf, readSpans } from '@clew/protocol';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { createRequest } from '../testing/export-requests.ts';
import { TEST_CERTIFICATE, TEST_KEY } from '../testing/tls-certificate.ts';
import { createExporter } from './create-exporter.ts';
import type { ExporterOptions } from './exporter-options.ts';
import type { ExportResult, SpanExporter } from './span-exporter.ts';

interface Call {
  readonly stream: ServerHttp2Stream;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const EMPTY_MESSAGE = Buffer.alloc(5);

let calls: Call[];
let sessions: ServerHttp2Session[];
let answer: (call: Call) => void;
let port: number;

beforeEach(async () => {
  calls = [];
  sessions = [];
  answer = ({ stream }) => answerWith(stream, { 'grpc-status': '0' });
  const server = http2.createServer();
  server.on('session', (session) => sessions.push(session));
  server.on('stream', (stream, headers) => {
    const chunks: Buffer[] = [];
    stream.on('error', () => undefined);
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      const call = { stream, headers, body: Buffer.concat(chunks) };
      calls.push(call);
      answer(call);
    });
  });
  port = await listen(server);
  return () => {
    for (const session of sessions) session.destroy();
    server.close();
  };
});

async function listen(
  server: Server | http2.Http2Server | http2.Http2SecureServer,
): Promise<number> {
  await new Promise<void>((resolve) => {
    server.listen(0, 'localhost', resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** Answers with a message, and with the status after it. */
function answerWith(
  stream: ServerHttp2Stream,
  trailers: Readonly<Record<string, string>>,
  message: Uint8Array = EMPTY_MESSAGE,
): void {
  const headers = { ':status': 200, 'content-type': 'application/grpc' };
  stream.respond(headers, { waitForTrailers: true });
  stream.once('wantTrailers', () => stream.sendTrailers(trailers));
  stream.end(message);
}

function create(options: Partial<ExporterOptions> = {}): SpanExporter {
  const exporter = createExporter({
    protocol: 'grpc',
    url: new URL(`http://localhost:${port}`),
    headers: {},
    timeoutMs: 2000,
    compression: 'none',
    ...options,
  });
  onTestFinished(() => exporter.close());
  return exporter;
}

function send(exporter: SpanExporter = create()): Promise<ExportResult> {
  return exporter.export(createRequest('a', 'b'), new AbortController().signal);
}

const ALL_TAKEN: ExportResult = { status: 'success', rejectedSpanCount: 0, message: '' };

test.each(['none', 'gzip'] as const)(
  'calls Export with the spans, compressed by %s',
  async (compression) => {
    const exporter = create({ compression, headers: { Authorization: 'Bearer x' } });
    expect(await send(exporter)).toEqual(ALL_TAKEN);
    const headers: IncomingHttpHeaders = calls[0]?.headers ?? {};
    const body = calls[0]?.body ?? EMPTY_MESSAGE;
    expect(headers).toMatchObject({
      ':method': 'POST',
      ':path': '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
      ':scheme': 'http',
      'content-type': 'application/grpc',
      te: 'trailers',
      'grpc-timeout': '2000m',
      authorization: 'Bearer x',
    });
    const isCompressed = compression === 'gzip';
    expect(headers['grpc-encoding']).toBe(isCompressed ? 'gzip' : undefined);
    expect(body[0]).toBe(isCompressed ? 1 : 0);
    expect(body.readUInt32BE(1)).toBe(body.length - 5);
    const message = isCompressed ? gunzipSync(body.subarray(5)) : body.subarray(5);
    const block = new SpanBlock('test');
    decodeTracesProtobuf(message, block);
    expect(readSpans(block).map((span) => span.name)).toEqual(['a', 'b']);
  },
);

test('says how many spans were refused', async () => {
  const message = encodeExportResponseProtobuf({ rejectedSpans: 1, message: 'no such day' });
  const frame = Buffer.concat([EMPTY_MESSAGE, message]);
  frame.writeUInt32BE(message.length, 1);
  answer = ({ stream }) => answerWith(stream, { 'grpc-status': '0' }, frame);
  const expected = { status: 'success', rejectedSpanCount: 1, message: 'no such day' };
  expect(await send()).toEqual(expected);
});

describe('a status other than OK', () => {
  test.each([1, 4, 10, 11, 14, 15])('%i may be tried again', async (code) => {
    answer = ({ stream }) => answerWith(stream, { 'grpc-status': String(code) });
    expect(await send()).toMatchObject({ status: 'retry', afterMs: undefined });
  });

  test.each([2, 3, 5, 6, 7, 8, 9, 12, 13, 16])('%i is final', async (code) => {
    answer = ({ stream }) => answerWith(stream, { 'grpc-status': String(code) });
    expect(await send()).toMatchObject({ status: 'failure' });
  });

  test('RESOURCE_EXHAUSTED may be tried again when it says after what time', async () => {
    const details = { 'grpc-status': '8', 'grpc-status-details-bin': encodeInfo() };
    answer = ({ stream }) => answerWith(stream, details);
    expect(await send()).toMatchObject({ status: 'retry', afterMs: 2500 });
  });

  test('stands in headers alone, with a message in percent-encoded UTF-8', async () => {
    answer = ({ stream }) =>
      stream.respond(
        { ':status': 200, 'grpc-status': '3', 'grpc-message': 'na%C3%AFve 100%25' },
        { endStream: true },
      );
    const message = 'the receiver answered gRPC status 3: naïve 100%';
    expect(await send()).toEqual({ status: 'failure', message });
  });

  /** A `google.rpc.Status` with a `RetryInfo` of 2.5 seconds, in base64 without padding, as gRPC has it. */
  function encodeInfo(): string {
    const url = Buffer.from('type.googleapis.com/google.rpc.RetryInfo');
    const duration = Buffer.from([0x08, 2, 0x10, 0x80, 0xca, 0xb5, 0xee, 0x01]);
    const info = Buffer.concat([Buffer.from([0x0a, duration.length]), duration]);
    const any = Buffer.concat([
      Buffer.from([0x0a, url.length]),
      url,
      Buffer.from([0x12, info.length]),
      info,
    ]);
    const status = Buffer.concat([Buffer.from([0x08, 8, 0x1a, any.length]), any]);
    return status.toString('base64').replace(/=+$/, '');
  }
});

describe('an answer that is not gRPC', () => {
  test.each([
    [503, 'retry'],
    [502, 'retry'],
    [429, 'retry'],
    [401, 'failure'],
    [404, 'failure'],
    [200, 'failure'],
    [500, 'failure'],
  ])('with HTTP status %i is a %s', async (status, expected) => {
    answer = ({ stream }) => {
      stream.respond({ ':status': status, 'content-type': 'text/html' });
      stream.end('<html>');
    };
    expect(await send()).toMatchObject({ status: expected });
  });

  test('of endless length is not read to its end', async () => {
    answer = ({ stream }) => {
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
      const go = (): void => {
        while (!stream.destroyed && stream.write(Buffer.alloc(16_384)));
      };
      stream.on('drain', go);
      go();
    };
    expect(await send()).toMatchObject({ status: 'retry' });
  });

  test('from a server that does not speak HTTP/2 may be better the next time', async () => {
    const server = createTcpServer((socket) => {
      socket.on('error', () => undefined).end('HTTP/1.1 400 Bad Request\r\n\r\n');
    });
    const url = new URL(`http://localhost:${await listen(server)}`);
    onTestFinished(() => void server.close());
    expect(await send(create({ url }))).toMatchObject({ status: 'retry' });
  });
});

test('is encrypted for an address of https', async () => {
  const server = http2.createSecureServer({ cert: TEST_CERTIFICATE, key: TEST_KEY });
  server.on('stream', (stream) => answerWith(stream, { 'grpc-status': '0' }));
  onTestFinished(() => void server.close());
  const url = new URL(`https://localhost:${await listen(server)}`);
  expect(await send(create({ url }))).toMatchObject({ status: 'retry' });
  expect(await send(create({ url, tls: { ca: TEST_CERTIFICATE } }))).toEqual(ALL_TAKEN);
});

describe('the connection', () => {
  test('is one for all calls', async () => {
    const exporter = create();
    for (let i = 0; i < 3; i++) expect(await send(exporter)).toEqual(ALL_TAKEN);
    expect(calls).toHaveLength(3);
    expect(sessions).toHaveLength(1);
  });

  test.each([
    ['the server said goodbye', (session: ServerHttp2Session) => session.close()],
    ['it broke', (session: ServerHttp2Session) => session.destroy()],
    ['it was reset', (session: ServerHttp2Session) => session.socket.resetAndDestroy()],
    ['the server was angry', (session: ServerHttp2Session) => session.goaway(11)],
  ])('is made again after %s', async (_, end) => {
    const exporter = create();
    await send(exporter);
    for (const session of sessions) end(session);
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
    expect(await send(exporter)).toEqual(ALL_TAKEN);
    expect(sessions).toHaveLength(2);
  });

  test('that breaks while a call is under way lets it be tried again', async () => {
    const exporter = create();
    answer = ({ stream }) => stream.session?.destroy();
    expect(await send(exporter)).toMatchObject({ status: 'retry' });
    answer = ({ stream }) => stream.close(http2.constants.NGHTTP2_REFUSED_STREAM);
    expect(await send(exporter)).toMatchObject({ status: 'retry' });
    answer = ({ stream }) => answerWith(stream, { 'grpc-status': '0' });
    expect(await send(exporter)).toEqual(ALL_TAKEN);
  });

  test('over which no answer comes is given up and made again', async () => {
    const exporter = create({ timeoutMs: 100 });
    answer = () => undefined;
    const late = await send(exporter);
    expect(late).toMatchObject({ status: 'retry', message: 'no answer within 100 ms' });
    answer = ({ stream }) => answerWith(stream, { 'grpc-status': '0' });
    expect(await send(exporter)).toEqual(ALL_TAKEN);
    expect(sessions).toHaveLength(2);
  });

  test('that is refused is told', async () => {
    const exporter = create({ url: new URL('http://127.0.0.1:1') });
    const result = await send(exporter);
    expect(result).toMatchObject({ status: 'retry' });
    expect(result.status === 'retry' && result.message).toContain('ECONNREFUSED');
  });

  test('ends a call that is given up', async () => {
    answer = () => undefined;
    const controller = new AbortController();
    const result = create().export(createRequest('a'), controller.signal);
    setTimeout(() => controller.abort(), 50);
    expect(await result).toMatchObject({ status: 'retry' });
  });
});
