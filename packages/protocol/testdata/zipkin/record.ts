/**
 * Records what Zipkin's and OpenTelemetry's clients for Node put on the wire:
 * `npx tsx packages/protocol/testdata/zipkin/record.ts`.
 *
 * No client on npm sends protobuf or thrift: those are spans made up here, as protobufjs and Apache's thrift write them.
 *
 * Each payload is `<sender>/<scenario>.<version>.json` (or `.proto.bin`, `.thrift.bin`), as it was sent. Beside it, `….dump.json` shows the spans that are
 * read from it; the tests write it anew with `vitest -u`. Ids and times are new every time, so look at the differences
 * before committing a new recording.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SpanKind, SpanStatusCode, context, trace } from '@opentelemetry/api';
import { ZipkinExporter } from '@opentelemetry/exporter-zipkin';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { sendOrder } from '../../../../e2e/src/zipkin-client.ts';
import { writeZipkinProtobuf, writeZipkinThrift } from '../../src/testing/zipkin-oracle.ts';

const HERE = dirname(fileURLToPath(import.meta.url));

/** The bodies of all requests while `send` runs, in the order they came. */
async function record(send: (url: string) => Promise<unknown>): Promise<Buffer[]> {
  const bodies: Buffer[] = [];
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      bodies.push(body);
      response.writeHead(202).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await send(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  server.closeAllConnections();
  server.close();
  return bodies;
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** A server span that failed, with a client span and an event, from a resource with attributes of its own. */
async function sendWithOpenTelemetry(url: string): Promise<void> {
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({
      'service.name': 'order-service',
      'service.version': '1.4.0',
      'host.name': 'node-7',
    }),
    spanProcessors: [new BatchSpanProcessor(new ZipkinExporter({ url: `${url}/api/v2/spans` }))],
  });
  const tracer = provider.getTracer('@shop/orders', '1.2.3');
  const server = tracer.startSpan('post /orders', {
    kind: SpanKind.SERVER,
    attributes: { 'http.route': '/orders', 'order.items': 3, 'order.gift': true },
  });
  const inServer = trace.setSpan(context.active(), server);
  tracer.startSpan('get /users', { kind: SpanKind.CLIENT }, inServer).end();
  server.addEvent('payment declined', { code: 51 });
  server.setStatus({ code: SpanStatusCode.ERROR, message: 'card declined' });
  server.end();
  tracer.startSpan('pack', {}, inServer).end();
  await provider.shutdown();
}

function write(sender: string, name: string, body: Uint8Array): void {
  mkdirSync(join(HERE, sender), { recursive: true });
  writeFileSync(join(HERE, sender, name), body);
  rmSync(join(HERE, sender, name.replace(/\.(json|bin)$/, '.dump.json')), { force: true });
}

for (const version of ['v1', 'v2'] as const) {
  const [orders, users] = await record((url) => sendOrder({ url, version, traceId128Bit: true }));
  if (orders === undefined || users === undefined) throw new Error('a body is missing');
  write('zipkin-js-0.22', `orders.${version}.json`, orders);
  write('zipkin-js-0.22', `users.${version}.json`, users);
}
const [short] = await record((url) => sendOrder({ url, version: 'v2', traceId128Bit: false }));
if (short !== undefined) write('zipkin-js-0.22', 'orders-64-bit.v2.json', short);
const [exported] = await record(sendWithOpenTelemetry);
if (exported !== undefined) write('opentelemetry-js-2.12', 'order.v2.json', exported);

const hex = (digits: string): Buffer => Buffer.from(digits, 'hex');
const START_MICROS = BigInt(Date.now()) * 1000n;
const orders = { serviceName: 'order-service', ipv4: 0x0a000001, port: 8080 };
const users = { serviceName: 'user-service', ipv4: 0x0a000002, port: 8081 };
const traceId = hex('5b8efff798038103d269b633813fc60c');
const rootId = hex('eee19b7ec3c1b174');
const sharedId = hex('00f067aa0ba902b7');

const protobufBody = writeZipkinProtobuf([
  {
    traceId,
    id: rootId,
    kind: 2,
    name: 'post /orders',
    timestamp: START_MICROS,
    duration: 2000n,
    localEndpoint: { serviceName: 'order-service', ipv4: hex('0a000001'), port: 8080 },
    remoteEndpoint: { ipv6: hex('20010db8000000000000000000000001'), port: 40_000 },
    annotations: [{ timestamp: START_MICROS + 100n, value: 'order checked' }],
    tags: { 'http.path': '/orders', 'otel.library.name': '@shop/http', error: 'card declined' },
    debug: true,
  },
  {
    traceId,
    parentId: rootId,
    id: sharedId,
    kind: 1,
    name: 'get /users',
    timestamp: START_MICROS + 200n,
    duration: 1000n,
    localEndpoint: { serviceName: 'order-service', ipv4: hex('0a000001'), port: 8080 },
    remoteEndpoint: { serviceName: 'user-service' },
  },
  {
    traceId,
    parentId: rootId,
    id: sharedId,
    kind: 2,
    name: 'get /users',
    timestamp: START_MICROS + 300n,
    localEndpoint: { serviceName: 'user-service' },
    shared: true,
  },
]);
write('protobufjs-7.6', 'order.proto.bin', protobufBody);

const thriftBody = writeZipkinThrift([
  {
    traceIdHigh: traceId.readBigInt64BE(0),
    traceId: traceId.readBigInt64BE(8),
    id: sharedId.readBigInt64BE(),
    parentId: rootId.readBigInt64BE(),
    name: 'get /users',
    timestamp: START_MICROS,
    duration: 1000n,
    debug: true,
    annotations: [
      { timestamp: START_MICROS, value: 'cs', endpoint: orders },
      { timestamp: START_MICROS + 100n, value: 'sr', endpoint: users },
      { timestamp: START_MICROS + 200n, value: 'cache missed', endpoint: users },
      { timestamp: START_MICROS + 700n, value: 'ss', endpoint: users },
      { timestamp: START_MICROS + 1000n, value: 'cr', endpoint: orders },
    ],
    binaryAnnotations: [
      { key: 'http.path', value: Buffer.from('/users'), type: 6, endpoint: orders },
      { key: 'rows', value: hex('0000002a'), type: 3, endpoint: users },
      { key: 'cached', value: hex('00'), type: 0, endpoint: users },
      { key: 'sa', value: hex('01'), type: 0, endpoint: users },
      { key: 'ca', value: hex('01'), type: 0, endpoint: orders },
    ],
  },
]);
write('apache-thrift-0.22', 'call.thrift.bin', thriftBody);
