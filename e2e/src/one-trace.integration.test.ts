/** A trace of the demo, sent in the languages of three worlds, is one and the same trace in the answers of all of them. */
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@clew/api';
import { durationNano, unixNano, unixNanoFromMs } from '@clew/model';
import type { Resource, Span, SpanId, SpanKind, TraceId } from '@clew/model';
import { encodeTracesProtobuf } from '@clew/protocol';
import jaeger from 'jaeger-client';
import { Tags } from 'opentracing';
import { beforeAll, describe, expect, test } from 'vitest';
import { ClewProcess } from './clew-process.ts';

/** What of a span every one of the formats can say. */
interface DemoSpan {
  readonly service: string;
  readonly name: string;
  readonly kind: SpanKind;
  /** The place of the parent in the list. */
  readonly parent?: number;
  /** After the trace began, µs. */
  readonly start: number;
  /** µs. */
  readonly duration: number;
}

/** As the demo's shop traced an order, in eighths of a millisecond: Jaeger's client computes with fractions of one. */
const DEMO: readonly DemoSpan[] = [
  { service: 'order-service', name: 'POST /orders', kind: 'server', start: 0, duration: 22_125 },
  {
    service: 'order-service',
    name: 'create-order',
    kind: 'internal',
    parent: 0,
    start: 500,
    duration: 21_375,
  },
  {
    service: 'order-service',
    name: 'GET',
    kind: 'client',
    parent: 1,
    start: 1000,
    duration: 15_750,
  },
  {
    service: 'user-service',
    name: 'GET /users/:id',
    kind: 'server',
    parent: 2,
    start: 5625,
    duration: 10_375,
  },
  {
    service: 'user-service',
    name: 'get-user',
    kind: 'internal',
    parent: 3,
    start: 6000,
    duration: 9750,
  },
  {
    service: 'user-service',
    name: 'pg.query:SELECT postgres',
    kind: 'client',
    parent: 4,
    start: 6250,
    duration: 9375,
  },
  {
    service: 'order-service',
    name: 'pg.query:INSERT postgres',
    kind: 'client',
    parent: 1,
    start: 17_625,
    duration: 4250,
  },
];

const BEGAN_MS = Date.now() - 60_000;
const WAIT_MS = 20_000;

let clew: ClewProcess;

beforeAll(async () => {
  clew = await ClewProcess.start();
  return () => clew[Symbol.asyncDispose]();
});

/** Sends the trace, and gives its id in 32 digits. Each way has a `copy` of its own among the root's attributes. */
const SENDERS: readonly (readonly [string, (copy: string) => Promise<string>])[] = [
  ['OTLP', sendOtlp],
  ['jaeger-client', sendJaeger],
  ['Zipkin JSON', sendZipkin],
];

describe.each(SENDERS)('the demo’s trace over %s', (copy, send) => {
  let traceId: string;

  beforeAll(async () => {
    traceId = await send(copy);
    const giveUpAt = performance.now() + WAIT_MS;
    const client = createClient(clew.addresses.ui);
    for (;;) {
      const trace = await client.readTrace(traceId).catch(() => undefined);
      if (trace?.spans.length === DEMO.length || performance.now() > giveUpAt) return;
      await sleep(50);
    }
  });

  test('is the same trace in Jaeger’s first API', async () => {
    const found = await get<JaegerAnswer>(
      `${clew.addresses.ui}/api/traces?${new URLSearchParams({
        service: 'order-service',
        operation: 'POST /orders',
        tags: JSON.stringify({ copy }),
      })}`,
    );
    expect(found.data).toHaveLength(1);
    expect(found.data[0]?.traceID.padStart(32, '0')).toBe(traceId);
    const read = await get<JaegerAnswer>(`${clew.addresses.ui}/api/traces/${traceId}`);
    expect(found.data.map(fromJaeger)).toEqual(read.data.map(fromJaeger));
    expect(read.data.map(fromJaeger)).toEqual([sorted(DEMO.map(describeSpan))]);
  });

  test('is the same trace in Jaeger’s third API', async () => {
    const found = await get<OtlpAnswer>(
      `${clew.addresses.ui}/api/v3/traces?${new URLSearchParams({
        'query.serviceName': 'order-service',
        'query.attributes': JSON.stringify({ copy }),
        'query.startTimeMin': new Date(BEGAN_MS - 1000).toISOString(),
        'query.startTimeMax': new Date(BEGAN_MS + 1000).toISOString(),
      })}`,
    );
    expect(fromOtlp(found.result.resourceSpans)).toEqual(sorted(DEMO.map(describeSpan)));
  });

  test('is the same trace in Tempo’s API', async () => {
    const q = `{ resource.service.name = "order-service" && span.copy = "${copy}" }`;
    const found = await get<{ readonly traces: readonly { readonly traceID: string }[] }>(
      `${clew.addresses.tempo}/api/search?${new URLSearchParams({ q })}`,
    );
    expect(found.traces.map(({ traceID }) => traceID.padStart(32, '0'))).toEqual([traceId]);
    const { batches } = await get<{ readonly batches: readonly OtlpResourceSpans[] }>(
      `${clew.addresses.tempo}/api/traces/${traceId}`,
    );
    expect(fromOtlp(batches)).toEqual(sorted(DEMO.map(describeSpan)));
  });

  test('is the same trace to OpenTelemetry’s own decoder', async () => {
    for (const url of [
      `${clew.addresses.tempo}/api/traces/${traceId}`,
      `${clew.addresses.ui}/api/clew/traces/${traceId}`,
    ]) {
      const response = await fetch(url, {
        headers: { accept: 'application/x-protobuf, application/protobuf' },
      });
      expect(response.headers.get('content-type')).toMatch(/protobuf/);
      const { resourceSpans } = decodeTraces(new Uint8Array(await response.arrayBuffer()));
      expect(fromOtlp(resourceSpans)).toEqual(sorted(DEMO.map(describeSpan)));
    }
  });

  test('is the same trace in Zipkin’s API', async () => {
    const [found, ...others] = await get<readonly (readonly ZipkinSpan[])[]>(
      `${clew.addresses.zipkin}/api/v2/traces?${new URLSearchParams({
        serviceName: 'order-service',
        annotationQuery: `copy=${copy}`,
      })}`,
    );
    expect(others).toEqual([]);
    expect(fromZipkin(found ?? [])).toEqual(sorted(DEMO.map(describeSpan)));
    const read = await get<readonly ZipkinSpan[]>(
      `${clew.addresses.zipkin}/api/v2/trace/${traceId}`,
    );
    expect(fromZipkin(read)).toEqual(fromZipkin(found ?? []));
  });

  test('is the same trace in Clew’s own API', async () => {
    const client = createClient(clew.addresses.ui);
    const q = `{ span.copy = "${copy}" }`;
    expect((await client.searchTraces({ q })).traces.map((trace) => trace.traceId)).toEqual([
      traceId,
    ]);
    const { spans, resources } = await client.readTrace(traceId);
    const described = spans.map((span) => ({
      id: span.spanId,
      parentId: span.parentSpanId,
      service: resources[span.resource]?.service ?? '',
      name: span.name,
      kind: span.kind === 'unspecified' ? 'internal' : span.kind,
      start: Number(BigInt(span.startUnixNano) / 1000n),
      duration: Number(BigInt(span.durationNano) / 1000n),
    }));
    expect(sorted(nameParents(described))).toEqual(sorted(DEMO.map(describeSpan)));
  });
});

async function get<Answer>(url: string): Promise<Answer> {
  const response = await fetch(url);
  expect(response.status, url).toBe(200);
  return (await response.json()) as Answer;
}

/** A span in one line: what every format says, with its parent by its name. */
function describeSpan({ service, name, kind, parent, start, duration }: DemoSpan): string {
  const above = parent === undefined ? 'the root' : `below ${DEMO[parent]?.name}`;
  return `${service}: ${name} (${kind}) ${above}, ${start} + ${duration} µs`;
}

interface ReadSpan {
  readonly id: string;
  readonly parentId: string | undefined;
  readonly service: string;
  readonly name: string;
  readonly kind: string;
  /** µs since 1970. */
  readonly start: number;
  readonly duration: number;
}

function nameParents(spans: readonly ReadSpan[]): readonly string[] {
  const nameById = new Map(spans.map(({ id, name }) => [id, name]));
  return spans.map(({ parentId, service, name, kind, start, duration }) => {
    const above = parentId === undefined ? 'the root' : `below ${nameById.get(parentId)}`;
    return `${service}: ${name} (${kind}) ${above}, ${start - BEGAN_MS * 1000} + ${duration} µs`;
  });
}

function sorted(lines: readonly string[]): readonly string[] {
  return [...lines].sort();
}

async function sendOtlp(copy: string): Promise<string> {
  const traceId = '0d3a0000000000000000000000000001' as TraceId;
  const idOf = (place: number): SpanId => String(place + 1).padStart(16, '0') as SpanId;
  const resources = new Map<string, Resource>();
  const spans = DEMO.map(({ service, name, kind, parent, start, duration }, place): Span => {
    const attributes = [
      { key: 'service.name', value: { type: 'string', value: service } as const },
    ];
    const resource = resources.get(service) ?? {
      service,
      attributes,
      droppedAttributesCount: 0,
      schemaUrl: '',
    };
    resources.set(service, resource);
    return {
      traceId,
      spanId: idOf(place),
      parentSpanId: parent === undefined ? undefined : idOf(parent),
      traceState: '',
      flags: 1,
      name,
      kind,
      startUnixNano: unixNano(unixNanoFromMs(BEGAN_MS) + BigInt(start) * 1000n),
      durationNano: durationNano(BigInt(duration) * 1000n),
      status: 'unset',
      statusMessage: '',
      attributes:
        parent === undefined ? [{ key: 'copy', value: { type: 'string', value: copy } }] : [],
      droppedAttributesCount: 0,
      events: [],
      droppedEventsCount: 0,
      links: [],
      droppedLinksCount: 0,
      resource,
      scope: { name: '', version: '', attributes: [], droppedAttributesCount: 0, schemaUrl: '' },
    };
  });
  const response = await fetch(`${clew.addresses.otlpHttp}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: encodeTracesProtobuf(spans),
  });
  expect(response.status).toBe(200);
  return traceId;
}

async function sendJaeger(copy: string): Promise<string> {
  const tracers = new Map(
    [...new Set(DEMO.map(({ service }) => service))].map((serviceName) => [
      serviceName,
      jaeger.initTracer(
        {
          serviceName,
          traceId128bit: true,
          sampler: { type: 'const', param: 1 },
          reporter: { collectorEndpoint: `${clew.addresses.jaegerHttp}/api/traces` },
        },
        {},
      ),
    ]),
  );
  const spans: NonNullable<ReturnType<NonNullable<ReturnType<typeof tracers.get>>['startSpan']>>[] =
    [];
  for (const { service, name, kind, parent, start } of DEMO) {
    const childOf = parent === undefined ? undefined : spans[parent];
    const span = tracers.get(service)?.startSpan(name, {
      startTime: BEGAN_MS + start / 1000,
      tags: {
        ...(kind === 'internal' ? {} : { [Tags.SPAN_KIND]: kind }),
        ...(childOf === undefined ? { copy } : {}),
      },
      ...(childOf === undefined ? {} : { childOf }),
    });
    if (span !== undefined) spans.push(span);
  }
  for (const [place, span] of spans.entries()) {
    const { start = 0, duration = 0 } = DEMO[place] ?? {};
    span.finish(BEGAN_MS + (start + duration) / 1000);
  }
  for (const tracer of tracers.values()) {
    await new Promise<void>((resolve) => {
      tracer.close(resolve);
    });
  }
  return spans[0]?.context().toTraceId().padStart(32, '0') ?? '';
}

async function sendZipkin(copy: string): Promise<string> {
  const traceId = '0d3a0000000000000000000000000002';
  const idOf = (place: number): string => String(place + 1).padStart(16, '0');
  const spans = DEMO.map(({ service, name, kind, parent, start, duration }, place) => ({
    traceId,
    id: idOf(place),
    ...(parent === undefined ? { tags: { copy } } : { parentId: idOf(parent) }),
    ...(kind === 'internal' ? {} : { kind: kind.toUpperCase() }),
    name,
    timestamp: BEGAN_MS * 1000 + start,
    duration,
    localEndpoint: { serviceName: service },
  }));
  const response = await fetch(`${clew.addresses.zipkin}/api/v2/spans`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(spans),
  });
  expect(response.status).toBe(202);
  return traceId;
}

interface JaegerAnswer {
  readonly data: readonly JaegerTrace[];
}

interface JaegerTrace {
  readonly traceID: string;
  readonly spans: readonly {
    readonly spanID: string;
    readonly operationName: string;
    readonly references: readonly { readonly refType: string; readonly spanID: string }[];
    readonly startTime: number;
    readonly duration: number;
    readonly tags: readonly { readonly key: string; readonly value: unknown }[];
    readonly processID: string;
  }[];
  readonly processes: Readonly<Record<string, { readonly serviceName: string }>>;
}

function fromJaeger({ spans, processes }: JaegerTrace): readonly string[] {
  const read = spans.map((span): ReadSpan => {
    const kind = span.tags.find(({ key }) => key === 'span.kind')?.value;
    return {
      id: span.spanID,
      parentId: span.references.find(({ refType }) => refType === 'CHILD_OF')?.spanID,
      service: processes[span.processID]?.serviceName ?? '',
      name: span.operationName,
      kind: typeof kind === 'string' ? kind : 'internal',
      start: span.startTime,
      duration: span.duration,
    };
  });
  return sorted(nameParents(read));
}

interface OtlpAnswer {
  readonly result: { readonly resourceSpans: readonly OtlpResourceSpans[] };
}

interface OtlpResourceSpans {
  readonly resource: {
    readonly attributes: readonly { readonly key: string; readonly value: object }[];
  };
  readonly scopeSpans: readonly {
    readonly spans: readonly {
      readonly spanId: string;
      readonly parentSpanId?: string;
      readonly name: string;
      readonly kind?: number | string;
      readonly startTimeUnixNano: string;
      readonly endTimeUnixNano: string;
    }[];
  }[];
}

const OTLP_KINDS = ['internal', 'internal', 'server', 'client', 'producer', 'consumer'];

function fromOtlp(resourceSpans: readonly OtlpResourceSpans[]): readonly string[] {
  const read = resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = resource.attributes.find(({ key }) => key === 'service.name')?.value;
    const { stringValue = '' } = (service ?? {}) as { readonly stringValue?: string };
    return scopeSpans
      .flatMap(({ spans }) => spans)
      .map((span): ReadSpan => {
        const start = BigInt(span.startTimeUnixNano);
        return {
          id: span.spanId,
          parentId: span.parentSpanId === '' ? undefined : span.parentSpanId,
          service: stringValue,
          name: span.name,
          kind: readKind(span.kind),
          start: Number(start / 1000n),
          duration: Number((BigInt(span.endTimeUnixNano) - start) / 1000n),
        };
      });
  });
  return sorted(nameParents(read));
}

/** A number, or a name such as `SPAN_KIND_SERVER`; absent where the sender said nothing. */
function readKind(kind: number | string | undefined): string {
  if (typeof kind === 'number') return OTLP_KINDS[kind] ?? '';
  const name = kind?.replace('SPAN_KIND_', '').toLowerCase() ?? 'internal';
  return name === 'unspecified' ? 'internal' : name;
}

interface OtlpDecoder {
  readonly opentelemetry: {
    readonly proto: { readonly trace: { readonly v1: { readonly TracesData: TracesDecoder } } };
  };
}

interface TracesDecoder {
  decode(bytes: Uint8Array): unknown;
  toObject(message: unknown, options: object): unknown;
}

/** What OpenTelemetry makes of its published .proto files; CommonJS, and not among what the package exports by name. */
const { opentelemetry } = createRequire(import.meta.url)(
  'opentelemetry-protos/build/src/generated/root',
) as OtlpDecoder;

function decodeTraces(bytes: Uint8Array): { readonly resourceSpans: readonly OtlpResourceSpans[] } {
  const { TracesData } = opentelemetry.proto.trace.v1;
  const options = { longs: String, bytes: Buffer };
  const decoded = TracesData.toObject(TracesData.decode(bytes), options) as ReturnType<
    typeof decodeTraces
  >;
  const hexOf = (id: unknown): string => (id === undefined ? '' : (id as Buffer).toString('hex'));
  const resourceSpans = decoded.resourceSpans.map(({ resource, scopeSpans }) => ({
    resource,
    scopeSpans: scopeSpans.map(({ spans }) => ({
      spans: spans.map((span) =>
        Object.assign({}, span, {
          spanId: hexOf(span.spanId),
          parentSpanId: hexOf(span.parentSpanId),
        }),
      ),
    })),
  }));
  return { resourceSpans };
}

interface ZipkinSpan {
  readonly id: string;
  readonly parentId?: string;
  readonly name?: string;
  readonly kind?: string;
  readonly timestamp: number;
  readonly duration: number;
  readonly localEndpoint: { readonly serviceName: string };
}

function fromZipkin(spans: readonly ZipkinSpan[]): readonly string[] {
  const read = spans.map(
    ({ id, parentId, name = '', kind = 'internal', timestamp, duration, localEndpoint }) => ({
      id,
      parentId,
      service: localEndpoint.serviceName,
      name,
      kind: kind.toLowerCase(),
      start: timestamp,
      duration,
    }),
  );
  return sorted(nameParents(read));
}
