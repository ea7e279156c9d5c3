import { assembleTrace, durationNano, unixNano } from '@clew/model';
import type { Span } from '@clew/model';
import { parseQuery } from '@clew/traceql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SpanStore } from '../span-store.ts';
import { makeDirectory, removeDirectory } from '../testing/directories.ts';
import {
  EVERYTHING,
  MS,
  NOW_MS,
  at,
  blockOf,
  resource,
  span,
  spanId,
  traceId,
} from '../testing/spans.ts';
import { openTestStore } from '../testing/stores.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

describe('spans that arrive late, twice or with a wrong time', () => {
  let directory: string;
  let store: SpanStore;

  beforeAll(async () => {
    directory = await makeDirectory();
    store = await openTestStore(directory, { retentionMs: 60 * DAY_MS });
  });

  afterAll(async () => {
    await store[Symbol.asyncDispose]();
    await removeDirectory(directory);
  });

  async function readTrace(tenant: string, id: Span['traceId']): Promise<readonly Span[]> {
    return assembleTrace(id, (await store.readSpans({ tenant, traceId: id })) ?? []).spans;
  }

  test('are one span when a sender repeats a request, in one segment or in two', async () => {
    const tenant = 'retried';
    const id = traceId(1);
    const first = span({ traceId: id, spanId: spanId(1) });
    const second = span({ traceId: id, spanId: spanId(2), startUnixNano: at(1) });
    // In other batches: as the very same request they would not be written twice.
    await store.write(blockOf([first, second, first], tenant));
    await store.write(blockOf([first, second], tenant));
    await store.flush();
    await store.write(blockOf([second, first], tenant));
    await store.flush();
    expect(await readTrace(tenant, id)).toEqual([first, second]);
    const { traces } = await store.searchTraces({ tenant, search: EVERYTHING, limit: 10 });
    expect(traces.map((trace) => trace.traceId)).toEqual([id]);
  });

  test('are counted once everywhere when the very same request comes again', async () => {
    const tenant = 'repeated';
    const spans = [1, 2, 3].map((number) =>
      span({ traceId: traceId(7), spanId: spanId(number), kind: 'server' }),
    );
    const { repeatedSpans } = store.stats();
    // While the first is still being written, after it, and when it is in the engine.
    await Promise.all([store.write(blockOf(spans, tenant)), store.write(blockOf(spans, tenant))]);
    await store.write(blockOf(spans, tenant));
    await store.flush();
    await store.write(blockOf(spans, tenant));
    await store.flush();
    expect(store.stats().repeatedSpans - repeatedSpans).toBe(9);
    const { traces } = await store.searchTraces({ tenant, search: EVERYTHING, limit: 10 });
    expect(traces).toMatchObject([{ spanCount: 3 }]);
    const query = parseQuery('{ } | count_over_time()');
    if (query.kind !== 'metrics') throw new Error('no metrics');
    const counted = await store.readMetrics({
      tenant,
      metrics: query,
      range: { startUnixNano: at(-1), stepNano: BigInt(HOUR_MS) * MS, binCount: 1 },
    });
    expect(counted.map((series) => [...series.values])).toEqual([[3]]);
  });

  test('stay two where a client and a server share an id, as in Zipkin', async () => {
    const tenant = 'shared';
    const id = traceId(1);
    const shared = { traceId: id, spanId: spanId(1) };
    const client = span({ ...shared, kind: 'client', resource: resource('web') });
    const server = span({ ...shared, kind: 'server', startUnixNano: at(1) });
    for (let i = 0; i < 2; i++) await store.write(blockOf([client, server], tenant));
    await store.flush();
    expect(await readTrace(tenant, id)).toEqual([client, server]);
  });

  test('form one trace over days, requests and segments, in whatever order they come', async () => {
    const tenant = 'long';
    const id = traceId(1);
    // The root started first and is reported last.
    const spans = Array.from({ length: 24 }, (_, i) =>
      span({
        traceId: id,
        spanId: spanId(i + 1),
        parentSpanId: i === 0 ? undefined : spanId(i),
        startUnixNano: at((i - 23) * 3 * HOUR_MS),
        resource: resource(`service-${i % 4}`),
        name: `step ${i}`,
      }),
    );
    const order = [7, 3, 23, 1, 12];
    const rest = [...spans.keys()].filter((i) => i !== 0 && !order.includes(i));
    for (const i of [...order, ...rest, 0]) {
      const each = spans[i];
      if (each !== undefined) await store.write(blockOf([each], tenant));
      if (i % 6 === 0) await store.flush();
    }
    await store.flush();
    expect(await readTrace(tenant, id)).toEqual(spans);
    const { traces } = await store.searchTraces({ tenant, search: EVERYTHING, limit: 10 });
    expect(traces).toMatchObject([
      {
        traceId: id,
        rootService: 'service-0',
        rootSpanName: 'step 0',
        startUnixNano: at(-69 * HOUR_MS),
        durationNano: BigInt(69 * HOUR_MS + 1) * MS,
        spanCount: 24,
      },
    ]);
  });

  test('are kept with the time they came with: 1970, before it, 2500, and the end of time', async () => {
    const tenant = 'clocks';
    const id = traceId(1);
    const starts = [
      0n,
      1n,
      BigInt(NOW_MS) * MS,
      BigInt(Date.UTC(2500, 0, 1)) * MS,
      // A time before 1970, as a sender writes it that counts below zero.
      BigInt.asUintN(64, -5n * MS),
      (1n << 64n) - 1n,
    ];
    const spans = starts.map((start, i) =>
      span({
        traceId: id,
        spanId: spanId(i + 1),
        startUnixNano: unixNano(start),
        durationNano: durationNano(7n),
      }),
    );
    await store.write(blockOf(spans, tenant));
    await store.flush();
    const found = await readTrace(tenant, id);
    expect(found.map((each) => each.spanId)).toEqual(
      [...spans].sort((a, b) => (a.startUnixNano < b.startUnixNano ? -1 : 1)).map((s) => s.spanId),
    );
    expect(found.map((each) => each.startUnixNano)).toEqual(
      starts.toSorted((a, b) => (a < b ? -1 : 1)),
    );
    const { traces } = await store.searchTraces({
      tenant,
      search: EVERYTHING,
      startUnixNano: at(-1),
      endUnixNano: at(1),
      limit: 10,
    });
    expect(traces).toHaveLength(1);
  });

  test('may lie in hundreds of partitions within one request', async () => {
    const tenant = 'scattered';
    const id = traceId(1);
    const spans = Array.from({ length: 300 }, (_, i) =>
      span({ traceId: id, spanId: spanId(i + 1), startUnixNano: at(-(299 - i) * 4 * HOUR_MS) }),
    );
    await store.write(blockOf(spans, tenant));
    await store.flush();
    expect(await readTrace(tenant, id)).toEqual(spans);
  });
});
