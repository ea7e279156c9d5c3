import { readFileSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ServerMetrics } from '../../telemetry/metrics.ts';
import { ByteBudget } from '../byte-budget.ts';
import type { Listener } from '../listener.ts';
import { describeReceiver } from '../receiver.conformance.ts';
import type { Outcome, RunningReceiver } from '../receiver.conformance.ts';
import { MemoryLog, MemorySink } from '../testing/memory-sink.ts';
import {
  decodeResponse,
  decodeStatus,
  encodeRequestJson,
  encodeRequestProtobuf,
} from '../testing/otlp-messages.ts';
import { createOtlpHttpReceiver } from './receiver.ts';
import type { OtlpHttpOptions } from './receiver.ts';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

interface Client {
  readonly port: number;
  readonly agent: Agent;
}

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: Buffer;
}

function send({ port, agent }: Client, sent: Sent): Promise<Answer> {
  const { method = 'POST', path = '/v1/traces', headers = {}, body } = sent;
  return new Promise((resolve, reject) => {
    const request = httpRequest({ port, agent, method, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks),
        }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}

const CONTENT_TYPES = { protobuf: 'application/x-protobuf', json: 'application/json' };

async function startReceiver(
  given: Partial<OtlpHttpOptions> & Pick<OtlpHttpOptions, 'sink' | 'log'>,
): Promise<{ listener: Listener; client: Client; metrics: ServerMetrics }> {
  const metrics = new ServerMetrics('test');
  const listener = createOtlpHttpReceiver({
    metrics,
    maxRequestBytes: 100_000,
    budget: new ByteBudget(100_000_000),
    isAllowedOrigin: (origin) => origin === 'http://localhost:3000',
    ...given,
  });
  const port = await listener.listen({ host: '127.0.0.1', port: 0 });
  return { listener, client: { port, agent: new Agent({ keepAlive: true }) }, metrics };
}

const KIND_OF_STATUS: Readonly<Record<number, 'invalid' | 'too_large' | 'unavailable' | 'failed'>> =
  { 400: 'invalid', 413: 'too_large', 503: 'unavailable', 500: 'failed' };

for (const encoding of ['protobuf', 'json'] as const) {
  describeReceiver({
    name: `OTLP/HTTP in ${encoding}`,
    encode: encoding === 'json' ? encodeRequestJson : encodeRequestProtobuf,
    start: async (parts): Promise<RunningReceiver> => {
      const { listener, client } = await startReceiver(parts);
      const sendBody: RunningReceiver['send'] = async (body, { compression } = {}) => {
        const headers = {
          'content-type': CONTENT_TYPES[encoding],
          ...(compression === undefined ? {} : { 'content-encoding': compression }),
        };
        return readOutcome(await send(client, { body, headers }), encoding);
      };
      return { listener, send: sendBody, disconnect: () => client.agent.destroy() };
    },
  });
}

function readOutcome(answer: Answer, encoding: 'protobuf' | 'json'): Outcome {
  const { status, headers, body } = answer;
  expect(headers['content-type']).toBe(CONTENT_TYPES[encoding]);
  if (status === 200) {
    const partial = encoding === 'json' ? readJsonPartial(body) : decodeResponse(body);
    if (partial === undefined) return { kind: 'ok' };
    const { rejectedSpans, errorMessage } = partial;
    return { kind: 'partial', rejectedSpans, message: errorMessage };
  }
  const { message } =
    encoding === 'json'
      ? (JSON.parse(body.toString()) as { readonly message: string })
      : decodeStatus(body);
  const retryAfter = headers['retry-after'];
  return {
    kind: KIND_OF_STATUS[status] ?? 'failed',
    message,
    retryAfterMs: retryAfter === undefined ? undefined : Number(retryAfter) * 1000,
  };
}

function readJsonPartial(body: Buffer): ReturnType<typeof decodeResponse> {
  const { partialSuccess } = JSON.parse(body.toString()) as {
    readonly partialSuccess?: { readonly rejectedSpans: string; readonly errorMessage: string };
  };
  if (partialSuccess === undefined) return undefined;
  return { ...partialSuccess, rejectedSpans: Number(partialSuccess.rejectedSpans) };
}

describe('OTLP/HTTP', () => {
  let sink: MemorySink;
  let listener: Listener;
  let client: Client;
  let metrics: ServerMetrics;
  let log: MemoryLog;
  let budget: ByteBudget;

  const body = encodeRequestProtobuf({
    service: 'order-service',
    spans: [
      {
        traceId: Buffer.alloc(16, 1),
        spanId: Buffer.alloc(8, 1),
        name: 'create-order',
        startTimeUnixNano: 1n,
        endTimeUnixNano: 2n,
      },
    ],
  });
  const protobuf = { 'content-type': 'application/x-protobuf' };

  beforeEach(async () => {
    sink = new MemorySink();
    log = new MemoryLog();
    budget = new ByteBudget(150_000);
    ({ listener, client, metrics } = await startReceiver({
      sink,
      log,
      budget,
    }));
  });

  afterEach(async () => {
    client.agent.destroy();
    await listener.close(0);
  });

  test('passes over the parameters and the case of a content type', async () => {
    for (const type of ['application/json; charset=utf-8', 'Application/JSON']) {
      const answer = await send(client, {
        headers: { 'content-type': type },
        body: Buffer.from('{}'),
      });
      expect(answer.status).toBe(200);
      expect(JSON.parse(answer.body.toString())).toEqual({});
    }
  });

  test.each([undefined, 'text/plain', 'application/grpc', 'multipart/form-data; boundary=x'])(
    'refuses the content type %s',
    async (type) => {
      const headers = type === undefined ? {} : { 'content-type': type };
      const answer = await send(client, { headers, body });
      expect(answer.status).toBe(415);
      expect(answer.body.toString()).toContain('application/x-protobuf');
      expect(sink.spans).toEqual([]);
    },
  );

  test.each(['br', 'snappy', 'gzip, gzip'])('refuses the content encoding %s', async (encoding) => {
    const headers = { ...protobuf, 'content-encoding': encoding };
    const answer = await send(client, { headers, body });
    expect(answer.status).toBe(415);
    expect(answer.headers['accept-encoding']).toBe('gzip, deflate, zstd');
  });

  describe('takes Zstandard', () => {
    const headers = { ...protobuf, 'content-encoding': 'zstd' };
    const recorded = readFileSync(
      new URL('../../../../protocol/testdata/zstd/cli-1.5.4/otlp-order.zst', import.meta.url),
    );

    test('of a recorded request', async () => {
      expect((await send(client, { headers, body: recorded })).status).toBe(200);
      expect(sink.spans.length).toBeGreaterThan(0);
    });

    test('and refuses it when it is cut off, or none', async () => {
      for (const bad of [recorded.subarray(0, -20), body]) {
        const answer = await send(client, { headers, body: bad });
        expect(answer.status).toBe(400);
        expect(decodeStatus(answer.body).message).toMatch(/^zstd: /);
      }
      expect(sink.batches).toEqual([]);
    });

    test('and stops at the limit while it inflates', async () => {
      // A frame of 2,000 blocks that are one byte repeated 128 KiB times each.
      const header = 2 | ((128 * 1024) << 3);
      const block = Buffer.from([header & 255, (header >> 8) & 255, header >> 16, 0]);
      const bomb = Buffer.concat([
        Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x38]),
        ...Array.from({ length: 2000 }, () => block),
      ]);
      const answer = await send(client, { headers, body: bomb });
      expect(answer.status).toBe(413);
    });

    test('and asks to come again when too much is in flight', async () => {
      budget.take(149_000);
      const answer = await send(client, { headers, body: recorded });
      expect(answer.status).toBe(503);
      expect(answer.headers['retry-after']).toBe('1');
      budget.giveBack(149_000);
    });
  });

  test('takes the content encoding identity', async () => {
    const headers = { ...protobuf, 'content-encoding': 'identity' };
    expect((await send(client, { headers, body })).status).toBe(200);
  });

  test.each(['GET', 'PUT', 'DELETE', 'HEAD'])('refuses the method %s', async (method) => {
    const answer = await send(client, { method, headers: protobuf });
    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toBe('POST, OPTIONS');
  });

  test.each(['/', '/v1/metrics/x', '/v1/traces/', '/v1/traces/../logs', '/V1/traces'])(
    'does not know the path %s',
    async (path) => {
      expect((await send(client, { path, headers: protobuf, body })).status).toBe(404);
    },
  );

  test.each([
    [
      '/v1/metrics',
      { resourceMetrics: [{ scopeMetrics: [{ metrics: [{ gauge: { dataPoints: [{}, {}] } }] }] }] },
      'rejectedDataPoints',
    ],
    [
      '/v1/logs',
      { resourceLogs: [{ scopeLogs: [{ logRecords: [{}, {}] }] }] },
      'rejectedLogRecords',
    ],
    [
      '/v1development/profiles',
      { resourceProfiles: [{ scopeProfiles: [{ profiles: [{}, {}] }] }] },
      'rejectedProfiles',
    ],
  ])('takes %s, keeps nothing and says so', async (path, message, rejected) => {
    const headers = { 'content-type': 'application/json' };
    for (let i = 0; i < 3; i++) {
      const answer = await send(client, {
        path,
        headers,
        body: Buffer.from(JSON.stringify(message)),
      });
      expect(answer.status).toBe(200);
      expect(JSON.parse(answer.body.toString())).toEqual({
        partialSuccess: { [rejected]: '2', errorMessage: expect.stringContaining('traces only') },
      });
    }
    const empty = await send(client, { path, headers, body: Buffer.from('{}') });
    expect(empty.body.toString()).toBe('{}');
    expect((await send(client, { path, headers: protobuf, body: Buffer.from('x') })).status).toBe(
      400,
    );
    expect(await metrics.format()).toMatch(
      /unkept_items_total\{receiver="otlp_http",signal="\w+"\} 6/,
    );
    expect(log.lines.filter((line) => line.startsWith('info'))).toHaveLength(1);
  });

  test('passes over a query', async () => {
    const path = '/v1/traces?token=x';
    expect((await send(client, { path, headers: protobuf, body })).status).toBe(200);
  });

  describe('for browsers', () => {
    const allowed = 'http://localhost:3000';

    test('answers the preflight of an allowed origin', async () => {
      const answer = await send(client, {
        method: 'OPTIONS',
        headers: {
          origin: allowed,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type,x-tenant',
        },
      });
      expect(answer.status).toBe(204);
      expect(answer.headers).toMatchObject({
        'access-control-allow-origin': allowed,
        'access-control-allow-credentials': 'true',
        'access-control-allow-methods': 'POST',
        'access-control-allow-headers': 'content-type,x-tenant',
        vary: 'Origin',
      });
    });

    test('lets a page of an allowed origin read answers, refusals too', async () => {
      const headers = { ...protobuf, origin: allowed };
      const good = await send(client, { headers, body });
      expect(good.status).toBe(200);
      expect(good.headers['access-control-allow-origin']).toBe(allowed);
      const bad = await send(client, { headers, body: Buffer.from('x') });
      expect(bad.status).toBe(400);
      expect(bad.headers['access-control-allow-origin']).toBe(allowed);
    });

    test('takes nothing from a page of another origin', async () => {
      const origin = 'https://evil.example';
      const preflight = await send(client, { method: 'OPTIONS', headers: { origin } });
      expect(preflight.headers['access-control-allow-origin']).toBeUndefined();
      expect(preflight.headers['access-control-allow-methods']).toBeUndefined();
      const answer = await send(client, { headers: { ...protobuf, origin }, body });
      expect(answer.status).toBe(403);
      expect(decodeStatus(answer.body).message).toContain('--cors-origins');
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
      expect(sink.spans).toEqual([]);
    });
  });

  describe('with a sender that misbehaves', () => {
    test('refuses a body that is announced too large before it comes, and shows it', async () => {
      const large = Buffer.alloc(3_000_000);
      const answer = await send(client, { headers: protobuf, body: large });
      expect(answer.status).toBe(413);
      expect(decodeStatus(answer.body)).toMatchObject({ code: 8 });
    });

    test('refuses a body that grows too large without announcing it', async () => {
      const answer = await send(client, {
        headers: { ...protobuf, 'transfer-encoding': 'chunked' },
        body: Buffer.alloc(3_000_000),
      });
      expect(answer.status).toBe(413);
    });

    test('forgets a sender that goes away in the middle', async () => {
      for (const encoding of ['', 'content-encoding: gzip\r\n']) {
        const socket = connect(client.port, '127.0.0.1');
        socket.write(
          `POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-protobuf\r\n${encoding}content-length: 1000\r\n\r\n`,
        );
        socket.write(gzipSync(body));
        await sleep(50);
        socket.destroy();
      }
      await untilMetric('outcome="canceled"} 2');
      expect(sink.batches).toEqual([]);
      expect((await send(client, { headers: protobuf, body })).status).toBe(200);
    });

    test('ends a request that does not come to its end', async () => {
      const impatient = await startReceiver({
        sink,
        log: new MemoryLog(),
        requestTimeoutMs: 200,
      });
      const socket = connect(impatient.client.port, '127.0.0.1');
      socket.write(
        'POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-protobuf\r\ncontent-length: 1000\r\n\r\nabc',
      );
      const received: Buffer[] = [];
      socket.on('data', (chunk: Buffer) => received.push(chunk));
      await new Promise((resolve) => socket.once('close', resolve));
      expect(Buffer.concat(received).toString()).toContain('408');
      await untilMetric('outcome="canceled"} 1', impatient.metrics);
      await impatient.listener.close(0);
    });

    test('holds no more in memory than it may, and takes more when there is room again', async () => {
      const slow = connect(client.port, '127.0.0.1');
      slow.write(
        'POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-protobuf\r\ncontent-length: 99000\r\n\r\n',
      );
      slow.write(Buffer.alloc(98_000));
      await sleep(50);
      const large = Buffer.alloc(90_000);
      const refused = await send(client, { headers: protobuf, body: large });
      expect(refused.status).toBe(503);
      expect(refused.headers['retry-after']).toBe('1');
      slow.destroy();
      await untilMetric('outcome="canceled"} 1');
      const taken = await send(client, { headers: protobuf, body: large });
      expect(taken.status).toBe(400);
    });

    test('answers what is not HTTP without harm', async () => {
      const socket = connect(client.port, '127.0.0.1');
      socket.resume();
      socket.write('\u0016\u0003\u0001 hello\r\n\r\n');
      await new Promise((resolve) => socket.once('close', resolve));
      expect((await send(client, { headers: protobuf, body })).status).toBe(200);
    });
  });

  test('counts requests by how they ended', async () => {
    await send(client, { headers: protobuf, body });
    await send(client, { headers: protobuf, body: Buffer.from('x') });
    await send(client, { path: '/' });
    const text = await metrics.format();
    expect(text).toContain('clew_receiver_requests_total{receiver="otlp_http",outcome="ok"} 1');
    expect(text).toContain('receiver="otlp_http",outcome="invalid"} 1');
    expect(text).toContain('receiver="otlp_http",outcome="unsupported"} 1');
  });

  async function untilMetric(line: string, of: ServerMetrics = metrics): Promise<void> {
    while (!(await of.format()).includes(line)) await sleep(5);
  }
});

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
