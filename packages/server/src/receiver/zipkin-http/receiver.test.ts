import { deflateSync, gzipSync } from 'node:zlib';
import { OverloadedError } from '@clew/model';
import { DEFAULT_DECODE_LIMITS } from '@clew/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ServerMetrics } from '../../telemetry/metrics.ts';
import { ByteBudget } from '../byte-budget.ts';
import type { Listener } from '../listener.ts';
import { describeReceiver } from '../receiver.conformance.ts';
import type { Outcome, RunningReceiver } from '../receiver.conformance.ts';
import { MemoryLog, MemorySink } from '../testing/memory-sink.ts';
import type { WireRequest } from '../testing/otlp-messages.ts';
import { createZipkinHttpReceiver } from './receiver.ts';
import type { ZipkinHttpOptions } from './receiver.ts';

async function startReceiver(
  given: Partial<ZipkinHttpOptions> & Pick<ZipkinHttpOptions, 'sink' | 'log'>,
): Promise<{ listener: Listener; url: string; metrics: ServerMetrics }> {
  const metrics = new ServerMetrics('test');
  const listener = createZipkinHttpReceiver({
    metrics,
    maxRequestBytes: 100_000,
    budget: new ByteBudget(100_000_000),
    isAllowedOrigin: (origin) => origin === 'http://localhost:3000',
    ...given,
  });
  const port = await listener.listen({ host: '127.0.0.1', port: 0 });
  return { listener, url: `http://127.0.0.1:${port}`, metrics };
}

// The other encodings have no fractions of a microsecond, so that they cannot say what the contract's requests do.
describeReceiver({
  name: 'Zipkin in v2 JSON',
  encode: encodeJson,
  start: async (parts): Promise<RunningReceiver> => {
    const { listener, url } = await startReceiver(parts);
    const send: RunningReceiver['send'] = async (body, { compression } = {}) =>
      readOutcome(
        await fetch(`${url}/api/v2/spans`, {
          method: 'POST',
          body: new Uint8Array(body),
          headers: {
            'content-type': 'application/json',
            ...(compression === undefined ? {} : { 'content-encoding': compression }),
          },
        }),
      );
    return { listener, send, disconnect: () => undefined };
  },
});

/** A list of spans, with the fractions of microseconds that make nanoseconds. */
function encodeJson({ service, spans }: WireRequest): Buffer {
  const text = JSON.stringify(
    spans.map((span) => ({
      traceId: span.traceId.toString('hex'),
      id: span.spanId.toString('hex'),
      parentId: span.parentSpanId?.toString('hex'),
      name: '\u0000name\u0000',
      timestamp: Number(span.startTimeUnixNano) / 1000,
      duration: Number(span.endTimeUnixNano - span.startTimeUnixNano) / 1000,
      ...(service === undefined ? {} : { localEndpoint: { serviceName: service } }),
    })),
  );
  // Names go in as bytes, because one that is not UTF-8 cannot pass through a string.
  const parts = text.split(String.raw`"\u0000name\u0000"`).map((part) => Buffer.from(part));
  const names = spans.map(({ name }) =>
    typeof name === 'string'
      ? Buffer.from(JSON.stringify(name))
      : Buffer.concat([Buffer.from('"'), name, Buffer.from('"')]),
  );
  return Buffer.concat(parts.flatMap((part, i) => [part, names[i] ?? Buffer.alloc(0)]));
}

const KIND_OF_STATUS: Readonly<Record<number, 'invalid' | 'too_large' | 'unavailable' | 'failed'>> =
  { 400: 'invalid', 413: 'too_large', 503: 'unavailable', 500: 'failed' };

async function readOutcome(response: Response): Promise<Outcome> {
  const message = (await response.text()).trimEnd();
  if (response.status === 202) {
    if (message === '') return { kind: 'ok' };
    const rejectedSpans = Number(/^refused spans: (\d+)/.exec(message)?.[1]);
    return { kind: 'partial', rejectedSpans, message };
  }
  const retryAfter = response.headers.get('retry-after');
  return {
    kind: KIND_OF_STATUS[response.status] ?? 'failed',
    message,
    retryAfterMs: retryAfter === null ? undefined : Number(retryAfter) * 1000,
  };
}

/** Bytes, because `fetch` names a content type for texts. */
function encode(body: string | Buffer): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(body));
}

describe('Zipkin over HTTP', () => {
  let sink: MemorySink;
  let listener: Listener;
  let url: string;
  let metrics: ServerMetrics;

  const span = {
    traceId: '5b8efff798038103',
    id: 'd269b633813fc60c',
    name: 'get',
    timestamp: 1_795_000_000_000_000,
    duration: 1500,
  };
  const v2 = JSON.stringify([{ ...span, localEndpoint: { serviceName: 'order-service' } }]);
  const v1 = JSON.stringify([
    {
      ...span,
      binaryAnnotations: [
        { key: 'http.path', value: '/', endpoint: { serviceName: 'order-service' } },
      ],
    },
  ]);
  // A list of one struct: trace id, id, end.
  const thrift = Buffer.from('0c000000010a000100000000000000010a0004000000000000000200', 'hex');
  // A span of 8-byte ids, as field 1 of the list.
  const protobuf = Buffer.from('0a140a0800000000000000011a080000000000000002', 'hex');

  const post = (path: string, body: string | Buffer, headers: Record<string, string> = {}) =>
    fetch(`${url}${path}`, { method: 'POST', body: encode(body), headers });

  beforeEach(async () => {
    sink = new MemorySink();
    ({ listener, url, metrics } = await startReceiver({ sink, log: new MemoryLog() }));
  });

  afterEach(() => listener.close(0));

  test.each<[string, string, string | Buffer]>([
    ['/api/v2/spans', 'application/json', v2],
    ['/api/v2/spans', 'application/json; charset=utf-8', v2],
    ['/api/v2/spans', 'application/x-protobuf', protobuf],
    ['/api/v1/spans', 'application/json', v1],
    ['/api/v1/spans', 'application/x-thrift', thrift],
  ])('takes at %s %s, and answers 202 with nothing', async (path, type, body) => {
    const response = await post(path, body, { 'content-type': type });
    expect(response.status).toBe(202);
    expect(await response.text()).toBe('');
    expect(sink.spans).toHaveLength(1);
  });

  test('takes a request without a content type for JSON', async () => {
    expect((await post('/api/v2/spans', v2)).status).toBe(202);
    expect((await post('/api/v1/spans', v1)).status).toBe(202);
    expect(sink.spans.map((span) => span.resource.service)).toEqual([
      'order-service',
      'order-service',
    ]);
  });

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
  ] as const)('takes %s', async (encoding, compress) => {
    const response = await post('/api/v2/spans', compress(v2), { 'content-encoding': encoding });
    expect(response.status).toBe(202);
    expect(sink.spans).toHaveLength(1);
  });

  test.each<[string, string]>([
    ['/api/v2/spans', 'application/x-thrift'],
    ['/api/v1/spans', 'application/x-protobuf'],
    ['/api/v2/spans', 'constructor'],
  ])('says at %s that it does not take %s', async (path, type) => {
    const response = await post(path, v2, { 'content-type': type });
    expect(response.status).toBe(415);
    expect(await response.text()).toContain('application/json');
  });

  test('says in plain text what is wrong', async () => {
    const response = await post('/api/v2/spans', '[{]', { 'content-type': 'application/json' });
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toContain('text/plain');
    expect(await response.text()).toContain('zipkin v2 json: ');
  });

  test('says where spans go', async () => {
    const response = await post('/api/v2/span', v2);
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('/api/v2/spans');
  });

  test('leaves questions to whoever answers them, and takes spans all the same', async () => {
    const both = await startReceiver({
      sink,
      log: new MemoryLog(),
      answerReads: (request, response) => {
        response.end(`answer to ${request.method} ${request.url}`);
        return Promise.resolve();
      },
    });
    const path = '/api/v2/spans?serviceName=order-service';
    const asked = await fetch(`${both.url}${path}`);
    expect(await asked.text()).toBe(`answer to GET ${path}`);
    const sent = await fetch(`${both.url}/api/v2/spans`, { method: 'POST', body: encode(v2) });
    expect(sent.status).toBe(202);
    expect(sink.spans).toHaveLength(1);
    await both.listener.close(0);
  });

  test('keeps the good spans of a request and says which were not', async () => {
    const body = JSON.stringify([span, { ...span, id: 'not hex' }]);
    const response = await post('/api/v2/spans', body);
    expect(response.status).toBe(202);
    expect(await response.text()).toContain('span id is not 1 to 16 hexadecimal digits: "not hex"');
    expect(sink.spans).toHaveLength(1);
  });

  test('refuses a request of more spans than it may have', async () => {
    const strict = await startReceiver({
      sink,
      log: new MemoryLog(),
      limits: { ...DEFAULT_DECODE_LIMITS, maxSpans: 1 },
    });
    const body = JSON.stringify([span, span]);
    const response = await fetch(`${strict.url}/api/v2/spans`, {
      method: 'POST',
      body: encode(body),
    });
    expect(response.status).toBe(413);
    expect(await response.text()).toBe('more than 1 spans in a request\n');
    await strict.listener.close(0);
  });

  test('asks to come again when the store is full', async () => {
    sink.failure = new OverloadedError('the backlog is full', { retryAfterMs: 1500 });
    const response = await post('/api/v2/spans', v2);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('2');
    expect(await response.text()).toBe('the backlog is full\n');
  });

  test('lets pages of allowed origins send, and no others', async () => {
    const origin = 'http://localhost:3000';
    const allowed = await post('/api/v2/spans', v2, { origin });
    expect(allowed.status).toBe(202);
    expect(allowed.headers.get('access-control-allow-origin')).toBe(origin);
    const refused = await post('/api/v2/spans', v2, { origin: 'https://evil.example' });
    expect(refused.status).toBe(403);
    expect(sink.spans).toHaveLength(1);
  });

  test('counts requests under its own name', async () => {
    await post('/api/v2/spans', v2);
    await post('/api/v1/spans', 'x');
    const text = await metrics.format();
    expect(text).toContain('clew_receiver_requests_total{receiver="zipkin_http",outcome="ok"} 1');
    expect(text).toContain('receiver="zipkin_http",outcome="invalid"} 1');
  });
});
