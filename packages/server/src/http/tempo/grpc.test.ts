import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  exampleFoundTrace,
  exampleSpan,
  traceId,
} from '../../query/testing/canned-trace-reader.ts';
import type { CannedTraceReader } from '../../query/testing/canned-trace-reader.ts';
import { TraceQueries } from '../../query/trace-queries.ts';
import { ByteBudget } from '../../receiver/byte-budget.ts';
import type { Listener } from '../../receiver/listener.ts';
import { MemoryLog } from '../../receiver/testing/memory-sink.ts';
import { ForeignGrpcClient } from '../testing/grpc-client.ts';
import type { Message } from '../testing/grpc-client.ts';
import { NOW_MS, createTestApp } from '../testing/test-app.ts';
import { createTempoListener } from './listener.ts';
import { tempoMethod } from './testing/tempo-proto.ts';

let listener: Listener;
let port: number;
let client: ForeignGrpcClient;
let reader: CannedTraceReader;

beforeEach(async () => {
  ({ reader } = createTestApp());
  listener = createTempoListener({
    queries: new TraceQueries({ store: reader, observe: () => undefined }),
    clock: { nowMs: () => NOW_MS },
    log: new MemoryLog(),
    version: '1.2.3',
    budget: new ByteBudget(1_000_000),
  });
  port = await listener.listen({ host: '127.0.0.1', port: 0 });
  client = new ForeignGrpcClient(port);
});

afterEach(async () => {
  client.close();
  await listener.close(0);
});

/** The messages that come of one. */
function ask(method: string, request: Message): Promise<readonly Message[]> {
  return client.ask(tempoMethod(method), request);
}

const DONE = { completedJobs: 1, totalJobs: 1 };

test('one port answers HTTP at its root and gRPC', async () => {
  const response = await fetch(`http://127.0.0.1:${port}/api/echo`);
  expect(await response.text()).toBe('echo');
  const [last] = await ask('Search', { Limit: 1 });
  expect(last).toEqual({ metrics: DONE });
});

test('a search answers as it finds', async () => {
  const traceIds = [traceId('aa'), traceId('bb')];
  for (const each of traceIds) reader.spans.push(exampleSpan({ traceId: each }));
  reader.page = {
    traces: traceIds.map((each) => exampleFoundTrace({ traceId: each })),
    scanned: { traceCount: 2, spanCount: 0 },
  };
  const request = { Query: '{ kind = server }', Limit: 3, start: 10, end: 20, SpansPerSpanSet: 5 };
  const messages = await ask('Search', request);
  const found = (traceID: string): object => ({
    traceID,
    spanSets: [{ spans: [{ name: 'create-order' }], matched: 1 }],
  });
  // The store gives them again and again, up to the limit.
  expect(messages).toMatchObject([
    { traces: [found('aa'), found('bb')], metrics: { totalJobs: 1 } },
    { traces: [found('aa')], metrics: { totalJobs: 1 } },
    { metrics: DONE },
  ]);
  expect(reader.searches).toMatchObject([
    { limit: 3, startUnixNano: 10_000_000_000n, endUnixNano: 20_000_000_000n },
  ]);
});

test('tags and their values come as over HTTP', async () => {
  reader.attributeKeys = [{ owner: 'span', key: 'a', types: ['int'] }];
  reader.attributeValues = [{ type: 'int', value: '5' }];
  expect(await ask('SearchTags', { scope: 'span' })).toEqual([{ tagNames: ['a'], metrics: DONE }]);
  expect(await ask('SearchTagsV2', { scope: 'span' })).toEqual([
    { scopes: [{ name: 'span', tags: ['a'] }], metrics: DONE },
  ]);
  expect(await ask('SearchTagValues', { tagName: 'a' })).toEqual([
    { tagValues: ['5'], metrics: DONE },
  ]);
  const values = await ask('SearchTagValuesV2', { tagName: '.a' });
  expect(values).toEqual([{ tagValues: [{ type: 'int', value: '5' }], metrics: DONE }]);
});

test('series come as over HTTP, times being nanoseconds', async () => {
  reader.series = [{ labels: [], values: Float64Array.of(1.5) }];
  const request = {
    query: '{ } | rate() with(exemplars=false)',
    start: '60000000000',
    end: '70000000000',
    step: '10000000000',
  };
  const labels = [{ key: '__name__', value: { stringValue: 'rate' } }];
  expect(await ask('MetricsQueryRange', request)).toEqual([
    { series: [{ labels, samples: [{ timestampMs: '70000', value: 1.5 }] }], metrics: DONE },
  ]);
  expect(await ask('MetricsQueryInstant', request)).toEqual([
    { series: [{ labels, value: 1.5 }], metrics: DONE },
  ]);
});

test('many samples come in several messages', async () => {
  const values = new Float64Array(10_000).fill(1);
  reader.series = Array.from({ length: 9 }, (_, i) => ({
    labels: [{ name: 'a', value: { type: 'int', value: BigInt(i) } as const }],
    values,
  }));
  const query = '{ } | rate() by(.a) with(exemplars=false)';
  const messages = await ask('MetricsQueryRange', { query });
  const counts = messages.map((message) => (message as { series: unknown[] }).series.length);
  expect(counts).toEqual([4, 4, 1]);
});

test('what is wrong with a question is told as its status', async () => {
  const search = ask('Search', { Query: '{ .a = }' });
  await expect(search).rejects.toMatchObject({ code: 3 });
});
