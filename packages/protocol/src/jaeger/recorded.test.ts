import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SpanBlock } from '@clew/model';
import type { Span } from '@clew/model';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSpans } from '../otlp/to-model.ts';
import { readPostSpans } from '../testing/jaeger-oracle.ts';
import { NO_REJECTIONS, decodeBroken } from '../testing/requests.ts';
import { dumpJaegerMessage, readThrift } from '../testing/thrift-oracle.ts';
import { decodeJaegerJson } from './decode-json.ts';
import { decodeJaegerPostSpans } from './decode-protobuf.ts';
import { decodeJaegerAgentMessage, decodeJaegerThrift } from './decode-thrift.ts';

const TESTDATA = join(dirname(fileURLToPath(import.meta.url)), '../../testdata/jaeger');

/** Paths without their endings, such as `jaeger-client-node-3.19/order.http`. */
const recordings = readdirSync(TESTDATA, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.bin'))
  .map((path) => path.slice(0, -'.bin'.length));

const read = (path: string) => readFileSync(join(TESTDATA, path));

function decodeInto(recording: string, bytes: Uint8Array, block: SpanBlock) {
  if (recording.endsWith('.grpc')) return decodeJaegerPostSpans(bytes, block);
  if (recording.endsWith('.http')) return decodeJaegerThrift(bytes, block);
  const encoding = recording.endsWith('-compact') ? 'compact' : 'binary';
  return decodeJaegerAgentMessage(bytes, block, { encoding });
}

function decode(recording: string): Span[] {
  const block = new SpanBlock('default');
  expect(decodeInto(recording, read(`${recording}.bin`), block)).toEqual(NO_REJECTIONS);
  return readSpans(block);
}

/** What another implementation reads. */
function dump(recording: string, bytes: Uint8Array): unknown {
  if (recording.endsWith('.grpc')) return readPostSpans(bytes);
  const isMessage = recording.includes('.udp');
  const encoding = recording.endsWith('-compact') ? 'compact' : 'binary';
  const { value } = readThrift(encoding, bytes, { isMessage });
  return dumpJaegerMessage(value, isMessage ? 'emitBatch' : 'Batch');
}

interface DumpedBatch {
  readonly batch?: DumpedBatch;
  readonly spans: readonly { readonly operationName: string }[];
}

describe.each(recordings)('recorded payload %s', (recording) => {
  const bytes = read(`${recording}.bin`);
  const dumped = JSON.parse(read(`${recording}.dump.json`).toString()) as DumpedBatch;

  test('is what its dump says', () => {
    expect(dump(recording, bytes)).toEqual(dumped);
  });

  test('has all its spans, each with a service, a start and a duration', () => {
    const { spans } = dumped.batch ?? dumped;
    const decoded = decode(recording);
    const sortedNames = (of: readonly string[]): string[] => [...of].sort();
    expect(sortedNames(decoded.map((span) => span.name))).toEqual(
      sortedNames(spans.map((span) => span.operationName)),
    );
    for (const span of decoded) {
      expect(span.resource.service).toMatch(/-service$|^wörld ☕$/);
      expect(span.startUnixNano).toBeGreaterThan(1_700_000_000_000_000_000n);
      expect(span.flags).toBe(1);
    }
  });

  test('cut anywhere, is read as far as it goes or refused', () => {
    for (let length = 0; length < bytes.length; length++) {
      decodeBroken((block) => decodeInto(recording, bytes.subarray(0, length), block));
    }
  });

  test('with any bytes damaged, is read or refused', () => {
    const change = fc.record({
      at: fc.nat(bytes.length - 1),
      to: fc.integer({ min: 0, max: 255 }),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const damaged = Uint8Array.from(bytes);
        for (const { at, to } of changes) damaged[at] = to;
        decodeBroken((block) => decodeInto(recording, damaged, block));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('what Jaeger’s Node client sends', () => {
  test('is the same over HTTP and over UDP, but for ids and times', () => {
    const plain = (recording: string) =>
      decode(`jaeger-client-node-3.19/${recording}`).map(
        ({ name, kind, status, attributes, events, links }) => ({
          name,
          kind,
          status,
          attributes,
          events: events.map(({ name, attributes }) => ({ name, attributes })),
          links: links.length,
        }),
      );
    expect(plain('order.udp-binary')).toEqual(plain('order.http'));
    expect(plain('values.udp-binary')).toEqual(plain('values.http'));
  });

  test('has its parents, kinds, outcomes and logs', () => {
    const spans = decode('jaeger-client-node-3.19/order.http');
    const byName = new Map(spans.map((span) => [span.name, span]));
    const server = byName.get('POST /orders');
    expect(server).toMatchObject({
      traceId: '5b8efff798038103d269b633813fc60c',
      parentSpanId: 'eee19b7ec3c1b174',
      kind: 'server',
      status: 'error',
      attributes: expect.arrayContaining([
        { key: 'http.status_code', value: { type: 'double', value: 500 } },
        { key: 'http.method', value: { type: 'string', value: 'POST' } },
      ]),
    });
    expect(byName.get('GET')).toMatchObject({ parentSpanId: server?.spanId, kind: 'client' });
    expect(byName.get('INSERT shop.orders')).toMatchObject({
      parentSpanId: server?.spanId,
      status: 'error',
      events: [
        {
          name: 'lock waited for',
          attributes: [
            { key: 'db.lock.table', value: { type: 'string', value: 'orders' } },
            { key: 'wait.ms', value: { type: 'double', value: 12.5 } },
          ],
        },
        { name: 'error' },
      ],
    });
    expect(byName.get('ship-order')).toMatchObject({
      parentSpanId: server?.spanId,
      kind: 'producer',
      links: [
        {
          traceId: '5b8efff798038103d269b633813fc60c',
          spanId: server?.spanId,
          attributes: [
            { key: 'opentracing.ref_type', value: { type: 'string', value: 'follows_from' } },
          ],
        },
      ],
      events: [{ name: 'parcel packed' }],
    });
    expect(new Set(spans.map((span) => span.resource)).size).toBe(1);
    expect(spans[0]?.resource).toMatchObject({ service: 'order-service' });
    expect(spans[0]?.resource.attributes).toEqual(
      expect.arrayContaining([
        { key: 'service.version', value: { type: 'string', value: '1.4.0' } },
        { key: 'cloud.spot', value: { type: 'bool', value: true } },
        {
          key: 'opencensus.exporterversion',
          value: { type: 'string', value: 'Jaeger-Node-3.19.0' },
        },
        { key: 'host.name', value: { type: 'string', value: 'vm' } },
      ]),
    );
  });
});

describe('what Jaeger’s Go client sends', () => {
  test('is one trace, whichever way its spans came', () => {
    const users = decode('jaeger-client-go-2.30/users.udp-compact');
    const orders = decode('jaeger-client-go-2.30/orders.http');
    expect(users).toHaveLength(6);
    const calls = new Map(orders.map((span) => [span.spanId, span]));
    for (const user of users.filter((span) => span.kind === 'server')) {
      const caller = user.parentSpanId === undefined ? undefined : calls.get(user.parentSpanId);
      expect(caller).toMatchObject({ name: 'GET', kind: 'client', traceId: user.traceId });
      expect(user.links).toEqual([]);
    }
  });
});

test('a file that Jaeger’s UI saved says the same', () => {
  const [server, user] = decodeJaegerJson(read('jaeger-ui-spec/order.ui.json'));
  expect(server).toMatchObject({
    traceId: '5b8efff798038103d269b633813fc60c',
    parentSpanId: undefined,
    traceState: 'vendor=blue',
    kind: 'server',
    status: 'error',
    statusMessage: 'card declined',
    startUnixNano: 1_795_387_846_444_123_000n,
    durationNano: 5_210_000n,
    scope: { name: '@shop/http', version: '1.4.0' },
    events: [{ name: 'payment declined' }],
    resource: { service: 'order-service' },
  });
  expect(server?.attributes).toEqual([
    { key: 'http.route', value: { type: 'string', value: '/orders' } },
    { key: 'order.items', value: { type: 'int', value: 3n } },
    { key: 'order.number', value: { type: 'int', value: 2n ** 63n - 1n } },
    { key: 'order.weight', value: { type: 'double', value: 1.25 } },
    { key: 'order.gift', value: { type: 'bool', value: true } },
    { key: 'order.hash', value: { type: 'bytes', value: Uint8Array.of(0, 1, 254, 255) } },
  ]);
  expect(user).toMatchObject({
    parentSpanId: server?.spanId,
    links: [{ traceId: '0000000000000000d269b633813fc60c', spanId: 'eee19b7ec3c1b175' }],
    resource: { service: 'user-service' },
  });
});

test('a request over gRPC keeps nanoseconds, types and the process of each span', () => {
  const spans = decode('jaeger-api-v2-spec/order.grpc');
  const [server, client] = spans;
  expect(server).toMatchObject({
    name: 'POST /orders',
    kind: 'server',
    status: 'error',
    durationNano: 5_000_000n,
    parentSpanId: undefined,
    events: [
      { name: 'order stored', attributes: [{ key: 'rows', value: { type: 'int', value: 2n } }] },
    ],
  });
  expect(Number(server?.startUnixNano) % 1e9).toBeCloseTo(123_456_789, -3);
  expect(server?.attributes).toEqual(
    expect.arrayContaining([
      { key: 'order.largest', value: { type: 'int', value: 2n ** 63n - 1n } },
      { key: 'order.weight', value: { type: 'double', value: 1.25 } },
      { key: 'order.gift', value: { type: 'bool', value: true } },
      { key: 'order.hash', value: { type: 'bytes', value: Uint8Array.of(0, 1, 254, 255) } },
    ]),
  );
  expect(client).toMatchObject({
    parentSpanId: server?.spanId,
    links: [],
    resource: { service: 'user-service' },
  });
});
