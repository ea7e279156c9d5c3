/**
 * Records what OpenTelemetry's Node SDK puts on the wire: `npx tsx packages/protocol/testdata/otlp/record.ts`.
 *
 * Each scenario is exported twice, by the protobuf and by the JSON exporter, to a server that keeps the bodies:
 * `<scenario>.bin`, `<scenario>.json`, and `<scenario>.dump.json`, the protobuf as protobufjs reads it. Ids and times are
 * new every time, so look at the differences before committing a new recording.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  createTraceState,
  trace,
} from '@opentelemetry/api';
import type { Tracer } from '@opentelemetry/api';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { readOtlp } from '../../src/testing/otlp-oracle.ts';

const SENDER = 'opentelemetry-js-2.12';
const TARGET = join(dirname(fileURLToPath(import.meta.url)), SENDER);

interface Scenario {
  readonly name: string;
  readonly resource: Record<string, string | number | boolean | string[]>;
  readonly schemaUrl?: string;
  run(provider: NodeTracerProvider): void;
}

const scenarios: readonly Scenario[] = [
  { name: 'one-span', resource: { 'service.name': 'order-service' }, run: sendOneSpan },
  {
    name: 'order',
    resource: {
      'service.name': 'order-service',
      'service.version': '1.4.0',
      'host.name': 'node-7',
      'process.pid': 4711,
      'process.command_args': ['node', 'server.js'],
      'cloud.spot': true,
    },
    schemaUrl: 'https://opentelemetry.io/schemas/1.37.0',
    run: sendOrder,
  },
  { name: 'values', resource: { 'service.name': 'wörld ☕' }, run: sendValues },
  { name: 'no-service-name', resource: { 'host.name': 'node-7' }, run: sendOneSpan },
];

function sendOneSpan(provider: NodeTracerProvider): void {
  provider.getTracer('shop').startSpan('create-order').end();
}

/** A server span with a remote parent and trace state; below it a client, a failing query, a linked consumer. */
function sendOrder(provider: NodeTracerProvider): void {
  const http = provider.getTracer('@shop/http', '0.223.0', {
    schemaUrl: 'https://opentelemetry.io/schemas/1.40.0',
  });
  const database: Tracer = provider.getTracer('@shop/pg', '8.16.0');
  const remote = trace.setSpanContext(ROOT_CONTEXT, {
    traceId: '5b8efff798038103d269b633813fc60c',
    spanId: 'eee19b7ec3c1b174',
    traceFlags: TraceFlags.SAMPLED,
    traceState: createTraceState('ot=th:c,congo=t61rcWkgMzE'),
    isRemote: true,
  });
  const server = http.startSpan(
    'POST /orders',
    {
      kind: SpanKind.SERVER,
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/orders',
        'http.response.status_code': 500,
        'url.path': '/orders',
      },
    },
    remote,
  );
  const inServer = trace.setSpan(remote, server);
  const client = http.startSpan('GET', { kind: SpanKind.CLIENT }, inServer);
  client.setAttributes({ 'server.address': 'user-service', 'server.port': 8081 });
  client.setStatus({ code: SpanStatusCode.OK });
  client.end();
  const query = database.startSpan(
    'INSERT shop.orders',
    { kind: SpanKind.CLIENT, attributes: { 'db.system.name': 'postgresql', 'db.rows': 0 } },
    inServer,
  );
  query.addEvent('lock waited for', { 'db.lock.table': 'orders', 'wait.ms': 12.5 });
  query.recordException({
    name: 'DatabaseError',
    message: 'duplicate key value violates unique constraint "orders_pkey"',
    stack: 'DatabaseError: duplicate key value\n    at insertOrder (/app/orders.js:31:11)',
  });
  query.setStatus({ code: SpanStatusCode.ERROR, message: 'duplicate key' });
  query.end();
  server.setStatus({ code: SpanStatusCode.ERROR });
  server.end();
  const consumer = http.startSpan('process invoices', {
    kind: SpanKind.CONSUMER,
    root: true,
    links: [{ context: server.spanContext(), attributes: { 'messaging.batch.index': 3 } }],
  });
  consumer.end();
}

/** Every type of value, at the edges of its range. */
function sendValues(provider: NodeTracerProvider): void {
  const span = provider.getTracer('shop').startSpan('values');
  span.setAttributes({
    'string.empty': '',
    'string.unicode': 'naïve 東京 👩‍🚀',
    'string.long': 'x'.repeat(300),
    'int.zero': 0,
    'int.negative': -1,
    'int.largest': Number.MAX_SAFE_INTEGER,
    'int.smallest': Number.MIN_SAFE_INTEGER,
    'double.tenth': 0.1,
    'double.huge': 1e300,
    'double.negative': -2.5,
    'bool.true': true,
    'bool.false': false,
    'array.strings': ['a', '', 'ç'],
    'array.ints': [1, -2, 3],
    'array.bools': [true, false],
    'array.doubles': [0.5, 1.5],
    'array.empty': [],
    'array.holes': ['a', null, undefined],
  });
  span.end();
}

async function record(scenario: Scenario): Promise<void> {
  const bodies = new Map<string, Buffer>();
  const server = await startServer(bodies);
  const { port } = server.address() as AddressInfo;
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes(
      scenario.resource,
      scenario.schemaUrl === undefined ? {} : { schemaUrl: scenario.schemaUrl },
    ),
    spanProcessors: [
      new BatchSpanProcessor(new ProtobufExporter({ url: `http://127.0.0.1:${port}/bin` })),
      new BatchSpanProcessor(new JsonExporter({ url: `http://127.0.0.1:${port}/json` })),
    ],
  });
  scenario.run(provider);
  await provider.shutdown();
  server.close();

  const protobuf = bodies.get('/bin');
  const json = bodies.get('/json');
  if (protobuf === undefined || json === undefined) throw new Error(`${scenario.name}: no body`);
  mkdirSync(TARGET, { recursive: true });
  writeFileSync(join(TARGET, `${scenario.name}.bin`), protobuf);
  writeFileSync(join(TARGET, `${scenario.name}.json`), json);
  const dump = JSON.stringify(readOtlp('ExportTraceServiceRequest', protobuf), undefined, 2);
  writeFileSync(join(TARGET, `${scenario.name}.dump.json`), `${dump}\n`);
}

async function startServer(bodies: Map<string, Buffer>): Promise<Server> {
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      bodies.set(request.url ?? '', body);
      response.writeHead(200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

for (const scenario of scenarios) await record(scenario);
