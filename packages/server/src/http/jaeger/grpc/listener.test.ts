import { SpanBlock, StorageError, unixNano } from '@clew/model';
import { decodeTracesProtobuf, readSpans } from '@clew/protocol';
import { printQuery } from '@clew/traceql';
import { status } from '@grpc/grpc-js';
import type { ServiceError } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  CannedTraceReader,
  TRACE_ID,
  exampleFoundTrace,
  exampleSpan,
  spanId,
  traceId,
} from '../../../query/testing/canned-trace-reader.ts';
import { TraceQueries } from '../../../query/trace-queries.ts';
import { ByteBudget } from '../../../receiver/byte-budget.ts';
import type { Listener } from '../../../receiver/listener.ts';
import { MemoryLog } from '../../../receiver/testing/memory-sink.ts';
import { ForeignGrpcClient } from '../../testing/grpc-client.ts';
import type { ForeignMethod, Message } from '../../testing/grpc-client.ts';
import { JaegerQueries } from '../jaeger-queries.ts';
import { jaegerMethod } from '../testing/grpc-oracle.ts';
import { createJaegerGrpcQueries } from './listener.ts';

const ID_BYTES = Buffer.from(TRACE_ID, 'hex');
const START = { seconds: '1795000000', nanos: 5 };
const END = { seconds: '1795000100' };

let reader: CannedTraceReader;
let listener: Listener;
let client: ForeignGrpcClient;

beforeEach(async () => {
  reader = new CannedTraceReader();
  const queries = new TraceQueries({
    store: reader,
    observe: () => undefined,
    maxAssembledSpans: 40,
  });
  listener = createJaegerGrpcQueries({
    jaeger: new JaegerQueries({ queries, maxClockSkewNano: 0n }),
    budget: new ByteBudget(1_000_000),
    log: new MemoryLog(),
  });
  client = new ForeignGrpcClient(await listener.listen({ host: '127.0.0.1', port: 0 }));
});

afterEach(async () => {
  client.close();
  await listener.close(0);
});

function store(count: number, id = TRACE_ID): void {
  for (let number = 1; number <= count; number++) {
    const span = { traceId: id, spanId: spanId(number.toString(16)), parentSpanId: spanId('fff') };
    reader.spans.push(exampleSpan(span));
  }
}

function find(...ids: readonly string[]): void {
  // Newest first.
  const traces = ids.map((id, index) =>
    exampleFoundTrace({
      traceId: traceId(id),
      matchedStartUnixNano: unixNano(1_795_000_000_000_000_000n - BigInt(index)),
    }),
  );
  reader.page = { ...reader.page, traces };
  for (const id of ids) store(1, traceId(id));
}

async function failureOf(answer: Promise<unknown>): Promise<ServiceError> {
  const error: unknown = await answer.then(
    () => new Error('no failure'),
    (failure: unknown) => failure,
  );
  return error as ServiceError;
}

function search(tags: string): Message {
  return {
    serviceName: 'shop',
    operationName: 'get',
    [tags]: { a: 'b' },
    startTimeMin: START,
    startTimeMax: END,
    durationMin: { nanos: 1_000_000 },
    durationMax: { seconds: '2' },
    searchDepth: 7,
  };
}

function expectSearch(): void {
  const [asked] = reader.searches;
  expect(asked && printQuery(asked.search)).toBe(
    '{ resource.service.name = "shop" && name = "get" && ' +
      '(span.a = "b" || resource.a = "b" || instrumentation.a = "b") && ' +
      'duration >= 1ms && duration <= 2s }',
  );
  expect(asked).toMatchObject({
    startUnixNano: 1_795_000_000_000_000_005n,
    // Inclusive.
    endUnixNano: 1_795_000_100_000_000_001n,
    limit: 7,
  });
}

describe.each(['jaeger.api_v2', 'jaeger.api_v3'] as const)('%s', (api) => {
  test('lists services', async () => {
    reader.services = ['a', 'b'];
    const method = jaegerMethod(api, 'GetServices');
    expect(await client.ask(method, {})).toEqual([{ services: ['a', 'b'] }]);
  });

  test('lists operations', async () => {
    reader.services = ['shop'];
    reader.operations = [
      { spanName: 'get', spanKind: 'client' },
      { spanName: 'get', spanKind: 'server' },
    ];
    const method = jaegerMethod(api, 'GetOperations');
    const [answer] = await client.ask(method, { service: 'shop', spanKind: 'server' });
    expect(answer).toMatchObject({ operations: [{ name: 'get', spanKind: 'server' }] });
    const [all] = await client.ask(method, { service: 'shop' });
    expect(all?.['operations']).toHaveLength(2);
    if (api === 'jaeger.api_v2') expect(all?.['operationNames']).toEqual(['get']);
  });

  test('takes durations longer than a number of nanoseconds can say', async () => {
    const ever = { seconds: '315576000000' };
    const query = { startTimeMin: START, startTimeMax: END, durationMax: ever };
    await client.askBytes(jaegerMethod(api, 'FindTraces'), { query });
    const [asked] = reader.searches;
    expect(asked && printQuery(asked.search)).toBe('{ duration <= 2562047h47m16s854ms775us807ns }');
  });

  test('gives dependencies', async () => {
    const latency = { buckets: [], weights: [] };
    reader.serviceEdges = [
      {
        interval: 0,
        client: 'a',
        server: 'b',
        connection: '',
        callCount: 3,
        weight: 3,
        errorCount: 0,
        clientDurationNano: 0n,
        serverDurationNano: 0n,
        latency,
      },
    ];
    const method = jaegerMethod(api, 'GetDependencies');
    expect(await client.ask(method, { startTime: START, endTime: END })).toEqual([
      { dependencies: [{ parent: 'a', child: 'b', callCount: '3' }] },
    ]);
    const failure = await failureOf(client.ask(method, { startTime: START }));
    expect(failure.code).toBe(status.INVALID_ARGUMENT);
  });

  test('says what is wrong with a search', async () => {
    const method = jaegerMethod(api, 'FindTraces');
    const none = await failureOf(client.ask(method, {}));
    expect([none.code, none.details]).toEqual([status.INVALID_ARGUMENT, 'missing query']);
    const query = { startTimeMin: END, startTimeMax: START };
    const backwards = await failureOf(client.ask(method, { query }));
    expect(backwards.code).toBe(status.INVALID_ARGUMENT);
    reader.failure = new StorageError('the engine is broken');
    expect((await failureOf(client.ask(method, { query: {} }))).code).toBe(status.INTERNAL);
  });
});

describe('traces in Jaeger’s own model', () => {
  const GET = jaegerMethod('jaeger.api_v2', 'GetTrace');
  const FIND = jaegerMethod('jaeger.api_v2', 'FindTraces');

  async function spansOf(method: ForeignMethod, request: Message): Promise<Message[]> {
    const chunks = await client.ask(method, request);
    return chunks.flatMap(({ spans }) => spans as Message[]);
  }

  test('come in chunks of ten spans', async () => {
    store(25);
    const chunks = await client.ask(GET, { traceId: ID_BYTES });
    expect(chunks.map(({ spans }) => (spans as Message[]).length)).toEqual([10, 10, 5]);
  });

  test('have all that Jaeger has', async () => {
    reader.spans.push(exampleSpan({ parentSpanId: spanId('9'), status: 'error' }));
    const [span] = await spansOf(GET, { traceId: ID_BYTES });
    expect(span).toEqual({
      traceId: ID_BYTES.toString('base64'),
      spanId: Buffer.from('b7ad6b7169203331', 'hex').toString('base64'),
      operationName: 'create-order',
      references: [
        {
          traceId: ID_BYTES.toString('base64'),
          spanId: Buffer.from('0000000000000009', 'hex').toString('base64'),
        },
      ],
      flags: 1,
      startTime: { seconds: '1795000000', nanos: 123_456_789 },
      duration: { nanos: 1_500_999 },
      tags: [
        { key: 'otel.scope.name', vStr: 'http' },
        { key: 'otel.scope.version', vStr: '1.2.0' },
        { key: 'span.kind', vStr: 'server' },
        { key: 'otel.status_code', vStr: 'ERROR' },
        { key: 'error', vType: 'BOOL', vBool: true },
      ],
      process: { serviceName: 'order-service', tags: [{ key: 'host.name', vStr: 'web-1' }] },
      warnings: [
        'parent span ID=0000000000000009 is not in the trace; skipping clock skew adjustment',
      ],
    });
    const [raw] = await spansOf(GET, { traceId: ID_BYTES, rawTraces: true });
    expect(raw).not.toHaveProperty('warnings');
  });

  test('of any size come as they are stored', async () => {
    store(50);
    const spans = await spansOf(GET, { traceId: ID_BYTES });
    expect(spans).toHaveLength(50);
    expect(spans[0]?.['warnings']).toEqual([
      'a trace has more than 40 spans: shown as it is stored',
    ]);
    expect(spans[1]).not.toHaveProperty('warnings');
  });

  test('are found', async () => {
    find('1', '2');
    const spans = await spansOf(FIND, { query: search('tags') });
    expectSearch();
    expect(spans.map(({ traceId }) => Buffer.from(String(traceId), 'base64').at(-1))).toEqual([
      1, 2,
    ]);
  });

  test('that are not there are not found', async () => {
    const missing = await failureOf(client.ask(GET, { traceId: ID_BYTES }));
    expect([missing.code, missing.details]).toEqual([status.NOT_FOUND, 'trace not found']);
    const short = await failureOf(client.ask(GET, { traceId: ID_BYTES.subarray(8) }));
    expect(short.code).toBe(status.INVALID_ARGUMENT);
    const none = await failureOf(client.ask(GET, {}));
    expect([none.code, none.details]).toEqual([
      status.INVALID_ARGUMENT,
      'uninitialized TraceID is not allowed',
    ]);
  });

  test('are archived', async () => {
    store(1);
    const method = jaegerMethod('jaeger.api_v2', 'ArchiveTrace');
    expect(await client.ask(method, { traceId: ID_BYTES })).toEqual([{}]);
    expect(reader.archived).toEqual([TRACE_ID]);
    const other = Buffer.alloc(16, 1);
    const failure = await failureOf(client.ask(method, { traceId: other }));
    expect(failure.code).toBe(status.NOT_FOUND);
  });
});

describe('traces as OTLP', () => {
  const GET = jaegerMethod('jaeger.api_v3', 'GetTrace');
  const FIND = jaegerMethod('jaeger.api_v3', 'FindTraces');

  async function spansOf(method: ForeignMethod, request: Message) {
    const block = new SpanBlock('');
    for (const bytes of await client.askBytes(method, request)) {
      expect(decodeTracesProtobuf(bytes, block).count).toBe(0);
    }
    return readSpans(block);
  }

  test('come by their ids', async () => {
    store(3);
    expect(await spansOf(GET, { traceId: TRACE_ID })).toHaveLength(3);
    const failure = await failureOf(client.askBytes(GET, { traceId: '1' }));
    expect(failure.code).toBe(status.NOT_FOUND);
    const malformed = await failureOf(client.askBytes(GET, { traceId: 'xyz' }));
    expect(malformed.code).toBe(status.INVALID_ARGUMENT);
  });

  test('come in messages that clients take', async () => {
    const value = 'x'.repeat(60_000);
    for (let number = 1; number <= 40; number++) {
      const attributes = ['a', 'b', 'c'].map((key) => ({
        key,
        value: { type: 'string', value } as const,
      }));
      reader.spans.push(exampleSpan({ spanId: spanId(number.toString(16)), attributes }));
    }
    const messages = await client.askBytes(GET, { traceId: TRACE_ID });
    expect(messages.length).toBeGreaterThan(2);
    expect(Math.max(...messages.map(({ length }) => length))).toBeLessThan(4 * 1024 ** 2);
  });

  test('are found', async () => {
    find('1', '2');
    const spans = await spansOf(FIND, { query: search('attributes') });
    expectSearch();
    expect(spans.map(({ traceId }) => traceId)).toEqual([traceId('1'), traceId('2')]);
  });

  test('are summed up', async () => {
    find('1');
    const method = jaegerMethod('jaeger.api_v3', 'FindTraceSummaries');
    const [answer] = await client.ask(method, { query: search('attributes') });
    expectSearch();
    expect(answer).toEqual({
      summaries: [
        {
          traceId: traceId('1'),
          rootServiceName: 'order-service',
          rootOperationName: 'create-order',
          minStartTimeUnixNano: '1795000000123456789',
          maxEndTimeUnixNano: '1795000000124957788',
          spanCount: 2,
          errorSpanCount: 1,
          orphanSpanCount: 1,
          services: [{ name: 'order-service', spanCount: 2, errorSpanCount: 1 }],
        },
      ],
    });
  });

  test('cannot be searched by a filter of its own language', async () => {
    const query = { filter: Buffer.from([1]) };
    const failure = await failureOf(client.askBytes(FIND, { query }));
    expect(failure.code).toBe(status.INVALID_ARGUMENT);
  });
});
