import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { OverloadedError } from '@clew/model';
import { ByteBudget } from '../receiver/byte-budget.ts';
import type { Listener } from '../receiver/listener.ts';
import { createOtlpHttpHandler } from '../receiver/otlp-http/receiver.ts';
import { MemoryLog, MemorySink } from '../receiver/testing/memory-sink.ts';
import { encodeRequestProtobuf } from '../receiver/testing/otlp-messages.ts';
import { ServerMetrics } from '../telemetry/metrics.ts';
import { createAppListener } from './app-listener.ts';
import { OTLP_TRACES_PATH } from './otlp-path.ts';
import { createTestApp } from './testing/test-app.ts';

const BASE_PATH = '/tracing';

let sink: MemorySink;
let listener: Listener;
let url: string;

beforeEach(async () => {
  sink = new MemorySink();
  const receiveTraces = createOtlpHttpHandler(`${BASE_PATH}${OTLP_TRACES_PATH}`, {
    sink,
    metrics: new ServerMetrics('test'),
    log: new MemoryLog(),
    maxRequestBytes: 100_000,
    budget: new ByteBudget(1_000_000),
    isAllowedOrigin: () => true,
  });
  const isAllowedOrigin = (origin: string): boolean => origin === 'https://shop.example';
  const { app } = createTestApp({ basePath: BASE_PATH, receiveTraces, isAllowedOrigin });
  listener = createAppListener(app);
  const port = await listener.listen({ host: '127.0.0.1', port: 0 });
  url = `http://127.0.0.1:${port}${BASE_PATH}${OTLP_TRACES_PATH}`;
});

afterEach(() => listener.close(0));

function send(nameLength = 5, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  const span = {
    traceId: Buffer.alloc(16, 1),
    spanId: Buffer.alloc(8, 2),
    name: 'x'.repeat(nameLength),
    startTimeUnixNano: 1n,
    endTimeUnixNano: 2n,
  };
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf', ...headers },
    body: Uint8Array.from(encodeRequestProtobuf({ service: 'shop', spans: [span] })),
  });
}

describe('OTLP on the UI port', () => {
  test('takes spans', async () => {
    const answer = await send();
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/x-protobuf');
    expect(sink.spans.map(({ name }) => name)).toEqual(['xxxxx']);
    expect((await send()).status).toBe(200);
  });

  test('asks the sender to come again when the store is full', async () => {
    sink.failure = new OverloadedError('the backlog is full', { retryAfterMs: 2000 });
    const answer = await send();
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('2');
  });

  test('refuses what is too large', async () => {
    expect((await send(200_000)).status).toBe(413);
    expect(sink.spans).toEqual([]);
  });

  test('takes spans of its own pages and not of others', async () => {
    const { origin } = new URL(url);
    expect((await send(5, { origin })).status).toBe(200);
    expect((await send(5, { origin: 'http://localhost:3000' })).status).toBe(403);
    expect(sink.spans).toHaveLength(1);
  });

  test('answers pages of origins that may send as the receiver on its own port does', async () => {
    const origin = 'https://shop.example';
    const asked = { 'access-control-request-method': 'POST' };
    const preflight = await fetch(url, {
      method: 'OPTIONS',
      headers: { ...asked, origin, 'access-control-request-headers': 'content-type,x-tenant' },
    });
    expect(preflight.status).toBe(204);
    expect(Object.fromEntries(preflight.headers)).toMatchObject({
      vary: 'Origin',
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'content-type,x-tenant',
    });
    const answer = await send(5, { origin });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
    expect(sink.spans).toHaveLength(1);
  });

  test('tells pages of other origins nothing, and lets none delete a trace', async () => {
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' };
    const preflight = await fetch(url, { method: 'OPTIONS', headers });
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
    const trace = new URL(`${BASE_PATH}/api/clew/traces/1`, url);
    const allowed = { origin: 'https://shop.example' };
    expect((await fetch(trace, { method: 'DELETE', headers: allowed })).status).toBe(403);
  });
});
