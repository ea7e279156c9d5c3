import { connect as connectHttp2, constants } from 'node:http2';
import type { ClientHttp2Session, IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http2';
import { connect as connectTcp } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { Client, Metadata, compressionAlgorithms, credentials } from '@grpc/grpc-js';
import type { ServiceError } from '@grpc/grpc-js';
import { OverloadedError, PermissionError } from '@clew/model';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ServerMetrics } from '../../telemetry/metrics.ts';
import { ByteBudget } from '../byte-budget.ts';
import type { Listener } from '../listener.ts';
import { MemoryLog } from '../testing/memory-sink.ts';
import { decodeRetryInfo, decodeStatus } from '../testing/otlp-messages.ts';
import { createGrpcReceiver } from './receiver.ts';

const ECHO = '/test.v1.Echo/Echo';
const MAX_REQUEST_BYTES = 100_000;
const REQUEST_TIMEOUT_MS = 300;

let listener: Listener;
let port: number;
let session: ClientHttp2Session;
let client: Client;
let metrics: ServerMetrics;
let budget: ByteBudget;
/** What the method does; by default it answers what it was sent. */
let echo: (message: Buffer) => Promise<Buffer>;

beforeEach(async () => {
  metrics = new ServerMetrics('test');
  budget = new ByteBudget(150_000);
  echo = async (message) => message;
  listener = createGrpcReceiver({
    metrics,
    budget,
    log: new MemoryLog(),
    maxRequestBytes: MAX_REQUEST_BYTES,
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
    receiver: 'test',
    methods: { [ECHO]: async (message) => ({ message: await echo(message) }) },
  });
  port = await listener.listen({ host: '127.0.0.1', port: 0 });
  session = connectHttp2(`http://127.0.0.1:${port}`);
  session.on('error', () => undefined);
  client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
});

afterEach(async () => {
  client.close();
  session.destroy();
  await listener.close(0);
});

/** What came back, as frames of HTTP/2. */
interface RawAnswer {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const GRPC_HEADERS = { ':method': 'POST', 'content-type': 'application/grpc', te: 'trailers' };

/** Sends pieces as they are, each in a frame of its own. */
function send(pieces: readonly Buffer[], headers: OutgoingHttpHeaders = {}): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const stream = session.request({ ...GRPC_HEADERS, ':path': ECHO, ...headers });
    let last: IncomingHttpHeaders = {};
    const chunks: Buffer[] = [];
    stream.on('response', (headers) => (last = { ...last, ...headers }));
    stream.on('trailers', (headers) => (last = { ...last, ...headers }));
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('error', reject);
    stream.on('end', () => resolve({ headers: last, body: Buffer.concat(chunks) }));
    void writeSlowly(stream, pieces);
  });
}

async function writeSlowly(
  stream: NodeJS.WritableStream,
  pieces: readonly Buffer[],
): Promise<void> {
  for (const piece of pieces) {
    stream.write(piece);
    if (pieces.length > 1) await sleep(1);
  }
  stream.end();
}

function frame(message: Buffer, flags = 0): Buffer {
  const header = Buffer.alloc(5);
  header.writeUInt8(flags, 0);
  header.writeUInt32BE(message.length, 1);
  return Buffer.concat([header, message]);
}

const HELLO = Buffer.from('hello');

describe('a message', () => {
  test('may be spread over frames in any way', async () => {
    const bytes = frame(HELLO);
    const single = [...bytes].map((byte) => Buffer.from([byte]));
    for (const pieces of [[bytes], single, [bytes.subarray(0, 3), bytes.subarray(3)]]) {
      const { headers, body } = await send(pieces);
      expect(headers['grpc-status']).toBe('0');
      expect(body).toEqual(frame(HELLO));
    }
  });

  test.each([
    ['none', []],
    ['a header that is cut off', [Buffer.from([0, 0, 0])]],
    ['a message that is cut off', [frame(HELLO).subarray(0, 8)]],
    ['two', [frame(HELLO), frame(HELLO)]],
    ['unknown flags', [frame(HELLO, 2)]],
  ])('is refused when there is %s', async (_, pieces) => {
    const { headers } = await send(pieces);
    expect(headers).toMatchObject({ ':status': 200, 'grpc-status': '3' });
    expect(headers['grpc-message']).toMatch(/^gRPC: /);
  });

  test.each(['application/grpc', 'application/grpc+proto', 'application/grpc;charset=utf-8'])(
    'is taken with the content type %s',
    async (type) => {
      const { headers } = await send([frame(HELLO)], { 'content-type': type });
      expect(headers['grpc-status']).toBe('0');
    },
  );

  test('is not taken with another content type or method of HTTP', async () => {
    for (const type of ['application/grpc-web', 'application/grpc+json', 'application/json']) {
      const { headers } = await send([frame(HELLO)], { 'content-type': type });
      expect(headers[':status']).toBe(415);
    }
    const { headers } = await send([], { ':method': 'PUT' });
    expect(headers[':status']).toBe(405);
  });

  test('over the limit is refused before it has come', async () => {
    const announced = Buffer.from([0, 0x7f, 0xff, 0xff, 0xff, 1, 2, 3]);
    const stream = session.request({ ...GRPC_HEADERS, ':path': ECHO });
    stream.write(announced);
    const headers = await new Promise<IncomingHttpHeaders>((resolve) =>
      stream.once('response', resolve),
    );
    expect(headers['grpc-status']).toBe('8');
    expect(headers['grpc-status-details-bin']).toBeUndefined();
    stream.close();
  });
});

describe('compression', () => {
  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
  ] as const)('%s is undone', async (encoding, compress) => {
    const { body } = await send([frame(compress(HELLO), 1)], { 'grpc-encoding': encoding });
    expect(body).toEqual(frame(HELLO));
  });

  test('is undone only for messages that are', async () => {
    for (const encoding of ['gzip', 'zstd', 'identity']) {
      const { body } = await send([frame(HELLO)], { 'grpc-encoding': encoding });
      expect(body).toEqual(frame(HELLO));
    }
  });

  test.each(['zstd', 'snappy', 'br'])('%s is refused with those that are not', async (encoding) => {
    const pieces = [frame(brotliCompressSync(HELLO), 1)];
    const { headers } = await send(pieces, { 'grpc-encoding': encoding });
    expect(headers['grpc-status']).toBe('12');
    expect(headers['grpc-accept-encoding']).toBe('identity,deflate,gzip');
    expect(headers['grpc-message']).toContain(encoding);
  });

  test('without a name is an error of the protocol', async () => {
    const { headers } = await send([frame(gzipSync(HELLO), 1)]);
    expect(headers['grpc-status']).toBe('13');
  });
});

describe('a failure', () => {
  test('carries its message whatever is in it', async () => {
    const message = 'not 100% für dich 🎁\n"quoted"';
    echo = () => Promise.reject(new PermissionError(message));
    const { headers } = await send([frame(HELLO)]);
    expect(headers['grpc-status']).toBe('7');
    expect(String(headers['grpc-message'])).toMatch(/^[ -~]*$/);
    expect(decodeURIComponent(String(headers['grpc-message']))).toBe(message);
  });

  test('of an unknown method is UNIMPLEMENTED', async () => {
    for (const path of ['/', '/test.v1.Echo/Other', '/toString', '/__proto__']) {
      const { headers } = await send([frame(HELLO)], { ':path': path });
      expect(headers['grpc-status']).toBe('12');
    }
  });

  test('says when to come again', async () => {
    echo = () => Promise.reject(new OverloadedError('full', { retryAfterMs: 1250 }));
    const { headers } = await send([frame(HELLO)]);
    expect(headers['grpc-status']).toBe('14');
    const status = decodeStatus(Buffer.from(String(headers['grpc-status-details-bin']), 'base64'));
    expect(status.details[0]?.typeUrl).toBe('type.googleapis.com/google.rpc.RetryInfo');
    expect(decodeRetryInfo(status.details[0]?.value ?? Buffer.alloc(0))).toBe(1250);
  });
});

describe('memory', () => {
  test('of all calls together is bounded, and free again when they are answered', async () => {
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    echo = async () => {
      await gate;
      return HELLO;
    };
    const first = send([frame(Buffer.alloc(90_000))]);
    await until(() => budget.usedBytes === 90_000);
    const { headers } = await send([frame(Buffer.alloc(90_000))]);
    expect(headers['grpc-status']).toBe('14');
    expect(headers['grpc-status-details-bin']).toBeDefined();
    open();
    expect((await first).headers['grpc-status']).toBe('0');
    await until(() => budget.usedBytes === 0);
    expect((await send([frame(Buffer.alloc(90_000))])).headers['grpc-status']).toBe('0');
  });

  test('is counted while a message is inflated', async () => {
    const pieces = [frame(gzipSync(Buffer.alloc(90_000)), 1)];
    budget.take(100_000);
    const { headers } = await send(pieces, { 'grpc-encoding': 'gzip' });
    expect(headers['grpc-status']).toBe('14');
    budget.giveBack(100_000);
  });

  test('is held for what is being worked on, though its sender is gone', async () => {
    echo = () => new Promise(() => undefined);
    const { headers } = await send([frame(HELLO)], { 'grpc-timeout': '20m' });
    expect(headers['grpc-status']).toBe('4');
    expect(budget.usedBytes).toBe(HELLO.length);
  });

  test('is given back when a sender goes away in the middle', async () => {
    const stream = session.request({ ...GRPC_HEADERS, ':path': ECHO });
    stream.on('error', () => undefined);
    stream.write(frame(Buffer.alloc(1000)).subarray(0, 500));
    await until(() => budget.usedBytes > 0);
    stream.destroy(new Error('gone'));
    await until(() => budget.usedBytes === 0);
    expect(await metrics.format()).toContain('outcome="canceled"} 1');
  });
});

describe('time', () => {
  test('that the sender gives is kept', async () => {
    echo = () => new Promise(() => undefined);
    for (const timeout of ['30m', '1u', '5n']) {
      const { headers } = await send([frame(HELLO)], { 'grpc-timeout': timeout });
      expect(headers['grpc-status']).toBe('4');
    }
  });

  test('may be given beyond all bounds, or wrongly', async () => {
    for (const timeout of ['99999999H', 'soon', '-1S', '123456789m']) {
      const { headers } = await send([frame(HELLO)], { 'grpc-timeout': timeout });
      expect(headers['grpc-status']).toBe('0');
    }
  });

  test('is over for a sender that does not come to its end', async () => {
    const stream = session.request({ ...GRPC_HEADERS, ':path': ECHO });
    stream.write(frame(HELLO).subarray(0, 6));
    const headers = await new Promise<IncomingHttpHeaders>((resolve) =>
      stream.once('response', resolve),
    );
    expect(headers['grpc-status']).toBe('4');
    await until(() => budget.usedBytes === 0);
    stream.close();
  });
});

describe('a real client', () => {
  const passBytes = (bytes: Buffer): Buffer => bytes;

  function callEcho(body: Buffer, path = ECHO, metadata = new Metadata()): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      client.makeUnaryRequest(path, passBytes, passBytes, body, metadata, (error, answer) => {
        if (error === null) resolve(answer ?? Buffer.alloc(0));
        else reject(error);
      });
    });
  }

  test('gets its answers, many at once', async () => {
    const bodies = Array.from({ length: 300 }, (_, i) => Buffer.alloc(i * 3, i));
    expect(await Promise.all(bodies.map((body) => callEcho(body)))).toEqual(bodies);
  });

  test('sees why its request was refused, early or late', async () => {
    const failure = (body: Buffer, path?: string): Promise<ServiceError> =>
      callEcho(body, path).then(
        () => expect.unreachable(),
        (error: ServiceError) => error,
      );
    expect(await failure(HELLO, '/test.v1.Echo/Other')).toMatchObject({ code: 12 });
    expect(await failure(Buffer.alloc(3_000_000), '/test.v1.Echo/Other')).toMatchObject({
      code: 12,
    });
    expect(await failure(Buffer.alloc(3_000_000))).toMatchObject({ code: 8 });
    echo = () => Promise.reject(new OverloadedError('voll für jetzt', { retryAfterMs: 1000 }));
    const overloaded = await failure(HELLO);
    expect(overloaded).toMatchObject({ code: 14, details: 'voll für jetzt' });
    expect(overloaded.metadata.get('grpc-status-details-bin')).toHaveLength(1);
  });

  test('may compress', async () => {
    for (const algorithm of [compressionAlgorithms.gzip, compressionAlgorithms.deflate]) {
      const compressing = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
        'grpc.default_compression_algorithm': algorithm,
      });
      const plain = client;
      client = compressing;
      expect(await callEcho(Buffer.alloc(50_000, 'ab'))).toEqual(Buffer.alloc(50_000, 'ab'));
      client = plain;
      compressing.close();
    }
  });

  test('hears that the server serves', async () => {
    const check = '/grpc.health.v1.Health/Check';
    expect(await callEcho(Buffer.alloc(0), check)).toEqual(Buffer.from([8, 1]));
    const service = (name: string): Buffer =>
      Buffer.concat([Buffer.from([0x0a, name.length]), Buffer.from(name)]);
    expect(await callEcho(service('test.v1.Echo'), check)).toEqual(Buffer.from([8, 1]));
    await expect(callEcho(service('other'), check)).rejects.toMatchObject({ code: 5 });
  });
});

describe('a connection', () => {
  test('is told that the server closes, and keeps the call that is in flight', async () => {
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    echo = async () => {
      await gate;
      return HELLO;
    };
    const answer = send([frame(HELLO)]);
    await until(() => budget.usedBytes > 0);
    const goaway = new Promise<number>((resolve) => session.once('goaway', resolve));
    const closed = listener.close(5000);
    expect(await goaway).toBe(constants.NGHTTP2_NO_ERROR);
    open();
    expect((await answer).headers['grpc-status']).toBe('0');
    await closed;
  });

  test('that takes calls back all the time is ended, and others go on', async () => {
    const hostile = connectHttp2(`http://127.0.0.1:${port}`);
    hostile.on('error', () => undefined);
    const ended = new Promise<void>((resolve) => hostile.once('close', resolve));
    for (let i = 0; i < 20_000 && !hostile.closed && !hostile.destroyed; i++) {
      const stream = hostile.request({ ...GRPC_HEADERS, ':path': ECHO });
      stream.on('error', () => undefined);
      stream.close(constants.NGHTTP2_CANCEL);
      if (i % 100 === 0) await sleep(1);
    }
    await ended;
    expect((await send([frame(HELLO)])).headers['grpc-status']).toBe('0');
    await until(() => budget.usedBytes === 0);
  });

  test('with a flood of headers is refused, and others go on', async () => {
    const flood = Object.fromEntries(
      Array.from({ length: 500 }, (_, i) => [`x-${i}`, 'y'.repeat(500)]),
    );
    const hostile = connectHttp2(`http://127.0.0.1:${port}`);
    hostile.on('error', () => undefined);
    await new Promise((resolve) => {
      const stream = hostile.request({ ...GRPC_HEADERS, ':path': ECHO, ...flood });
      stream.once('error', resolve);
      stream.once('close', resolve);
      stream.once('response', resolve);
    });
    hostile.destroy();
    expect((await send([frame(HELLO)])).headers['grpc-status']).toBe('0');
  });

  test('that speaks something else is ended without harm', async () => {
    const socket = connectTcp(port, '127.0.0.1');
    socket.resume();
    socket.on('error', () => undefined);
    socket.write('POST / HTTP/1.1\r\nhost: x\r\n\r\n');
    await new Promise((resolve) => socket.once('close', resolve));
    expect((await send([frame(HELLO)])).headers['grpc-status']).toBe('0');
  });
});

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await sleep(2);
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
