/** Jaeger's own client for Node, and recorded payloads for the ways that no client for npm has, against a real server. */
import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@clew/api';
import type { SpanJson, TraceJson } from '@clew/api';
import { Client, credentials } from '@grpc/grpc-js';
import { SpanKind, SpanStatusCode, context, trace as tracing } from '@opentelemetry/api';
import { JaegerExporter } from '@opentelemetry/exporter-jaeger';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import jaeger from 'jaeger-client';
import type { ReporterConfig } from 'jaeger-client';
import { Tags, followsFrom } from 'opentracing';
import { beforeAll, describe, expect, test } from 'vitest';
import { ClewProcess } from './clew-process.ts';
import { ROOT } from './sources.ts';

const TESTDATA = join(ROOT, 'packages/protocol/testdata/jaeger');

/** Recorded payloads are older every day. */
const RETENTION = '--retention=5000w';

let clew: ClewProcess;

beforeAll(async () => {
  clew = await ClewProcess.start({ flags: [RETENTION] });
  return () => clew[Symbol.asyncDispose]();
});

const REPORTERS: readonly (readonly [string, () => ReporterConfig])[] = [
  ['HTTP', () => ({ collectorEndpoint: `${clew.addresses.jaegerHttp}/api/traces` })],
  [
    'UDP',
    () => {
      const { hostname, port } = new URL(`udp://${clew.addresses.jaegerUdpBinary}`);
      return { agentHost: hostname, agentPort: Number(port) };
    },
  ],
];

describe.each(REPORTERS)('Jaeger’s Node client over %s', (way, reporter) => {
  const service = `shop over ${way}`;
  let trace: TraceJson;

  beforeAll(async () => {
    const traceId = await sendOrder(service, reporter());
    trace = await readTrace(traceId, 3);
  });

  const spanOf = (name: string): SpanJson | undefined =>
    trace.spans.find((span) => span.name === name);

  test('brings parents and links', () => {
    const root = spanOf('POST /orders');
    expect(root).toMatchObject({ kind: 'server', links: [] });
    expect(root).not.toHaveProperty('parentSpanId', expect.any(String));
    expect(spanOf('SELECT users')).toMatchObject({ parentSpanId: root?.spanId, kind: 'client' });
    expect(spanOf('ship-order')).toMatchObject({
      parentSpanId: root?.spanId,
      links: [{ traceId: trace.traceId, spanId: root?.spanId }],
    });
  });

  test('brings tags with their types, and the outcome', () => {
    const root = spanOf('POST /orders');
    expect(root?.status).toBe('error');
    expect(root?.attributes).toEqual(
      expect.arrayContaining([
        { key: 'http.method', value: { type: 'string', value: 'POST' } },
        { key: 'order.items', value: { type: 'double', value: 3 } },
        { key: 'order.gift', value: { type: 'bool', value: true } },
      ]),
    );
  });

  test('brings logs as events', () => {
    expect(spanOf('POST /orders')?.events).toEqual([
      expect.objectContaining({
        name: 'payment declined',
        attributes: [{ key: 'code', value: { type: 'double', value: 51 } }],
      }),
    ]);
  });

  test('brings its process as the resource', () => {
    expect(trace.resources).toHaveLength(1);
    expect(trace.resources[0]).toMatchObject({ service });
    expect(trace.resources[0]?.attributes).toEqual(
      expect.arrayContaining([
        { key: 'service.version', value: { type: 'string', value: '1.4.0' } },
        {
          key: 'opencensus.exporterversion',
          value: { type: 'string', value: 'Jaeger-Node-3.19.0' },
        },
      ]),
    );
  });
});

const EXPORTERS: readonly (readonly [string, () => JaegerExporter])[] = [
  ['HTTP', () => new JaegerExporter({ endpoint: `${clew.addresses.jaegerHttp}/api/traces` })],
  [
    'UDP',
    () => {
      const { hostname, port } = new URL(`udp://${clew.addresses.jaegerUdpBinary}`);
      return new JaegerExporter({ host: hostname, port: Number(port) });
    },
  ],
];

test.each(EXPORTERS)(
  'OpenTelemetry’s exporter for Jaeger gets its spans back over %s',
  async (way, createExporter) => {
    const service = `exporter over ${way}`;
    const provider = new NodeTracerProvider({
      resource: resourceFromAttributes({ 'service.name': service, 'service.version': '1.4.0' }),
      spanProcessors: [new BatchSpanProcessor(createExporter())],
    });
    const tracer = provider.getTracer('shop');
    const server = tracer.startSpan('POST /orders', { kind: SpanKind.SERVER });
    tracer.startSpan('get', {}, tracing.setSpan(context.active(), server)).end();
    server.setAttribute('order.gift', true);
    server.addEvent('payment declined');
    server.setStatus({ code: SpanStatusCode.ERROR, message: 'card declined' });
    server.end();
    await provider.shutdown();
    const { traceId, spanId } = server.spanContext();
    const { spans, resources } = await readTrace(traceId, 2);
    expect(resources).toEqual([expect.objectContaining({ service })]);
    const found = spans.find((span) => span.spanId === spanId);
    expect(found).toMatchObject({
      name: 'POST /orders',
      kind: 'server',
      status: 'error',
      statusMessage: 'card declined',
      events: [expect.objectContaining({ name: 'payment declined' })],
    });
    // The exporter itself sends the resource's attributes with each span as well.
    expect(found?.attributes).toContainEqual({
      key: 'order.gift',
      value: { type: 'bool', value: true },
    });
    expect(spans.find((span) => span.name === 'get')).toMatchObject({ parentSpanId: spanId });
  },
);

test('a recorded datagram of Jaeger’s Go client is found after the compact port took it', async () => {
  const datagram = readFileSync(join(TESTDATA, 'jaeger-client-go-2.30/users.udp-compact.bin'));
  await sendDatagram(clew.addresses.jaegerUdpCompact, datagram);
  const { traceId, services } = await findTrace('user-service', 'SELECT users');
  expect(services).toEqual([expect.objectContaining({ service: 'user-service' })]);
  expect(await readTrace(traceId, 2)).toMatchObject({ traceId });
});

test('PostSpans over gRPC is acknowledged, and its trace is found', async () => {
  const request = readFileSync(join(TESTDATA, 'jaeger-api-v2-spec/order.grpc.bin'));
  expect(await postSpans(request)).toHaveLength(0);
  const trace = await readTrace('5b8efff798038103d269b633813fc60c', 2);
  const server = trace.spans.find((span) => span.name === 'POST /orders');
  const client = trace.spans.find((span) => span.name === 'GET /users');
  expect(server).toMatchObject({ kind: 'server', status: 'error' });
  expect(client).toMatchObject({ parentSpanId: server?.spanId, links: [] });
  expect(trace.resources.map(({ service }) => service).sort()).toEqual([
    'order-service',
    'user-service',
  ]);
});

test('a flood of bad datagrams is counted, and good ones after it are taken', async () => {
  for (let i = 0; i < 200; i++) {
    await sendDatagram(clew.addresses.jaegerUdpBinary, Buffer.from(`nonsense ${i}`));
  }
  const reporter = REPORTERS[1]?.[1]() ?? {};
  const traceId = await sendOrder('after the flood', reporter);
  await readTrace(traceId, 3);
  const metrics = await (await fetch(clew.addresses.metrics)).text();
  const dropped = /receiver="jaeger_udp_binary",outcome="invalid"} (\d+)/.exec(metrics)?.[1];
  expect(Number(dropped)).toBeGreaterThan(100);
});

/** Sends a trace of three spans; resolves with its id when they are on their way. */
async function sendOrder(service: string, reporter: ReporterConfig): Promise<string> {
  const tracer = jaeger.initTracer(
    { serviceName: service, sampler: { type: 'const', param: 1 }, reporter },
    { tags: { 'service.version': '1.4.0' } },
  );
  const root = tracer.startSpan('POST /orders', { tags: { [Tags.SPAN_KIND]: 'server' } });
  root.addTags({ 'http.method': 'POST', 'order.items': 3, 'order.gift': true, error: true });
  root.log({ event: 'payment declined', code: 51 });
  const query = tracer.startSpan('SELECT users', { childOf: root });
  query.setTag(Tags.SPAN_KIND, 'client');
  query.finish();
  tracer.startSpan('ship-order', { references: [followsFrom(root.context())] }).finish();
  root.finish();
  const traceId = root.context().toTraceId().padStart(32, '0');
  await new Promise<void>((resolve) => {
    tracer.close(resolve);
  });
  return traceId;
}

/** The trace, once all of its spans can be read. */
async function readTrace(traceId: string, spanCount: number): Promise<TraceJson> {
  const url = `${clew.addresses.ui}/api/clew/v1/traces/${traceId}`;
  const endMs = performance.now() + 20_000;
  for (;;) {
    const trace = await createClient(clew.addresses.ui)
      .readTrace(traceId)
      .catch(() => undefined);
    if (trace?.spans.length === spanCount) return trace;
    if (performance.now() > endMs) throw new Error(`${url}: ${trace?.spans.length ?? 0} spans`);
    await sleep(50);
  }
}

async function findTrace(service: string, spanName: string) {
  const endMs = performance.now() + 20_000;
  const query = {
    service,
    spanName,
    start: '0',
    end: String(BigInt(Date.now() + 1000) * 1_000_000n),
  };
  for (;;) {
    const { traces } = await createClient(clew.addresses.ui).searchTraces(query);
    if (traces[0] !== undefined) return traces[0];
    if (performance.now() > endMs) throw new Error(`no trace of ${service}`);
    await sleep(50);
  }
}

async function sendDatagram(address: string, bytes: Buffer): Promise<void> {
  const { hostname, port } = new URL(`udp://${address}`);
  const socket = createSocket('udp4');
  await new Promise<void>((resolve, reject) => {
    socket.send(bytes, Number(port), hostname, (error) => {
      if (error === null) resolve();
      else reject(error);
    });
  });
  socket.close();
}

function postSpans(request: Buffer): Promise<Buffer> {
  const client = new Client(clew.addresses.jaegerGrpc, credentials.createInsecure());
  const pass = (bytes: Buffer): Buffer => bytes;
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      '/jaeger.api_v2.CollectorService/PostSpans',
      pass,
      pass,
      request,
      (error, answer) => {
        client.close();
        if (error !== null || answer === undefined) reject(error ?? new Error('no answer'));
        else resolve(answer);
      },
    );
  });
}
