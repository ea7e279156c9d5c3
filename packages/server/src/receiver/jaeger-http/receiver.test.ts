import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { OverloadedError } from '@clew/model';
import { DEFAULT_DECODE_LIMITS } from '@clew/protocol';
import type { DecodeLimits } from '@clew/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ServerMetrics } from '../../telemetry/metrics.ts';
import { ByteBudget } from '../byte-budget.ts';
import type { Listener } from '../listener.ts';
import { MemoryLog, MemorySink } from '../testing/memory-sink.ts';
import { createJaegerHttpReceiver } from './receiver.ts';

/** Four spans, as Jaeger's client for Node sent them. */
const BATCH = readFileSync(
  join(
    dirname(fileURLToPath(import.meta.url)),
    '../../../../protocol/testdata/jaeger/jaeger-client-node-3.19/order.http.bin',
  ),
);

let sink: MemorySink;
let listener: Listener;
let url: string;
let metrics: ServerMetrics;

beforeEach(() => start());

async function start(limits?: DecodeLimits): Promise<void> {
  sink = new MemorySink();
  metrics = new ServerMetrics('test');
  listener = createJaegerHttpReceiver({
    sink,
    limits,
    metrics,
    log: new MemoryLog(),
    maxRequestBytes: 100_000,
    budget: new ByteBudget(1_000_000),
    isAllowedOrigin: (origin) => origin === 'http://shop.example',
  });
  const port = await listener.listen({ host: '127.0.0.1', port: 0 });
  url = `http://127.0.0.1:${port}/api/traces`;
}

afterEach(() => listener.close(0));

function post(body: Buffer, headers: Record<string, string> = {}, to = url): Promise<Response> {
  return fetch(to, {
    method: 'POST',
    headers: { 'content-type': 'application/x-thrift', ...headers },
    body: new Uint8Array(body),
  });
}

describe('Jaeger over HTTP', () => {
  test.each([
    'application/x-thrift',
    'application/vnd.apache.thrift.binary',
    'application/x-thrift; charset=utf-8',
  ])('takes a batch as %s', async (contentType) => {
    const response = await post(BATCH, { 'content-type': contentType });
    expect(response.status).toBe(202);
    expect(await response.text()).toBe('');
    expect(sink.spans).toHaveLength(4);
    expect(sink.batches).toEqual([{ receiver: 'jaeger_http', rejectedSpans: 0 }]);
  });

  test('passes over the query that old clients add', async () => {
    expect((await post(BATCH, {}, `${url}?format=jaeger.thrift`)).status).toBe(202);
  });

  test('takes gzip', async () => {
    expect((await post(gzipSync(BATCH), { 'content-encoding': 'gzip' })).status).toBe(202);
    expect(sink.spans).toHaveLength(4);
  });

  test('refuses a batch that does not say whose spans they are', async () => {
    const response = await post(Buffer.alloc(90_000));
    expect(response.status).toBe(400);
    expect(await response.text()).toContain(
      'jaeger thrift: required field process is missing in batch at byte 1',
    );
    expect(sink.spans).toEqual([]);
  });

  test('refuses JSON', async () => {
    expect((await post(BATCH, { 'content-type': 'application/json' })).status).toBe(415);
  });

  test('refuses what is cut off, naming format and place', async () => {
    const response = await post(BATCH.subarray(0, -100));
    expect(response.status).toBe(400);
    expect(await response.text()).toMatch(
      /^jaeger thrift: truncated.* in spans\[\d] at byte \d+\n$/,
    );
    expect(sink.batches).toEqual([]);
  });

  test('refuses a body over the limit', async () => {
    expect((await post(Buffer.alloc(100_001))).status).toBe(413);
  });

  test('keeps the limits it is given', async () => {
    await listener.close(0);
    await start({ ...DEFAULT_DECODE_LIMITS, maxSpans: 3 });
    const response = await post(BATCH);
    expect(response.status).toBe(413);
    expect(await response.text()).toBe('more than 3 spans in a request\n');
  });

  test('says when to come again', async () => {
    sink.failure = new OverloadedError('the backlog is full', { retryAfterMs: 1500 });
    const response = await post(BATCH);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('2');
    expect(await response.text()).toBe('the backlog is full\n');
  });

  test('keeps the good spans of a batch, and tells of the others', async () => {
    const spoiled = Buffer.from(BATCH);
    // The first span’s id, which is field 3 and of type i64.
    const at = spoiled.indexOf(Buffer.from([10, 0, 3]));
    spoiled.fill(0, at + 3, at + 11);
    const response = await post(spoiled);
    expect(response.status).toBe(202);
    expect(await response.text()).toMatch(/^refused spans: 1 \(span id is zero/);
    expect(sink.spans).toHaveLength(3);
    expect(await metrics.format()).toContain('receiver="jaeger_http",outcome="partial"} 1');
  });

  test('answers pages of allowed origins, and takes nothing from others', async () => {
    const allowed = await post(BATCH, { origin: 'http://shop.example' });
    expect(allowed.headers.get('access-control-allow-origin')).toBe('http://shop.example');
    const foreign = await post(BATCH, { origin: 'http://evil.example' });
    expect(foreign.status).toBe(403);
    expect(sink.spans).toHaveLength(4);
  });
});
