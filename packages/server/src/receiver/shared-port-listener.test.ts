import { Agent, createServer, get } from 'node:http';
import { connect as connectTcp } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, credentials } from '@grpc/grpc-js';
import { NotFoundError, TraceError } from '@clew/model';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ByteBudget } from './byte-budget.ts';
import { createGrpcServer } from './grpc/server.ts';
import type { GrpcMethod } from './grpc/server.ts';
import type { Listener } from './listener.ts';
import { createSharedPortListener } from './shared-port-listener.ts';

const COUNT = '/test.v1.Counter/Count';

let listener: Listener;
let port: number;
let client: Client;
let count: GrpcMethod;

beforeEach(async () => {
  count = numbersTo(3);
  listener = createSharedPortListener({
    http: createServer((request, response) => response.end(`over HTTP/1: ${request.url}`)),
    http2: createGrpcServer({
      methods: { [COUNT]: (message, call) => count(message, call) },
      maxRequestBytes: 1000,
      budget: new ByteBudget(10_000),
      explain: (error) => ({
        code: error instanceof TraceError ? error.code : 'internal',
        message: String(error),
      }),
    }),
  });
  port = await listener.listen({ host: '127.0.0.1', port: 0 });
  client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
});

afterEach(async () => {
  client.close();
  await listener.close(0);
});

function numbersTo(end: number): GrpcMethod {
  return async function* () {
    for (let i = 0; i < end; i++) yield Buffer.from([i]);
  };
}

const passBytes = (bytes: Buffer): Buffer => bytes;

/** The first byte of each message. */
async function readCounts(): Promise<number[]> {
  const stream = client.makeServerStreamRequest(COUNT, passBytes, passBytes, Buffer.alloc(0));
  const counts: number[] = [];
  for await (const message of stream) counts.push((message as Buffer)[0] ?? -1);
  return counts;
}

function getText(path: string, agent?: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path, agent }, (response) => {
      response.setEncoding('utf8').once('data', resolve);
    }).once('error', reject);
  });
}

test('one port answers HTTP/1 and gRPC', async () => {
  expect(await getText('/a')).toBe('over HTTP/1: /a');
  expect(await readCounts()).toEqual([0, 1, 2]);
});

test('a connection of HTTP/1 is used again', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  for (const path of ['/1', '/2', '/3']) {
    expect(await getText(path, agent)).toBe(`over HTTP/1: ${path}`);
  }
  agent.destroy();
});

test('first bytes may come one by one', async () => {
  const socket = connectTcp(port, '127.0.0.1');
  for (const byte of 'PUT /slow HTTP/1.1\r\nhost: x\r\n\r\n') {
    socket.write(byte);
    await sleep(1);
  }
  const answer = await new Promise<string>((resolve) =>
    socket.setEncoding('latin1').once('data', resolve),
  );
  expect(answer).toContain('over HTTP/1: /slow');
  socket.destroy();
});

test('many messages wait for the caller to take them', async () => {
  let made = 0;
  count = async function* () {
    for (let i = 0; i < 1000; i++) {
      made++;
      yield Buffer.alloc(100_000, i);
    }
  };
  const stream = client.makeServerStreamRequest(COUNT, passBytes, passBytes, Buffer.alloc(0));
  stream.on('error', () => undefined);
  await sleep(100);
  expect(made).toBeLessThan(1000);
  stream.cancel();
});

test('a failure after the first messages is told behind them', async () => {
  count = async function* () {
    yield Buffer.from([7]);
    throw new NotFoundError('trace', 'x');
  };
  const stream = client.makeServerStreamRequest(COUNT, passBytes, passBytes, Buffer.alloc(0));
  const counts: (number | undefined)[] = [];
  const read = async (): Promise<void> => {
    for await (const message of stream) counts.push((message as Buffer)[0]);
  };
  await expect(read()).rejects.toMatchObject({ code: 5 });
  expect(counts).toEqual([7]);
});

test('a caller that goes away stops the work', async () => {
  let reason: unknown;
  count = async function* (_, { signal }) {
    yield Buffer.from([1]);
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    reason = signal.reason;
  };
  const stream = client.makeServerStreamRequest(COUNT, passBytes, passBytes, Buffer.alloc(0));
  stream.on('error', () => undefined);
  await new Promise((resolve) => stream.once('data', resolve));
  stream.cancel();
  await expect.poll(() => reason).toMatchObject({ code: 'canceled' });
});

test('a caller that waits no longer is told so, and stops the work', async () => {
  let isStopped = false;
  count = async function* (_, { signal }) {
    yield Buffer.from([1]);
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    isStopped = true;
  };
  const options = { deadline: Date.now() + 200 };
  const stream = client.makeServerStreamRequest(
    COUNT,
    passBytes,
    passBytes,
    Buffer.alloc(0),
    options,
  );
  const failure = await new Promise((resolve) => stream.on('data', () => 0).on('error', resolve));
  expect(failure).toMatchObject({ code: 4 });
  await expect.poll(() => isStopped).toBe(true);
});

test('closing ends what is idle and waits for what is not', async () => {
  const agent = new Agent({ keepAlive: true });
  await getText('/idle', agent);
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  let isAsked = false;
  count = async function* () {
    isAsked = true;
    await gate;
    yield Buffer.from([1]);
  };
  const counts = readCounts();
  await expect.poll(() => isAsked).toBe(true);
  const closed = listener.close(5000);
  open();
  expect(await counts).toEqual([1]);
  await closed;
});
