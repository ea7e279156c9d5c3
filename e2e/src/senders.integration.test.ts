/** OpenTelemetry's own SDK for Node, with each of its exporters, against a real server. */
import { createClient } from '@clew/api';
import type { AttributeJson, SpanJson, TraceJson } from '@clew/api';
import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  createTraceState,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter as GrpcExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { CompressionAlgorithm } from '@opentelemetry/otlp-exporter-base';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { SpanExporter } from '@opentelemetry/sdk-trace-base';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { beforeAll, describe, expect, test } from 'vitest';
import { ClewProcess } from './clew-process.ts';

let clew: ClewProcess;
/** From each acknowledgement until the span was found. */
const delaysMs: number[] = [];

beforeAll(async () => {
  clew = await ClewProcess.start();
  return () => clew[Symbol.asyncDispose]();
});

const { GZIP, NONE } = CompressionAlgorithm;
type MakeExporter = (compression: CompressionAlgorithm) => SpanExporter;

const EXPORTERS: readonly (readonly [string, MakeExporter])[] = [
  [
    'gRPC',
    (compression) => new GrpcExporter({ url: `http://${clew.addresses.otlpGrpc}`, compression }),
  ],
  [
    'HTTP/protobuf',
    (compression) =>
      new ProtobufExporter({ url: `${clew.addresses.otlpHttp}/v1/traces`, compression }),
  ],
  [
    'HTTP/JSON',
    (compression) => new JsonExporter({ url: `${clew.addresses.otlpHttp}/v1/traces`, compression }),
  ],
];

describe.each(
  EXPORTERS.flatMap(([name, make]) => [
    { sender: name, exporter: () => make(NONE) },
    { sender: `${name} with gzip`, exporter: () => make(GZIP) },
  ]),
)('over $sender', ({ sender, exporter }) => {
  let sent: SentTrace;
  let acknowledgedMs = 0;
  const service = `shop over ${sender}`;

  beforeAll(async () => {
    sent = await sendTrace(service, exporter());
    acknowledgedMs = performance.now();
  });

  test('a span is found once it was acknowledged', async () => {
    const api = createClient(clew.addresses.ui);
    const query = { service, spanName: 'create-order', attribute: 'order.items=3' };
    let found = await api.searchTraces(query);
    while (found.traces.length === 0 && performance.now() - acknowledgedMs < 10_000) {
      found = await api.searchTraces(query);
    }
    delaysMs.push(performance.now() - acknowledgedMs);
    expect(found.traces).toHaveLength(1);
    expect(found.traces[0]).toMatchObject({
      traceId: sent.traceId,
      rootService: '',
      spanCount: 2,
      errorCount: 1,
      matchedSpanId: sent.serverSpanId,
    });
  });

  test('the spans come back exactly as they were sent', async () => {
    const read = await createClient(clew.addresses.ui).readTrace(sent.traceId);
    expect(normalize(read)).toEqual(expectedTrace(service, sent));
  });

  test('the spans come back in Jaeger’s shape', async () => {
    const response = await fetch(`${clew.addresses.ui}/api/traces/${sent.traceId}`);
    expect(response.status).toBe(200);
    const { data } = (await response.json()) as { data: JaegerTrace[] };
    expect(data).toHaveLength(1);
    expect(normalizeJaeger(data[0] as JaegerTrace)).toEqual(expectedJaegerTrace(service, sent));
  });
});

test('acknowledged spans are found within 2 seconds', () => {
  // The middle one, because other tests keep the machine busy meanwhile.
  expect(delaysMs.sort((a, b) => a - b)[delaysMs.length >> 1]).toBeLessThan(2000);
});

interface SentTrace {
  readonly traceId: string;
  readonly serverSpanId: string;
  readonly clientSpanId: string;
}

const PARENT_SPAN_ID = '00f067aa0ba902b7';
const LINKED = {
  traceId: '5b8efff798038103d269b633813fc60c',
  spanId: 'eee19b7ec3c1b174',
  traceFlags: TraceFlags.SAMPLED,
  isRemote: true,
};
/** Seconds and nanoseconds since 1970, as OpenTelemetry's API takes them. */
const START_SECONDS = Math.floor(Date.now() / 1000) - 60;
const at = (nanoseconds: number): [number, number] => [START_SECONDS, nanoseconds];
const nanosAt = (nanoseconds: number): string =>
  `${START_SECONDS}${String(nanoseconds).padStart(9, '0')}`;

/** A server span that continues a remote trace, and its client span; resolves when they are acknowledged. */
async function sendTrace(service: string, exporter: SpanExporter): Promise<SentTrace> {
  const processor = new BatchSpanProcessor(exporter);
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({
      'service.name': service,
      'service.instance.id': 'a-1',
      'process.pid': 42,
      'process.command_args': ['node', 'main.js'],
    }),
    spanProcessors: [processor],
  });
  const tracer = provider.getTracer('@shop/orders', '1.2.3');
  const traceId = randomHex(16);
  const remote = trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId: PARENT_SPAN_ID,
    traceFlags: TraceFlags.SAMPLED,
    traceState: createTraceState('vendor=blue'),
    isRemote: true,
  });
  const server = tracer.startSpan(
    'create-order',
    {
      kind: SpanKind.SERVER,
      startTime: at(1),
      attributes: {
        'http.route': '/orders',
        'order.items': 3,
        'order.weight': 1.5,
        'order.gift': true,
        'order.note': 'Grüße 🎁 "quoted"\n',
        'order.empty': '',
        'order.negative': -7,
        'order.large': Number.MAX_SAFE_INTEGER,
        'order.skus': ['a', 'b'],
        'order.prices': [1, 2],
        'order.flags': [true, false],
      },
      links: [{ context: LINKED, attributes: { 'link.reason': 'retry', 'link.attempt': 2 } }],
    },
    remote,
  );
  server.addEvent('payment declined', { code: 51, final: false }, at(300_000_000));
  server.addEvent('gave up', {}, at(400_000_000));
  const client = tracer.startSpan(
    'GET',
    { kind: SpanKind.CLIENT, startTime: at(100_000_000) },
    trace.setSpan(remote, server),
  );
  client.end(at(200_000_000));
  server.setStatus({ code: SpanStatusCode.ERROR, message: 'card declined' });
  server.end(at(500_000_001));
  await processor.forceFlush();
  await provider.shutdown();
  return {
    traceId,
    serverSpanId: server.spanContext().spanId,
    clientSpanId: client.spanContext().spanId,
  };
}

function expectedTrace(service: string, sent: SentTrace): TraceJson {
  return {
    traceId: sent.traceId,
    spans: [
      {
        spanId: sent.serverSpanId,
        parentSpanId: PARENT_SPAN_ID,
        traceState: 'vendor=blue',
        // Sampled, and the parent is known to be remote.
        flags: 0x301,
        name: 'create-order',
        kind: 'server',
        startUnixNano: nanosAt(1),
        durationNano: '500000000',
        status: 'error',
        statusMessage: 'card declined',
        attributes: [
          { key: 'http.route', value: { type: 'string', value: '/orders' } },
          { key: 'order.empty', value: { type: 'string', value: '' } },
          array('order.flags', [
            { type: 'bool', value: true },
            { type: 'bool', value: false },
          ]),
          { key: 'order.gift', value: { type: 'bool', value: true } },
          { key: 'order.items', value: { type: 'int', value: '3' } },
          { key: 'order.large', value: { type: 'int', value: '9007199254740991' } },
          { key: 'order.negative', value: { type: 'int', value: '-7' } },
          { key: 'order.note', value: { type: 'string', value: 'Grüße 🎁 "quoted"\n' } },
          array('order.prices', [
            { type: 'int', value: '1' },
            { type: 'int', value: '2' },
          ]),
          array('order.skus', [
            { type: 'string', value: 'a' },
            { type: 'string', value: 'b' },
          ]),
          { key: 'order.weight', value: { type: 'double', value: 1.5 } },
        ],
        droppedAttributesCount: 0,
        events: [
          {
            timeUnixNano: nanosAt(300_000_000),
            name: 'payment declined',
            attributes: [
              { key: 'code', value: { type: 'int', value: '51' } },
              { key: 'final', value: { type: 'bool', value: false } },
            ],
            droppedAttributesCount: 0,
          },
          {
            timeUnixNano: nanosAt(400_000_000),
            name: 'gave up',
            attributes: [],
            droppedAttributesCount: 0,
          },
        ],
        droppedEventsCount: 0,
        links: [
          {
            traceId: LINKED.traceId,
            spanId: LINKED.spanId,
            traceState: '',
            flags: 0x301,
            attributes: [
              { key: 'link.attempt', value: { type: 'int', value: '2' } },
              { key: 'link.reason', value: { type: 'string', value: 'retry' } },
            ],
            droppedAttributesCount: 0,
          },
        ],
        droppedLinksCount: 0,
        resource: 0,
        scope: 0,
      },
      {
        spanId: sent.clientSpanId,
        parentSpanId: sent.serverSpanId,
        traceState: 'vendor=blue',
        flags: 0x101,
        name: 'GET',
        kind: 'client',
        startUnixNano: nanosAt(100_000_000),
        durationNano: '100000000',
        status: 'unset',
        statusMessage: '',
        attributes: [],
        droppedAttributesCount: 0,
        events: [],
        droppedEventsCount: 0,
        links: [],
        droppedLinksCount: 0,
        resource: 0,
        scope: 0,
      },
    ],
    resources: [
      {
        service,
        attributes: [
          array('process.command_args', [
            { type: 'string', value: 'node' },
            { type: 'string', value: 'main.js' },
          ]),
          { key: 'process.pid', value: { type: 'int', value: '42' } },
          { key: 'service.instance.id', value: { type: 'string', value: 'a-1' } },
          { key: 'service.name', value: { type: 'string', value: service } },
        ],
        droppedAttributesCount: 0,
        schemaUrl: '',
      },
    ],
    scopes: [
      {
        name: '@shop/orders',
        version: '1.2.3',
        attributes: [],
        droppedAttributesCount: 0,
        schemaUrl: '',
      },
    ],
  };
}

function array(
  key: string,
  value: Extract<AttributeJson['value'], { type: 'array' }>['value'],
): AttributeJson {
  return { key, value: { type: 'array', value } };
}

/** Attributes have no order of their own; the store keeps them by type. */
function normalize(read: TraceJson): TraceJson {
  const sorted = (attributes: readonly AttributeJson[]): AttributeJson[] =>
    [...attributes].sort(byKey);
  return {
    ...read,
    spans: read.spans.map((span): SpanJson => ({
      ...span,
      attributes: sorted(span.attributes),
      events: span.events.map((event) => ({ ...event, attributes: sorted(event.attributes) })),
      links: span.links.map((link) => ({ ...link, attributes: sorted(link.attributes) })),
    })),
    resources: read.resources.map((resource) => ({
      ...resource,
      attributes: sorted(resource.attributes),
    })),
  };
}

/** The part of Jaeger's JSON that is compared, as its UI reads it. */
interface JaegerTrace {
  readonly traceID: string;
  readonly spans: readonly JaegerSpan[];
  readonly processes: Readonly<Record<string, { serviceName: string; tags: JaegerTag[] }>>;
}

interface JaegerSpan {
  readonly spanID: string;
  readonly operationName: string;
  readonly processID: string;
  readonly references: readonly unknown[];
  readonly startTime: number;
  readonly duration: number;
  readonly tags: readonly JaegerTag[];
  readonly logs: readonly { timestamp: number; fields: JaegerTag[] }[];
}

interface JaegerTag {
  readonly key: string;
  readonly type: string;
  readonly value: unknown;
}

function normalizeJaeger({ traceID, spans, processes }: JaegerTrace) {
  const plain = (tags: readonly JaegerTag[]) =>
    Object.fromEntries(tags.map(({ key, type, value }) => [key, `${type} ${String(value)}`]));
  return {
    traceID,
    spans: spans.map(({ spanID, operationName, references, ...span }) => ({
      spanID,
      operationName,
      references,
      startTime: span.startTime,
      duration: span.duration,
      tags: plain(span.tags),
      logs: span.logs.map(({ timestamp, fields }) => ({ timestamp, fields: plain(fields) })),
      service: processes[span.processID]?.serviceName,
    })),
    processes: Object.values(processes).map(({ serviceName, tags }) => ({
      serviceName,
      tags: plain(tags),
    })),
  };
}

function expectedJaegerTrace(service: string, sent: SentTrace) {
  const microsAt = (micros: number): number => START_SECONDS * 1e6 + micros;
  const scope = {
    'otel.scope.name': 'string @shop/orders',
    'otel.scope.version': 'string 1.2.3',
    'w3c.tracestate': 'string vendor=blue',
  };
  return {
    traceID: sent.traceId,
    spans: [
      {
        spanID: sent.serverSpanId,
        operationName: 'create-order',
        references: [
          { refType: 'CHILD_OF', traceID: sent.traceId, spanID: PARENT_SPAN_ID },
          { refType: 'FOLLOWS_FROM', traceID: LINKED.traceId, spanID: LINKED.spanId },
        ],
        startTime: microsAt(0),
        duration: 500_000,
        tags: {
          ...scope,
          'http.route': 'string /orders',
          'order.items': 'int64 3',
          'order.weight': 'float64 1.5',
          'order.gift': 'bool true',
          'order.note': 'string Grüße 🎁 "quoted"\n',
          'order.empty': 'string ',
          'order.negative': 'int64 -7',
          'order.large': 'int64 9007199254740991',
          'order.skus': 'string ["a","b"]',
          'order.prices': 'string [1,2]',
          'order.flags': 'string [true,false]',
          'span.kind': 'string server',
          'otel.status_code': 'string ERROR',
          'otel.status_description': 'string card declined',
          error: 'bool true',
        },
        logs: [
          {
            timestamp: microsAt(300_000),
            fields: { event: 'string payment declined', code: 'int64 51', final: 'bool false' },
          },
          { timestamp: microsAt(400_000), fields: { event: 'string gave up' } },
        ],
        service,
      },
      {
        spanID: sent.clientSpanId,
        operationName: 'GET',
        references: [{ refType: 'CHILD_OF', traceID: sent.traceId, spanID: sent.serverSpanId }],
        startTime: microsAt(100_000),
        duration: 100_000,
        tags: { ...scope, 'span.kind': 'string client' },
        logs: [],
        service,
      },
    ],
    processes: [
      {
        serviceName: service,
        tags: {
          'service.instance.id': 'string a-1',
          'process.pid': 'int64 42',
          'process.command_args': 'string ["node","main.js"]',
        },
      },
    ],
  };
}

function byKey(a: AttributeJson, b: AttributeJson): number {
  return a.key < b.key ? -1 : 1;
}

function randomHex(bytes: number): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString('hex');
}
