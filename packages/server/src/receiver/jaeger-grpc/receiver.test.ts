import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OverloadedError } from '@clew/model';
import { Client, credentials, status } from '@grpc/grpc-js';
import type { ServiceError } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ServerMetrics } from '../../telemetry/metrics.ts';
import { ByteBudget } from '../byte-budget.ts';
import type { Listener } from '../listener.ts';
import { MemoryLog, MemorySink } from '../testing/memory-sink.ts';
import { createJaegerGrpcReceiver } from './receiver.ts';

/** Two spans, written from the published .proto files. */
const REQUEST = readFileSync(
  join(
    dirname(fileURLToPath(import.meta.url)),
    '../../../../protocol/testdata/jaeger/jaeger-api-v2-spec/order.grpc.bin',
  ),
);

const POST_SPANS = '/jaeger.api_v2.CollectorService/PostSpans';

let sink: MemorySink;
let listener: Listener;
let client: Client;
let metrics: ServerMetrics;

beforeEach(async () => {
  sink = new MemorySink();
  metrics = new ServerMetrics('test');
  listener = createJaegerGrpcReceiver({
    sink,
    metrics,
    log: new MemoryLog(),
    maxRequestBytes: 100_000,
    budget: new ByteBudget(1_000_000),
  });
  const port = await listener.listen({ host: '127.0.0.1', port: 0 });
  client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
});

afterEach(async () => {
  client.close();
  await listener.close(0);
});

function call(request: Buffer, method = POST_SPANS): Promise<Buffer> {
  const pass = (bytes: Buffer): Buffer => bytes;
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(method, pass, pass, request, (error, answer) => {
      if (error === null && answer !== undefined) resolve(answer);
      else reject(error ?? new Error('no answer'));
    });
  });
}

async function failureOf(request: Buffer, method = POST_SPANS): Promise<ServiceError> {
  const error: unknown = await call(request, method).then(
    () => new Error('no failure'),
    (error: unknown) => error,
  );
  return error as ServiceError;
}

describe('Jaeger over gRPC', () => {
  test('takes the spans of PostSpans and answers with an empty message', async () => {
    expect(await call(REQUEST)).toHaveLength(0);
    expect(sink.spans.map((span) => span.name).sort()).toEqual(['GET /users', 'POST /orders']);
    expect(sink.batches).toEqual([{ receiver: 'jaeger_grpc', rejectedSpans: 0 }]);
  });

  test('refuses what is malformed for good', async () => {
    const { code, details } = await failureOf(REQUEST.subarray(0, -5));
    expect(code).toBe(status.INVALID_ARGUMENT);
    expect(details).toMatch(/^jaeger protobuf: length runs past the end/);
    expect(sink.batches).toEqual([]);
  });

  test('refuses a message over the limit', async () => {
    const { code } = await failureOf(Buffer.alloc(100_001));
    expect(code).toBe(status.RESOURCE_EXHAUSTED);
  });

  test('asks the sender to come again when the store is full', async () => {
    sink.failure = new OverloadedError('the backlog is full', { retryAfterMs: 1500 });
    const { code, details, metadata } = await failureOf(REQUEST);
    expect(code).toBe(status.UNAVAILABLE);
    expect(details).toBe('the backlog is full');
    expect(metadata.get('grpc-status-details-bin')).toHaveLength(1);
  });

  test('implements no other service', async () => {
    const method = '/jaeger.api_v2.SamplingManager/GetSamplingStrategy';
    expect((await failureOf(REQUEST, method)).code).toBe(status.UNIMPLEMENTED);
  });
});
