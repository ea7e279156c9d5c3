/** What a sender may do wrong, against a real server: it is told, the good spans are kept, and nothing falls over. */
import { createClient } from '@clew/api';
import type { ClewClient, SpanJson, TraceJson } from '@clew/api';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../bench/src/load/connection.ts';
import type { Connection } from '../../bench/src/load/connection.ts';
import { readProcessUsage } from '../../bench/src/process-usage.ts';
import { ClewProcess } from './clew-process.ts';
import { encodeRawRequest, formatRawRequest, rawSpan } from './otlp-bytes.ts';
import type { RawSpan } from './otlp-bytes.ts';

const PROTOBUF = 'application/x-protobuf';
const JSON_TYPE = 'application/json';
const LIMIT_BYTES = 2 ** 20;
const SERVICE = 'careless-service';

let clew: ClewProcess;
let api: ClewClient;
let grpc: Connection;

beforeAll(async () => {
  clew = await ClewProcess.start({ flags: [`--max-request-bytes=${LIMIT_BYTES}`] });
  api = createClient(clew.addresses.ui);
  grpc = connect({ protocol: 'grpc', port: Number(clew.addresses.otlpGrpc.split(':')[1]) });
  return async () => {
    grpc.close();
    await clew[Symbol.asyncDispose]();
  };
});

describe('a request that cannot be read', () => {
  const good = encodeRawRequest([{}], SERVICE);

  test.each([
    ['malformed protobuf', PROTOBUF, Uint8Array.from([0x0a, 0xff, 0xff, 0x01]), 400],
    ['protobuf that is cut off', PROTOBUF, good.subarray(0, good.length - 3), 400],
    ['text instead of protobuf', PROTOBUF, Buffer.from('hello'), 400],
    ['malformed JSON', JSON_TYPE, Buffer.from('{"resourceSpans": [{'), 400],
    ['JSON of another shape', JSON_TYPE, Buffer.from('{"resourceSpans": 7}'), 400],
    ['protobuf that calls itself JSON', JSON_TYPE, good, 400],
    ['a body over the limit', PROTOBUF, new Uint8Array(LIMIT_BYTES + 1), 413],
  ])('%s is answered in the sender’s encoding', async (_, contentType, body, status) => {
    const response = await post(body, { 'content-type': contentType });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe(contentType);
    if (contentType === JSON_TYPE) {
      expect(await response.json()).toMatchObject({ message: expect.stringMatching(/\w{4}/) });
    } else {
      // google.rpc.Status: field 1 is the code, field 2 the message.
      const answer = new Uint8Array(await response.arrayBuffer());
      expect(answer[0]).toBe(0x08);
      expect(answer[2]).toBe(0x12);
    }
  });

  test.each([
    ['no content type', {}],
    ['a content type of the web', { 'content-type': 'text/html' }],
    ['an unknown compression', { 'content-type': PROTOBUF, 'content-encoding': 'br' }],
  ])('%s is not supported', async (_, headers) => {
    expect((await post(good, headers)).status).toBe(415);
  });

  test.each([
    ['gzip that is cut off', gzipSync(good).subarray(0, 40)],
    ['what is not gzip', Buffer.from('this is not gzip, but long enough to be read')],
    ['gzip with a wrong checksum', corruptChecksum(gzipSync(good))],
  ])('%s is refused', async (_, body) => {
    expect((await post(body, gzipHeaders)).status).toBe(400);
  });

  test('a gzip bomb stops at the limit', async () => {
    const bomb = gzipSync(Buffer.alloc(128 * LIMIT_BYTES));
    expect(bomb.length).toBeLessThan(LIMIT_BYTES);
    const before = readProcessUsage(clew.pid).peakResidentBytes;
    expect((await post(bomb, gzipHeaders)).status).toBe(413);
    expect(readProcessUsage(clew.pid).peakResidentBytes - before).toBeLessThan(64 * LIMIT_BYTES);
  });

  test('over gRPC it is an invalid argument, or an exhausted resource when it is too large', async () => {
    expect(await grpc.send(Uint8Array.from([0x0a, 0xff, 0xff, 0x01]))).toMatchObject({
      type: 'broken',
      reason: expect.stringContaining('INVALID_ARGUMENT'),
    });
    expect(await grpc.send(new Uint8Array(LIMIT_BYTES + 1))).toMatchObject({
      type: 'broken',
      reason: expect.stringContaining('RESOURCE_EXHAUSTED'),
    });
  });

  test('another path, method or origin is refused', async () => {
    const { otlpHttp } = clew.addresses;
    expect((await fetch(`${otlpHttp}/v1/nothing`, { method: 'POST' })).status).toBe(404);
    expect((await fetch(`${otlpHttp}/v1/traces`)).status).toBe(405);
    const foreign = { 'content-type': PROTOBUF, origin: 'https://evil.example' };
    expect((await post(good, foreign)).status).toBe(403);
  });
});

describe('a batch of good and bad spans', () => {
  const zero = (length: number): Uint8Array => new Uint8Array(length);
  const bad: readonly RawSpan[] = [
    { traceId: zero(16), name: 'zero trace id' },
    { spanId: zero(8), name: 'zero span id' },
    { traceId: zero(16).subarray(1).fill(7), name: 'short trace id' },
    { traceId: new Uint8Array(17).fill(7), name: 'long trace id' },
    { spanId: new Uint8Array(4).fill(7), name: 'short span id' },
    { traceId: new Uint8Array(0), name: 'no trace id' },
  ];

  test('over protobuf keeps the good ones and says how many it refused, and why', async () => {
    const [first, last] = [rawSpan(), rawSpan()];
    const body = encodeRawRequest([first, ...bad, last], SERVICE);
    const response = await post(body, { 'content-type': PROTOBUF });
    expect(response.status).toBe(200);
    const answer = Buffer.from(await response.arrayBuffer());
    // partial_success { rejected_spans: 6, error_message: … }, after a length of one or two bytes.
    expect(answer[0]).toBe(0x0a);
    expect(answer.indexOf(Buffer.from([0x08, bad.length, 0x12]))).toBeOneOf([2, 3]);
    const message = answer.toString();
    expect(message).toContain('trace id is zero');
    expect(message).toContain('span id is zero');
    expect(message).toContain('bytes instead of 16');
    for (const span of [first, last]) expect((await waitForSpan(span)).name).toBe('raw');
  });

  test('over JSON keeps the good ones and says how many it refused, and why', async () => {
    const good = rawSpan();
    const response = await post(formatRawRequest([...bad, good], SERVICE), {
      'content-type': JSON_TYPE,
    });
    expect(response.status).toBe(200);
    const { partialSuccess } = (await response.json()) as {
      partialSuccess: { rejectedSpans: number | string; errorMessage: string };
    };
    expect(Number(partialSuccess.rejectedSpans)).toBe(bad.length);
    expect(partialSuccess.errorMessage).toContain('trace id is zero');
    await waitForSpan(good);
  });

  test('over gRPC keeps the good ones and answers with a partial success', async () => {
    const good = rawSpan();
    expect(await grpc.send(encodeRawRequest([...bad, good], SERVICE))).toMatchObject({
      type: 'refused',
      reason: expect.stringContaining('trace id is zero'),
    });
    await waitForSpan(good);
  });

  test('counts what it refused', async () => {
    const metrics = await (await fetch(clew.addresses.metrics)).text();
    const refused = [...metrics.matchAll(/^clew_receiver_refused_spans_total\{.*\} (\d+)$/gm)];
    const total = refused.reduce((sum, [, count]) => sum + Number(count), 0);
    expect(total).toBe(3 * bad.length);
  });
});

describe('odd spans are kept as they are', () => {
  test('a span name over the limit is cut, and the span says so', async () => {
    const span = rawSpan({ name: 'n'.repeat(5000) });
    await postSpans([span]);
    const read = await waitForSpan(span);
    expect(read.name).toBe('n'.repeat(4096));
    expect(read.attributes.map(({ key }) => key)).toContain('clew.truncated');
  });

  test('an end before the start leaves no duration', async () => {
    const span = rawSpan({ endUnixNano: 1n });
    await postSpans([span]);
    expect(await waitForSpan(span)).toMatchObject({
      startUnixNano: String(span.startUnixNano),
      durationNano: '0',
    });
  });

  test.each([
    ['1970', 1_000_000_007n],
    ['2500', 16_725_225_600_000_000_007n],
  ])('a start in %s is shown, and found by its time', async (_, startUnixNano) => {
    const span = rawSpan({ startUnixNano, endUnixNano: startUnixNano + 5n, name: 'odd clock' });
    await postSpans([span]);
    expect(await waitForSpan(span)).toMatchObject({
      startUnixNano: String(startUnixNano),
      durationNano: '5',
    });
    const { traces } = await api.searchTraces({
      service: SERVICE,
      spanName: 'odd clock',
      start: String(startUnixNano),
      end: String(startUnixNano + 1n),
    });
    expect(traces.map(({ traceId }) => traceId)).toEqual([hex(span.traceId)]);
  });

  test('a service without a name can be found and told apart', async () => {
    const span = rawSpan();
    await post(encodeRawRequest([span]), { 'content-type': PROTOBUF });
    await waitForSpan(span);
    const { resources } = await api.readTrace(hex(span.traceId));
    expect(resources[0]?.service).toBe('missing-service-name');
    const { traces } = await api.searchTraces({ service: 'missing-service-name' });
    expect(traces.map(({ traceId }) => traceId)).toContain(hex(span.traceId));
  });

  test('invalid UTF-8 is shown with replacement characters and spoils nothing beside it', async () => {
    const broken = Uint8Array.from([0x61, 0xff, 0xc3, 0x28, 0x62]);
    const span = rawSpan({ name: broken, attributes: { broken, whole: 'Grüße' } });
    const neighbour = rawSpan();
    await postSpans([span, neighbour]);
    const read = await waitForSpan(span);
    expect(read.name).toBe('a\ufffd\ufffd(b');
    expect(read.attributes).toEqual([
      { key: 'broken', value: { type: 'string', value: 'a\ufffd\ufffd(b' } },
      { key: 'whole', value: { type: 'string', value: 'Grüße' } },
      {
        key: 'clew.sanitized',
        value: { type: 'string', value: 'invalid UTF-8 in broken; invalid UTF-8 in the span name' },
      },
    ]);
    await waitForSpan(neighbour);
    await api.listOperations(SERVICE);
    await api.searchTraces({ service: SERVICE, attribute: 'whole=Grüße' });
  });

  test('thousands of starts in as many years share a few partitions', async () => {
    const year = 31_556_952_000_000_000n;
    const spans = Array.from({ length: 500 }, (_, i) =>
      rawSpan({ startUnixNano: BigInt(i) * year, endUnixNano: BigInt(i) * year }),
    );
    await postSpans(spans);
    for (const span of [spans[0], spans[499]]) await waitForSpan(span as Required<RawSpan>);
  });
});

describe('questions', () => {
  test('an unknown trace id is not found', async () => {
    await expect(api.readTrace('00000000000000000000000000abcdef')).rejects.toMatchObject({
      status: 404,
      code: 'not_found',
    });
    const jaeger = await fetch(`${clew.addresses.ui}/api/traces/abcdef`);
    expect(jaeger.status).toBe(404);
  });

  test('a parameter that cannot be understood is named', async () => {
    await expect(api.searchTraces({ minDuration: 'soon' })).rejects.toMatchObject({
      status: 400,
      parameter: 'minDuration',
    });
    await expect(api.searchTraces({ cursor: 'forged' })).rejects.toMatchObject({
      status: 400,
      parameter: 'cursor',
    });
    await expect(api.readTrace('nonsense')).rejects.toMatchObject({ status: 400 });
  });
});

describe('after all of this', () => {
  test('the server runs, is ready, and takes spans', async () => {
    expect(clew.isRunning).toBe(true);
    expect((await fetch(`${clew.addresses.health}/ready`)).status).toBe(200);
    const span = rawSpan();
    await postSpans([span]);
    await waitForSpan(span);
    expect(clew.log).not.toContain('a bug');
    expect(clew.log).not.toContain('unforeseen');
  });
});

const gzipHeaders = { 'content-type': PROTOBUF, 'content-encoding': 'gzip' };

function post(body: Uint8Array | string, headers: Record<string, string>): Promise<Response> {
  const url = `${clew.addresses.otlpHttp}/v1/traces`;
  return fetch(url, { method: 'POST', body: Buffer.from(body), headers });
}

/** Sends spans of which none may be refused. */
async function postSpans(spans: readonly RawSpan[]): Promise<void> {
  const response = await post(encodeRawRequest(spans, SERVICE), { 'content-type': PROTOBUF });
  expect(response.status).toBe(200);
  expect((await response.arrayBuffer()).byteLength).toBe(0);
}

/** The span as it is stored, a moment after it was acknowledged. */
async function waitForSpan({ traceId, spanId }: Required<RawSpan>): Promise<SpanJson> {
  const startMs = performance.now();
  for (;;) {
    const trace: TraceJson | undefined = await api.readTrace(hex(traceId)).catch(() => undefined);
    const span = trace?.spans.find((candidate) => candidate.spanId === hex(spanId));
    if (span !== undefined) return span;
    expect(performance.now() - startMs).toBeLessThan(10_000);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function corruptChecksum(compressed: Buffer): Buffer {
  const corrupt = Buffer.from(compressed);
  const at = corrupt.length - 8;
  corrupt[at] = (corrupt[at] ?? 0) ^ 0xff;
  return corrupt;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
