/**
 * Records what Jaeger's clients put on the wire:
 *
 *     npx tsx --conditions=@clew/source packages/protocol/testdata/jaeger/record.ts
 *
 * The Node client runs here, each scenario once over HTTP and once over UDP. With the path of the built program of
 * `demo/jaeger-go` as its argument, that is run as well. Payloads are `<scenario>.<way>.bin`; beside each lies a dump of it as
 * Apache's thrift reads it. Ids and times are new every time.
 */
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import jaeger from 'jaeger-client';
import type { JaegerTracer } from 'jaeger-client';
import { FORMAT_HTTP_HEADERS, FORMAT_TEXT_MAP, followsFrom } from 'opentracing';
import { readPostSpans, writePostSpans } from '../../src/testing/jaeger-oracle.ts';
import { dumpJaegerMessage, readThrift } from '../../src/testing/thrift-oracle.ts';
import type { ThriftEncoding } from '../../src/testing/thrift-oracle.ts';

const FOLDER = dirname(fileURLToPath(import.meta.url));

interface Scenario {
  readonly name: string;
  readonly service: string;
  readonly tags: Record<string, string | number | boolean>;
  run(tracer: JaegerTracer): void;
}

const SCENARIOS: readonly Scenario[] = [
  { name: 'one-span', service: 'order-service', tags: {}, run: sendOneSpan },
  {
    name: 'order',
    service: 'order-service',
    tags: { 'service.version': '1.4.0', 'cloud.spot': true, 'cpu.count': 8 },
    run: sendOrder,
  },
  { name: 'values', service: 'wörld ☕', tags: {}, run: sendValues },
];

function sendOneSpan(tracer: JaegerTracer): void {
  tracer.startSpan('create-order').finish();
}

/** A server span with a remote parent; below it a client, a failing query, and a producer that follows from it. */
function sendOrder(tracer: JaegerTracer): void {
  const remote = tracer.extract(FORMAT_HTTP_HEADERS, {
    'uber-trace-id': '5b8efff798038103d269b633813fc60c:eee19b7ec3c1b174:0:1',
  });
  const server = tracer.startSpan('POST /orders', {
    ...(remote === null ? {} : { childOf: remote }),
    tags: {
      'span.kind': 'server',
      'http.method': 'POST',
      'http.url': '/orders?user=7',
      'http.status_code': 500,
    },
  });
  const client = tracer.startSpan('GET', { childOf: server, tags: { 'span.kind': 'client' } });
  client.setTag('peer.service', 'user-service');
  tracer.inject(client, FORMAT_TEXT_MAP, {});
  client.finish();
  const query = tracer.startSpan('INSERT shop.orders', { childOf: server });
  query.addTags({ 'db.type': 'sql', 'db.rows': 0, error: true });
  query.log({ event: 'lock waited for', 'db.lock.table': 'orders', 'wait.ms': 12.5 });
  query.log({ event: 'error', message: 'duplicate key', stack: 'Error: duplicate\n  at insert' });
  query.finish();
  const shipping = tracer.startSpan('ship-order', { references: [followsFrom(server.context())] });
  shipping.setTag('span.kind', 'producer');
  shipping.log({ message: 'parcel packed' });
  shipping.finish();
  server.finish();
}

/** Every type of value, at the edges of its range. */
function sendValues(tracer: JaegerTracer): void {
  const span = tracer.startSpan('values');
  span.addTags({
    'string.empty': '',
    'string.unicode': 'naïve 東京 👩‍🚀',
    'string.long': 'x'.repeat(300),
    'number.zero': 0,
    'number.negative': -1,
    'number.largest': Number.MAX_SAFE_INTEGER,
    'number.tenth': 0.1,
    'number.huge': 1e300,
    'bool.true': true,
    'bool.false': false,
    binary: Buffer.from([0, 1, 254, 255]),
    object: { user: 7, roles: ['admin'] },
  });
  span.finish();
}

/** Where senders are told to send; what arrives is kept. */
class Capture {
  readonly bodies: Buffer[] = [];
  readonly datagrams: Buffer[] = [];
  readonly #server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      this.bodies.push(Buffer.concat(chunks));
      response.writeHead(202).end();
    });
  });
  readonly #socket = createSocket('udp4', (datagram) => this.datagrams.push(datagram));

  async listen(): Promise<{ httpPort: number; udpPort: number }> {
    this.#server.listen(0, '127.0.0.1');
    this.#socket.bind(0, '127.0.0.1');
    await Promise.all([once(this.#server, 'listening'), once(this.#socket, 'listening')]);
    const { port } = this.#server.address() as AddressInfo;
    return { httpPort: port, udpPort: this.#socket.address().port };
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
    this.#socket.close();
  }
}

async function recordNode(scenario: Scenario): Promise<void> {
  const capture = new Capture();
  const { httpPort, udpPort } = await capture.listen();
  const reporters = [
    { collectorEndpoint: `http://127.0.0.1:${httpPort}/api/traces` },
    { agentHost: '127.0.0.1', agentPort: udpPort },
  ];
  for (const reporter of reporters) {
    const tracer = jaeger.initTracer(
      {
        serviceName: scenario.service,
        sampler: { type: 'const', param: 1 },
        traceId128bit: true,
        reporter,
      },
      { tags: scenario.tags },
    );
    scenario.run(tracer);
    await new Promise<void>((resolve) => tracer.close(resolve));
  }
  await sleep(300);
  capture.close();
  const folder = 'jaeger-client-node-3.19';
  save(folder, `${scenario.name}.http`, capture.bodies, 'binary');
  save(folder, `${scenario.name}.udp`, capture.datagrams, 'binary');
}

/**
 * No client for npm posts spans over gRPC, so this request is written from the published .proto files: a span with a
 * process of its own, one with that of the batch, and every type of value.
 */
function writePostSpansRequest(): void {
  const traceId = Buffer.from('5b8efff798038103d269b633813fc60c', 'hex');
  const serverId = Buffer.from('eee19b7ec3c1b174', 'hex');
  const clientId = Buffer.from('eee19b7ec3c1b173', 'hex');
  const startTime = { seconds: String(Math.floor(Date.now() / 1000)), nanos: 123_456_789 };
  const bytes = writePostSpans({
    batch: {
      process: {
        serviceName: 'order-service',
        tags: [
          { key: 'hostname', vStr: 'node-7' },
          { key: 'jaeger.version', vStr: 'Java-1.8.1' },
          { key: 'ip', vStr: '192.0.2.7' },
        ],
      },
      spans: [
        {
          traceId,
          spanId: serverId,
          operationName: 'POST /orders',
          flags: 1,
          startTime,
          duration: { nanos: 5_000_000 },
          tags: [
            { key: 'span.kind', vStr: 'server' },
            { key: 'http.status_code', vType: 'INT64', vInt64: '503' },
            { key: 'order.gift', vType: 'BOOL', vBool: true },
            { key: 'order.weight', vType: 'FLOAT64', vFloat64: 1.25 },
            { key: 'order.hash', vType: 'BINARY', vBinary: Buffer.from([0, 1, 254, 255]) },
            { key: 'order.largest', vType: 'INT64', vInt64: '9223372036854775807' },
          ],
          logs: [
            {
              timestamp: startTime,
              fields: [
                { key: 'event', vStr: 'order stored' },
                { key: 'rows', vType: 'INT64', vInt64: '2' },
              ],
            },
          ],
        },
        {
          traceId,
          spanId: clientId,
          operationName: 'GET /users',
          references: [{ traceId, spanId: serverId, refType: 'CHILD_OF' }],
          flags: 1,
          startTime,
          duration: { nanos: 2_000_000 },
          process: { serviceName: 'user-service' },
        },
      ],
    },
  });
  const folder = join(FOLDER, 'jaeger-api-v2-spec');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'order.grpc.bin'), bytes);
  const dump = JSON.stringify(readPostSpans(bytes), undefined, 2);
  writeFileSync(join(folder, 'order.grpc.dump.json'), `${dump}\n`);
}

async function recordGo(program: string): Promise<void> {
  const capture = new Capture();
  const { httpPort, udpPort } = await capture.listen();
  const url = `http://127.0.0.1:${httpPort}/api/traces`;
  const child = spawn(program, ['-http', url, '-agent', `127.0.0.1:${udpPort}`], {
    stdio: 'inherit',
  });
  await once(child, 'exit');
  await sleep(300);
  capture.close();
  save('jaeger-client-go-2.30', 'orders.http', capture.bodies, 'binary');
  save('jaeger-client-go-2.30', 'users.udp', capture.datagrams, 'compact');
}

function save(folder: string, name: string, payloads: Buffer[], encoding: ThriftEncoding): void {
  const path = join(FOLDER, folder);
  mkdirSync(path, { recursive: true });
  const isMessage = name.endsWith('.udp');
  for (const [index, bytes] of payloads.entries()) {
    const file = payloads.length === 1 ? name : name.replace('.', `-${index + 1}.`);
    const { value } = readThrift(encoding, bytes, { isMessage });
    const dump = dumpJaegerMessage(value, isMessage ? 'emitBatch' : 'Batch');
    const way = encoding === 'compact' ? '-compact' : isMessage ? '-binary' : '';
    writeFileSync(join(path, `${file}${way}.bin`), bytes);
    writeFileSync(join(path, `${file}${way}.dump.json`), `${JSON.stringify(dump, undefined, 2)}\n`);
  }
}

writePostSpansRequest();
for (const scenario of SCENARIOS) await recordNode(scenario);
const [goProgram] = process.argv.slice(2);
if (goProgram !== undefined) await recordGo(goProgram);
