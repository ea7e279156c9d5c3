/** Zipkin's own client for Node, OpenTelemetry's exporter for Zipkin, and bytes of the other encodings, against a real server. */
import { createClient } from '@clew/api';
import type { AttributeJson, SpanJson, TraceJson } from '@clew/api';
import { SpanKind, SpanStatusCode, context, trace } from '@opentelemetry/api';
import { ZipkinExporter } from '@opentelemetry/exporter-zipkin';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  writeZipkinProtobuf,
  writeZipkinThrift,
} from '../../packages/protocol/src/testing/zipkin-oracle.ts';
import { ClewProcess } from './clew-process.ts';
import { sendOrder } from './zipkin-client.ts';

let clew: ClewProcess;

beforeAll(async () => {
  clew = await ClewProcess.start();
  return () => clew[Symbol.asyncDispose]();
});

const SENDERS = [
  { version: 'v2', traceId128Bit: true },
  { version: 'v2', traceId128Bit: false },
  { version: 'v1', traceId128Bit: true },
  { version: 'v1', traceId128Bit: false },
] as const;

describe.each(SENDERS)('zipkin in $version JSON, 128-bit ids: $traceId128Bit', (sender) => {
  test('a trace comes back with both sides of the call, tags, annotations and endpoints', async () => {
    const sent = await sendOrder({ url: clew.addresses.zipkin, ...sender });
    const read = await readTrace(sent.traceId.padStart(32, '0'), 4);

    const root = findSpan(read, sent.rootSpanId);
    expect(root).toMatchObject({ name: 'post /orders', kind: 'server', service: 'order-service' });
    expect(root.span.parentSpanId).toBeUndefined();
    expect(root.attributes).toMatchObject({
      'http.path': '/orders',
      'order.items': '3',
      'zipkin.debug': true,
    });
    expect(root.resource).toMatchObject({ 'net.host.ip': '10.0.0.1', 'net.host.port': '8080' });
    expect(root.span.events.map(({ name }) => name)).toEqual(['order checked']);
    expect(BigInt(root.span.durationNano)).toBeGreaterThan(0n);

    const client = findSpan(read, sent.sharedSpanId, 'client');
    expect(client).toMatchObject({ name: 'get /users', service: 'order-service' });
    expect(client.span.parentSpanId).toBe(sent.rootSpanId);
    expect(client.attributes).toMatchObject({
      'peer.service': 'user-service',
      'net.peer.ip': '10.0.0.2',
      'net.peer.port': '8081',
    });

    const server = findSpan(read, sent.sharedSpanId, 'server');
    expect(server).toMatchObject({ name: 'get /users', service: 'user-service' });
    expect(server.span).toMatchObject({ status: 'error', statusMessage: 'no such user: "Zoë"' });
    expect(server.attributes).toMatchObject({
      'zipkin.shared': true,
      'net.peer.ip': '10.0.0.1',
      'net.peer.port': '40000',
    });
    expect(findSpan(read, sent.localSpanId)).toMatchObject({ name: 'pack', kind: 'unspecified' });
  });
});

test('OpenTelemetry’s exporter for Zipkin gets its resource and status back', async () => {
  const exporter = new ZipkinExporter({ url: `${clew.addresses.zipkin}/api/v2/spans` });
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'exporter', 'service.version': '1.4.0' }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  const tracer = provider.getTracer('shop');
  const server = tracer.startSpan('post /orders', { kind: SpanKind.SERVER });
  tracer.startSpan('get', {}, trace.setSpan(context.active(), server)).end();
  server.setAttribute('order.items', 3);
  server.addEvent('payment declined');
  server.setStatus({ code: SpanStatusCode.ERROR, message: 'card declined' });
  server.end();
  await provider.shutdown();
  const { traceId, spanId } = server.spanContext();
  const found = findSpan(await readTrace(traceId, 2), spanId);
  expect(found).toMatchObject({ kind: 'server', service: 'exporter' });
  expect(found.span).toMatchObject({ status: 'error', statusMessage: 'card declined' });
  expect(found.attributes).toEqual({ 'order.items': '3' });
  expect(found.resource).toMatchObject({ 'service.version': '1.4.0' });
  expect(found.span.events.map(({ name }) => name)).toEqual(['payment declined']);
});

const START_MICROS = (BigInt(Date.now()) - 60_000n) * 1000n;

describe('bytes over HTTP', () => {
  test('v2 protobuf', async () => {
    const traceId = randomHex(16);
    const body = writeZipkinProtobuf([
      {
        traceId: Buffer.from(traceId, 'hex'),
        id: Buffer.from('00000000000000a1', 'hex'),
        kind: 1,
        name: 'get',
        timestamp: START_MICROS,
        duration: 1500n,
        localEndpoint: { serviceName: 'over-protobuf' },
        tags: { 'http.path': '/users' },
      },
    ]);
    expect(await post('/api/v2/spans', 'application/x-protobuf', body)).toBe(202);
    const found = findSpan(await readTrace(traceId, 1), '00000000000000a1');
    expect(found).toMatchObject({ name: 'get', kind: 'client', service: 'over-protobuf' });
    expect(found.span).toMatchObject({
      startUnixNano: String(START_MICROS * 1000n),
      durationNano: '1500000',
    });
    expect(found.attributes).toEqual({ 'http.path': '/users' });
  });

  test('v1 thrift', async () => {
    const traceId = randomHex(16);
    const endpoint = { serviceName: 'over-thrift', ipv4: 0x0a000001, port: 8080 };
    const body = writeZipkinThrift([
      {
        traceIdHigh: BigInt(`0x${traceId.slice(0, 16)}`),
        traceId: BigInt(`0x${traceId.slice(16)}`),
        id: 0xa2n,
        name: 'get',
        annotations: [
          { timestamp: START_MICROS, value: 'cs', endpoint },
          { timestamp: START_MICROS + 1500n, value: 'cr', endpoint },
        ],
        binaryAnnotations: [{ key: 'http.path', value: Buffer.from('/users'), type: 6, endpoint }],
      },
    ]);
    expect(await post('/api/v1/spans', 'application/x-thrift', body)).toBe(202);
    const found = findSpan(await readTrace(traceId, 1), '00000000000000a2');
    expect(found).toMatchObject({ name: 'get', kind: 'client', service: 'over-thrift' });
    expect(found.span).toMatchObject({
      startUnixNano: String(START_MICROS * 1000n),
      durationNano: '1500000',
    });
    expect(found.attributes).toEqual({ 'http.path': '/users' });
    expect(found.resource).toMatchObject({ 'net.host.ip': '10.0.0.1' });
  });
});

async function post(path: string, contentType: string, body: Uint8Array): Promise<number> {
  const response = await fetch(`${clew.addresses.zipkin}${path}`, {
    method: 'POST',
    headers: { 'content-type': contentType },
    body: Buffer.from(body),
  });
  return response.status;
}

/** Waits until the store shows all of a trace. */
async function readTrace(traceId: string, spanCount: number): Promise<TraceJson> {
  const api = createClient(clew.addresses.ui);
  const until = performance.now() + 10_000;
  for (;;) {
    try {
      const read = await api.readTrace(traceId);
      if (read.spans.length >= spanCount || performance.now() > until) return read;
    } catch (error) {
      // Acknowledged spans are found soon, not at once.
      if (performance.now() > until) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function findSpan(read: TraceJson, spanId: string, kind?: string) {
  const span = read.spans.find(
    (span) => span.spanId === spanId && (kind === undefined || span.kind === kind),
  ) as SpanJson;
  expect(span).toBeDefined();
  const resource = read.resources[span.resource];
  return {
    span,
    name: span.name,
    kind: span.kind,
    service: resource?.service,
    attributes: plain(span.attributes),
    resource: plain(resource?.attributes ?? []),
  };
}

function plain(attributes: readonly AttributeJson[]): Record<string, unknown> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [key, 'value' in value ? value.value : undefined]),
  );
}

function randomHex(bytes: number): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString('hex');
}
