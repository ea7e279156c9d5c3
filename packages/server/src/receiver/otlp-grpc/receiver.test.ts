import { connect } from 'node:http2';
import type { ClientHttp2Session, IncomingHttpHeaders } from 'node:http2';
import { OverloadedError } from '@clew/model';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ServerMetrics } from '../../telemetry/metrics.ts';
import { ByteBudget } from '../byte-budget.ts';
import type { Listener } from '../listener.ts';
import { describeReceiver } from '../receiver.conformance.ts';
import type { Outcome, RunningReceiver, SendOptions } from '../receiver.conformance.ts';
import { MemoryLog, MemorySink } from '../testing/memory-sink.ts';
import {
  decodeResponse,
  decodeRetryInfo,
  decodeStatus,
  encodeRequestProtobuf,
} from '../testing/otlp-messages.ts';
import type { WireStatus } from '../testing/otlp-messages.ts';
import { createOtlpGrpcReceiver } from './receiver.ts';
import type { OtlpGrpcOptions } from './receiver.ts';

const EXPORT = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';

interface GrpcAnswer {
  /** gRPC's number. */
  readonly status: number;
  readonly message: string;
  readonly details: WireStatus | undefined;
  /** The message, without its frame. */
  readonly body: Buffer;
}

/** A gRPC call as frames of HTTP/2, so that what is in them can be wrong. */
function call(
  session: ClientHttp2Session,
  body: Buffer,
  { compression, path = EXPORT }: SendOptions & { readonly path?: string } = {},
): Promise<GrpcAnswer> {
  return new Promise((resolve, reject) => {
    const stream = session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
      ...(compression === undefined ? {} : { 'grpc-encoding': compression }),
    });
    const chunks: Buffer[] = [];
    let last: IncomingHttpHeaders = {};
    stream.on('response', (headers) => (last = { ...last, ...headers }));
    stream.on('trailers', (headers) => (last = { ...last, ...headers }));
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('error', reject);
    stream.on('end', () => resolve(readAnswer(last, Buffer.concat(chunks))));
    const frame = Buffer.alloc(5);
    frame.writeUInt8(compression === undefined ? 0 : 1, 0);
    frame.writeUInt32BE(body.length, 1);
    stream.end(Buffer.concat([frame, body]));
  });
}

function readAnswer(headers: IncomingHttpHeaders, body: Buffer): GrpcAnswer {
  const details = headers['grpc-status-details-bin'];
  return {
    status: Number(headers['grpc-status']),
    message: decodeURIComponent(String(headers['grpc-message'] ?? '')),
    details: typeof details === 'string' ? decodeStatus(Buffer.from(details, 'base64')) : undefined,
    body: body.subarray(5),
  };
}

interface RunningGrpc {
  readonly listener: Listener;
  readonly port: number;
  readonly session: ClientHttp2Session;
  readonly metrics: ServerMetrics;
}

async function startReceiver(
  given: Partial<OtlpGrpcOptions> & Pick<OtlpGrpcOptions, 'sink'>,
): Promise<RunningGrpc> {
  const metrics = new ServerMetrics('test');
  const listener = createOtlpGrpcReceiver({
    metrics,
    log: new MemoryLog(),
    maxRequestBytes: 100_000,
    budget: new ByteBudget(100_000_000),
    ...given,
  });
  const port = await listener.listen({ host: '127.0.0.1', port: 0 });
  const session = connect(`http://127.0.0.1:${port}`);
  session.on('error', () => undefined);
  return { listener, port, session, metrics };
}

const KIND_OF_STATUS: Readonly<Record<number, 'invalid' | 'too_large' | 'unavailable' | 'failed'>> =
  { 3: 'invalid', 8: 'too_large', 13: 'failed', 14: 'unavailable' };

function readOutcome({ status, message, details, body }: GrpcAnswer): Outcome {
  if (status !== 0) {
    const retryInfo = details?.details[0];
    return {
      kind: KIND_OF_STATUS[status] ?? 'failed',
      message,
      retryAfterMs: retryInfo === undefined ? undefined : decodeRetryInfo(retryInfo.value),
    };
  }
  const partial = decodeResponse(body);
  if (partial === undefined) return { kind: 'ok' };
  const { rejectedSpans, errorMessage } = partial;
  return { kind: 'partial', rejectedSpans, message: errorMessage };
}

describeReceiver({
  name: 'OTLP/gRPC',
  encode: encodeRequestProtobuf,
  start: async (parts): Promise<RunningReceiver> => {
    const { listener, session } = await startReceiver(parts);
    return {
      listener,
      send: async (body, options) => readOutcome(await call(session, body, options)),
      disconnect: () => session.destroy(),
    };
  },
});

describe('OTLP/gRPC', () => {
  let sink: MemorySink;
  let listener: Listener;
  let session: ClientHttp2Session;
  let metrics: ServerMetrics;

  beforeEach(async () => {
    sink = new MemorySink();
    ({ listener, session, metrics } = await startReceiver({ sink }));
  });

  afterEach(async () => {
    session.destroy();
    await listener.close(0);
  });

  test.each([
    '/opentelemetry.proto.collector.metrics.v1.MetricsService/Other',
    '/opentelemetry.proto.collector.trace.v1.TraceService/Other',
    '/',
  ])('does not implement %s', async (path) => {
    expect((await call(session, Buffer.alloc(0), { path })).status).toBe(12);
  });

  test.each([
    'metrics.v1.MetricsService',
    'logs.v1.LogsService',
    'profiles.v1development.ProfilesService',
  ])('takes requests to %s, keeps nothing and says so', async (service) => {
    const path = `/opentelemetry.proto.collector.${service}/Export`;
    const empty = await call(session, Buffer.alloc(0), { path });
    expect(empty).toMatchObject({ status: 0, body: Buffer.alloc(0) });
    const levels = service.startsWith('metrics')
      ? [0x0a, 0x2a, 0x12, 0x12, 0x0a]
      : [0x12, 0x12, 0x0a];
    let message = Buffer.alloc(0);
    for (const tag of levels)
      message = Buffer.concat([Buffer.from([tag, message.length]), message]);
    const { status, body } = await call(session, message, { path });
    expect(status).toBe(0);
    expect(decodeResponse(body)).toEqual({
      rejectedSpans: 1,
      errorMessage: expect.stringContaining('traces only') as string,
    });
    expect(await metrics.format()).toMatch(
      /unkept_items_total\{receiver="otlp_grpc",signal="\w+"\} 1/,
    );
  });

  test('tells in a trailer when to come again', async () => {
    sink.failure = new OverloadedError('the backlog is full', { retryAfterMs: 1250 });
    const { status, details } = await call(session, encodeRequestProtobuf(ONE_SPAN));
    expect(status).toBe(14);
    expect(details).toMatchObject({
      code: 14,
      message: 'the backlog is full',
      details: [{ typeUrl: 'type.googleapis.com/google.rpc.RetryInfo' }],
    });
    expect(decodeRetryInfo(details?.details[0]?.value ?? Buffer.alloc(0))).toBe(1250);
  });

  test('forgets a sender that goes away in the middle', async () => {
    const stream = session.request({
      ':method': 'POST',
      ':path': EXPORT,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    stream.on('error', () => undefined);
    stream.write(Buffer.from([0, 0, 0, 3, 0, 1, 2, 3]));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const closed = new Promise((resolve) => session.once('close', resolve));
    session.destroy();
    await closed;
    expect(sink.batches).toEqual([]);
  });

  test('counts requests by how they ended', async () => {
    await call(session, encodeRequestProtobuf(ONE_SPAN));
    await call(session, Buffer.from('nonsense'));
    const text = await metrics.format();
    expect(text).toContain('clew_receiver_requests_total{receiver="otlp_grpc",outcome="ok"} 1');
    expect(text).toContain('receiver="otlp_grpc",outcome="invalid"} 1');
  });
});

test('a port that is taken is an error that says so', async () => {
  const first = await startReceiver({ sink: new MemorySink() });
  const second = createOtlpGrpcReceiver({
    sink: new MemorySink(),
    metrics: first.metrics,
    log: new MemoryLog(),
    maxRequestBytes: 1000,
    budget: new ByteBudget(100_000_000),
  });
  const address = { host: '127.0.0.1', port: first.port };
  await expect(second.listen(address)).rejects.toThrow('EADDRINUSE');
  first.session.destroy();
  await first.listener.close(0);
});

const ONE_SPAN = {
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
};
