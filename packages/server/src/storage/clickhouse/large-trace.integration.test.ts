import { assembleTrace, durationNano, toTraceColumns, unixNano } from '@clew/model';
import type { Span, TraceColumns } from '@clew/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SpanStore } from '../span-store.ts';
import {
  TENANT,
  at,
  attribute,
  blockOf,
  resource,
  span,
  spanId,
  traceId,
} from '../testing/spans.ts';
import { makeDirectory, removeDirectory } from '../testing/directories.ts';
import { openTestStore } from '../testing/stores.ts';

const SPAN_COUNT = 30_000;
const COPY_COUNT = 5000;
const ID = traceId(0xb16);
const RESOURCES = ['shop', 'cart', 'pay'].map((service) => resource(service));

/** A wide and deep trace with everything that senders do to a trace. */
function makeSpans(): readonly Span[] {
  const spans = Array.from({ length: SPAN_COUNT }, (_, index) => makeSpan(index));
  // Copies of all over the trace, some of them fuller, and one span again and again.
  for (let copy = 0; copy < COPY_COUNT; copy++) {
    const original = spans[copy % 3 === 0 ? 7 : (copy * 7919) % SPAN_COUNT];
    if (original === undefined) continue;
    const durationOf = copy % 5 === 0 ? original.durationNano + 1n : original.durationNano;
    spans.push({ ...original, durationNano: durationNano(durationOf) });
  }
  return spans;
}

function makeSpan(index: number): Span {
  // Of each thousand, a hundred share an id with the one before; and three thousand began at the same moment.
  const isShared = index % 1000 >= 900;
  const startMs = index > 15_000 && index < 18_000 ? 15_000 : (index * 7919) % SPAN_COUNT;
  const eventName = index % 2 === 0 ? 'exception' : 'retry';
  return span({
    traceId: ID,
    spanId: spanId(isShared ? index : index + 1),
    parentSpanId: index === 0 ? undefined : spanId(parentNumberOf(index)),
    name: `work ${index % 50}`,
    kind: isShared ? 'server' : 'client',
    startUnixNano: at(isShared ? ((index - 1) * 7919) % SPAN_COUNT : startMs),
    durationNano: durationNano(BigInt(index) * 1000n),
    ...outcomeOf(index),
    resource: RESOURCES[index % RESOURCES.length] ?? resource('shop'),
    attributes: [
      attribute('http.request.method', index % 3 === 0 ? 'GET' : 'POST'),
      attribute('http.response.status_code', index % 5 === 0 ? 499n : 200n),
      ...(index % 4 === 0 ? [attribute('own', `value ${index}`), attribute('ratio', 0.5)] : []),
    ],
    events:
      index % 10 === 0
        ? [
            {
              timeUnixNano: at(index),
              name: eventName,
              attributes: detailsOf(index),
              droppedAttributesCount: 0,
            },
          ]
        : [],
    links: index % 100 === 1 ? [linkTo(index)] : [],
  });
}

function outcomeOf(index: number): Pick<Span, 'status' | 'statusMessage'> {
  if (index % 100 === 0)
    return { status: 'error', statusMessage: index % 300 === 0 ? 'context canceled' : '' };
  return { status: index % 7 === 0 ? 'unset' : 'ok', statusMessage: '' };
}

/** Of an event. */
function detailsOf(index: number): Span['attributes'] {
  return index % 200 === 0 ? [attribute('exception.type', 'AbortError')] : [];
}

/** A chain, a fan, orphans and a cycle. */
function parentNumberOf(index: number): number {
  if (index < 1000) return index;
  if (index % 5000 === 0) return 900_000 + (index % 3);
  return index === 2000 ? 2100 : 1 + (index % 997);
}

function linkTo(index: number): Span['links'][number] {
  const attributes = [attribute('why', 'batch')];
  const spanIdOf = spanId(index);
  return {
    traceId: ID,
    spanId: spanIdOf,
    traceState: '',
    flags: 0,
    attributes,
    droppedAttributesCount: 0,
  };
}

/** With names in place of their numbers, which may be given in any order. */
function withNames(columns: TraceColumns): unknown {
  const { services, names, eventNames, ...numbers } = columns;
  const look = (texts: readonly string[], indexes: Uint32Array): unknown =>
    Array.from(indexes, (index) => texts[index]);
  return {
    ...numbers,
    serviceIndexes: look(services, columns.serviceIndexes),
    nameIndexes: look(names, columns.nameIndexes),
    eventNameIndexes: look(eventNames, columns.eventNameIndexes),
  };
}

describe('a trace that is read in chunks', () => {
  let directory: string;
  let store: SpanStore;
  let spans: readonly Span[];

  beforeAll(async () => {
    directory = await makeDirectory();
    store = await openTestStore(directory);
    spans = makeSpans();
    for (let from = 0; from < spans.length; from += 7000) {
      await store.write(blockOf(spans.slice(from, from + 7000)));
      if (from % 21_000 === 0) await store.flush();
    }
    // Others are between its spans.
    await store.write(blockOf(spans.slice(0, 500).map((one) => ({ ...one, traceId: traceId(1) }))));
    await store.flush();
  }, 60_000);

  afterAll(async () => {
    await store[Symbol.asyncDispose]();
    await removeDirectory(directory);
  });

  test('is the same as one that is read at once: each span once, in order', async () => {
    const request = { tenant: TENANT, traceId: ID, traceIds: [ID] };
    const whole = assembleTrace(ID, (await store.readSpans(request)) ?? []).spans;
    expect(whole.length).toBeGreaterThan(SPAN_COUNT - 100);
    const streamed: Span[] = [];
    let chunkCount = 0;
    for await (const chunk of store.streamSpans(request)) {
      chunkCount++;
      streamed.push(...chunk);
    }
    expect(chunkCount).toBeGreaterThan(3);
    expect(streamed).toEqual(whole);
  }, 60_000);

  test('is the same as columns', async () => {
    const request = { tenant: TENANT, traceId: ID };
    const whole = assembleTrace(ID, (await store.readSpans(request)) ?? []);
    const columns = await store.readTraceColumns(request);
    expect(columns?.missingParentCount).toBe(3);
    // By their messages, exceptions and shared attributes.
    expect(columns?.cancelled.reduce((sum, one) => sum + one, 0)).toBeGreaterThan(1000);
    expect(columns && withNames(columns)).toEqual(withNames(toTraceColumns(whole)));
  }, 60_000);

  test('is read up to a limit, which counts what was sent', async () => {
    const request = { tenant: TENANT, traceId: ID, maxSpans: SPAN_COUNT + COPY_COUNT };
    expect(await store.readTraceColumns(request)).toBeDefined();
    const less = { ...request, maxSpans: request.maxSpans - 1 };
    const message = 'the trace has 35000 spans, more than the 34999 that are read at once';
    await expect(store.readSpans(less)).rejects.toThrow(message);
    await expect(store.readTraceColumns(less)).rejects.toThrow(message);
  });

  test('gives the spans of one id alone', async () => {
    const found = await store.readSpans({ tenant: TENANT, traceId: ID, spanId: spanId(900) });
    const trace = assembleTrace(ID, found ?? []);
    expect(trace.spans.map(({ kind }) => kind)).toEqual(['client', 'server']);
    const request = { tenant: TENANT, traceId: ID, spanId: spanId(0xdead_beef) };
    expect(await store.readSpans(request)).toBeUndefined();
  });

  test('comes in its turn among small ones that lie far apart, without those that are not there', async () => {
    const small = [10, 11, 12].map((id, index) => {
      const start = at(index * 86_400_000);
      return [1, 2].map((number) =>
        span({ traceId: traceId(id), spanId: spanId(number), startUnixNano: start }),
      );
    });
    await store.write(blockOf(small.flat()));
    await store.flush();
    const traceIds = [12, 0xdead, 10, 0xb16, 11, 12].map(traceId);
    const streamed = new Map<string, Span[]>();
    for await (const chunk of store.streamSpans({ tenant: TENANT, traceIds })) {
      const id = chunk[0]?.traceId ?? '';
      streamed.set(id, [...(streamed.get(id) ?? []), ...chunk]);
    }
    expect([...streamed.keys()]).toEqual([12, 10, 0xb16, 11].map(traceId));
    expect(streamed.get(traceId(10))).toEqual(small[0]);
    expect(streamed.get(traceId(11))).toEqual(small[1]);
    expect(streamed.get(traceId(12))).toEqual(small[2]);
    expect(streamed.get(ID)?.length).toBeGreaterThan(SPAN_COUNT - 100);
  }, 60_000);

  test('that is not there has no spans and no columns', async () => {
    const id = traceId(0xdead);
    const request = { tenant: TENANT, traceId: id, traceIds: [id] };
    for await (const _ of store.streamSpans(request)) expect.unreachable();
    expect(await store.readTraceColumns(request)).toBeUndefined();
  });

  test('says so when it is removed while it is read', async () => {
    const id = traceId(0xb17);
    const request = { tenant: TENANT, traceId: id, traceIds: [id] };
    const copies = spans.slice(0, 20_000).map((one) => ({ ...one, traceId: request.traceId }));
    await store.write(blockOf(copies));
    await store.flush();
    const read = async (): Promise<void> => {
      for await (const _ of store.streamSpans(request)) await store.deleteTrace(request);
    };
    await expect(read()).rejects.toThrow('the trace was removed while it was read');
  }, 60_000);
});

test('times of all 64 bits are exact as spans, and the nearest double as columns', async () => {
  const directory = await makeDirectory();
  const store = await openTestStore(directory);
  try {
    const id = traceId(0xc10c);
    const written = [0n, 1n, 2n ** 53n + 1n, 2n ** 63n, 2n ** 64n - 1n].map((start, index) =>
      span({
        traceId: id,
        spanId: spanId(index + 1),
        startUnixNano: unixNano(start),
        durationNano: durationNano(2n ** 64n - 1n - start),
      }),
    );
    await store.write(blockOf(written));
    await store.flush();
    const columns = await store.readTraceColumns({ tenant: TENANT, traceId: id });
    const expected = toTraceColumns(assembleTrace(id, written));
    expect(columns).toEqual(expected);
    const streamed: Span[] = [];
    for await (const chunk of store.streamSpans({ tenant: TENANT, traceIds: [id] }))
      streamed.push(...chunk);
    expect(streamed).toEqual(written);
  } finally {
    await store[Symbol.asyncDispose]();
    await removeDirectory(directory);
  }
});
