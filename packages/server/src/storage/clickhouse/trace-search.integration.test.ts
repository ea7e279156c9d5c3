import { durationNano } from '@clew/model';
import type { Span, TraceId } from '@clew/model';
import { compileSearch, printQuery, runWithoutPause } from '@clew/traceql';
import type { SearchQuery } from '@clew/traceql';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SpanStore, TraceCount, TraceQuery, TraceSearchPage } from '../span-store.ts';
import {
  arbitrarySearch,
  parseSearch,
  parseSearchIfRight,
  sampleTraces,
} from '../testing/arbitrary-searches.ts';
import { makeDirectory, removeDirectory } from '../testing/directories.ts';
import {
  MS,
  TENANT,
  at,
  attribute,
  blockOf,
  resource,
  span,
  spanId,
  traceId,
} from '../testing/spans.ts';
import { openTestStore } from '../testing/stores.ts';
import { PLANNER_SEED, plannerRuns } from '../testing/planner-runs.ts';

const HOUR_MS = 3_600_000;

describe('a search in TraceQL', () => {
  let directory: string;
  let store: SpanStore;

  beforeAll(async () => {
    directory = await makeDirectory();
    store = await openTestStore(directory);
  });

  afterAll(async () => {
    await store[Symbol.asyncDispose]();
    await removeDirectory(directory);
  });

  async function storeSpans(tenant: string, spans: readonly Span[]): Promise<void> {
    await store.write(blockOf(spans, tenant));
    await store.flush();
  }

  function search(
    tenant: string,
    q: string,
    query: Partial<TraceQuery> = {},
  ): Promise<TraceSearchPage> {
    return store.searchTraces({ tenant, search: parseSearch(q), limit: 20, ...query });
  }

  async function searchIds(
    tenant: string,
    q: string,
    query: Partial<TraceQuery> = {},
  ): Promise<TraceId[]> {
    const { traces } = await search(tenant, q, query);
    return traces.map((trace) => trace.traceId);
  }

  function countOf(
    tenant: string,
    q: string,
    query: Partial<TraceQuery> = {},
  ): Promise<TraceCount> {
    return store.countTraces({ tenant, search: parseSearch(q), limit: 1, ...query });
  }

  describe(`of random traces (PLANNER_SEED=${PLANNER_SEED})`, () => {
    // Each run compares the answers of all sixty traces.
    const RUNS = plannerRuns(60);
    const traces = sampleTraces(60);

    beforeAll(() =>
      storeSpans(
        TENANT,
        traces.flatMap(({ spans }) => spans),
      ),
    );

    test(
      'finds the traces of which the evaluator says so, each once, page by page',
      async () => {
        let foundCount = 0;
        await fc.assert(
          fc.asyncProperty(
            arbitrarySearch,
            fc.constantFrom(3, 100, 100, 100),
            async (text, limit) => {
              const parsed = parseSearchIfRight(text);
              fc.pre(parsed !== undefined);
              const expected = answersOf(parsed);
              fc.pre(expected !== undefined);
              const found = new Map<string, string>();
              let after: TraceQuery['after'];
              do {
                const page = await search(TENANT, printQuery(parsed), { limit, after });
                for (const trace of page.traces) {
                  expect(found.has(trace.traceId)).toBe(false);
                  found.set(trace.traceId, trace.matchedSpanId);
                }
                after = page.next;
              } while (after !== undefined);
              expect(Object.fromEntries(found), printQuery(parsed)).toEqual(
                Object.fromEntries(expected),
              );
              const count = await countOf(TENANT, printQuery(parsed));
              expect(count).toEqual({ traceCount: found.size, isExact: true });
              foundCount += found.size;
            },
          ),
          { numRuns: RUNS },
        );
        expect(foundCount).toBeGreaterThan(RUNS);
      },
      80_000 + RUNS * 500,
    );

    /** By trace, the newest span of its answers; undefined where the query cannot be answered. */
    function answersOf(query: SearchQuery): ReadonlyMap<string, string> | undefined {
      const answer = compileSearch(query);
      try {
        return new Map(
          traces.flatMap((trace) => {
            const indexes = runWithoutPause(answer(trace)).flatMap(({ spans }) => spans);
            const newest = trace.spans[Math.max(...indexes)];
            return newest === undefined ? [] : [[trace.traceId, newest.spanId] as const];
          }),
        );
      } catch {
        return undefined;
      }
    }
  });

  test('looks at the whole trace, and wants its answer within the time', async () => {
    const tenant = 'spread';
    const parent = span({ name: 'parent', startUnixNano: at(-50 * HOUR_MS) });
    const child = (offsetHours: number, fields: Partial<Span> = {}) =>
      span({
        traceId: parent.traceId,
        parentSpanId: parent.spanId,
        name: 'child',
        startUnixNano: at(offsetHours * HOUR_MS),
        ...fields,
      });
    const late = child(-1);
    const later = child(0, { parentSpanId: undefined });
    await storeSpans(tenant, [parent, child(-40), late]);
    await storeSpans(tenant, [later, span({ name: 'child' })]);
    const q = '{ name = "parent" } > { name = "child" }';
    const { traces } = await search(tenant, q, { startUnixNano: at(-2 * HOUR_MS) });
    expect(traces).toMatchObject([
      { traceId: parent.traceId, matchedSpanId: late.spanId, spanCount: 4 },
    ]);
    expect(await searchIds(tenant, q, { startUnixNano: at(-HOUR_MS / 2) })).toEqual([]);
    expect(await searchIds(tenant, q, { endUnixNano: at(-45 * HOUR_MS) })).toEqual([]);
  });

  test('goes on where few of many candidates answer', async () => {
    const tenant = 'needles';
    const traces = Array.from({ length: 3000 }, (_, i) => {
      const root = span({ name: 'root', startUnixNano: at(-i) });
      const child = span({
        traceId: root.traceId,
        // Most of them hang together with nothing.
        parentSpanId: i % 1000 === 999 ? root.spanId : ('ffffffffffffffff' as Span['spanId']),
        name: 'child',
        startUnixNano: at(-i),
      });
      return [root, child];
    });
    await storeSpans(tenant, traces.flat());
    const expected = [999, 1999, 2999].map((i) => traces[i]?.[0]?.traceId);
    const q = '{ name = "root" } > { name = "child" }';
    expect(await searchIds(tenant, q)).toEqual(expected);
    const first = await search(tenant, q, { limit: 2 });
    expect(first.traces.map((trace) => trace.traceId)).toEqual(expected.slice(0, 2));
    expect(await searchIds(tenant, q, { limit: 2, after: first.next })).toEqual(expected.slice(2));
    // There are enough in the last ten minutes.
    const startUnixNano = at(-600_000);
    expect(first.scanned).toEqual({ startUnixNano, traceCount: 3000, spanCount: 6000 });
    const { scanned } = await search(tenant, '{ }', { limit: 2 });
    expect(scanned).toEqual({ startUnixNano, traceCount: 3, spanCount: 0 });
    expect((await search(tenant, '{ }', { limit: 5000 })).scanned.startUnixNano).toBeUndefined();
    // Of so many, every second trace was looked at.
    const { traceCount, isExact } = await countOf(tenant, '{ } | count() = 2');
    expect(isExact).toBe(false);
    expect(traceCount).toBeGreaterThan(2700);
    expect(traceCount).toBeLessThan(3300);
    expect(await countOf(tenant, '{ }')).toEqual({ traceCount: 3000, isExact: true });
  });

  describe.each([
    ['by the engine', '{ .k = 1 }'],
    ['of one service', '{ resource.service.name = "shop" && .k = 1 }'],
    ['by the evaluator', '{ name = "root" } >> { .k = 1 }'],
  ])('page by page, found %s', (how, q) => {
    const tenant = `pages ${how}`;
    const trace = (number: number, startsMs: readonly number[]): readonly Span[] => {
      const root = span({ traceId: traceId(number), startUnixNano: at(-HOUR_MS), name: 'root' });
      return [
        root,
        ...startsMs.map((ms) =>
          span({
            traceId: root.traceId,
            parentSpanId: root.spanId,
            startUnixNano: at(ms),
            attributes: [attribute('k', 1n)],
            resource: resource('shop'),
          }),
        ),
      ];
    };

    test('misses no trace and shows none twice while newer spans arrive', async () => {
      await storeSpans(tenant, Array.from({ length: 60 }, (_, i) => trace(i + 1, [i * 10])).flat());
      const found: TraceId[] = [];
      let after: TraceQuery['after'];
      let round = 0;
      do {
        const page = await search(tenant, q, { limit: 7, after });
        found.push(...page.traces.map((each) => each.traceId));
        after = page.next;
        // Of a trace that was shown, of one that was not, and of a new one.
        const late = [60 - round, 1 + round, 1000 + round];
        await storeSpans(
          tenant,
          late.flatMap((number) => trace(number, [1000 + round]).slice(1)),
        );
        round++;
      } while (after !== undefined);
      const expected = Array.from({ length: 60 }, (_, i) => traceId(60 - i));
      expect(found).toEqual(expected);
    });

    test('gives the same at once, some at a time', async () => {
      const query = { tenant, search: parseSearch(q) };
      const found: TraceId[] = [];
      for await (const traces of store.streamFoundTraces({ ...query, limit: Infinity })) {
        expect(traces.length).toBeGreaterThan(0);
        found.push(...traces.map((each) => each.traceId));
      }
      expect(found).toEqual(await searchIds(tenant, q, { limit: 1000 }));
      const first: TraceId[] = [];
      for await (const traces of store.streamFoundTraces({ ...query, limit: 65 }))
        first.push(...traces.map((each) => each.traceId));
      expect(first).toEqual(found.slice(0, 65));
    });
  });

  test('finds the few long, large or failed traces, and those of a root, that began days before the time that is asked about', async () => {
    const tenant = 'days';
    const id = traceId(0xdada);
    const newer = Array.from({ length: 200 }, (_, i) => span({ startUnixNano: at(-i * 1000) }));
    const early = [0, 1, 2].map((i) =>
      span({
        traceId: id,
        name: `early ${i}`,
        spanId: spanId(0xd0 + i),
        status: 'error',
        startUnixNano: at(-70 * HOUR_MS),
      }),
    );
    const late = span({ traceId: id, spanId: spanId(0xdf), startUnixNano: at(-3 * HOUR_MS) });
    await storeSpans(tenant, [...newer, ...early]);
    await storeSpans(tenant, [late]);
    const startUnixNano = at(-6 * HOUR_MS);
    for (const traces of [
      { minDurationNano: durationNano(10n * 3_600_000_000_000n) },
      { minSpanCount: 4 },
      { hasError: true },
    ]) {
      expect(await searchIds(tenant, '{ }', { traces, startUnixNano })).toEqual([id]);
      expect(await countOf(tenant, '{ }', { traces, startUnixNano })).toEqual({
        traceCount: 1,
        isExact: true,
      });
    }
    for (const q of ['{ trace:duration > 10h }', '{ rootName = "early 0" }']) {
      expect(await searchIds(tenant, q, { startUnixNano })).toEqual([id]);
      expect((await countOf(tenant, q, { startUnixNano })).traceCount).toBe(1);
    }
    expect(await searchIds(tenant, '{ rootName = "early 1" }', { startUnixNano })).toEqual([]);
  });

  describe('in another order', () => {
    const tenant = 'orders';
    /** Spans, errors, duration in ms. */
    const shapes = [
      [3, 1, 50],
      [1, 1, 500],
      [5, 0, 5],
      [4, 4, 50],
    ] as const;
    const ids = shapes.map((_, i) => traceId(0x900 + i));

    beforeAll(() =>
      storeSpans(
        tenant,
        shapes.flatMap(([spanCount, errorCount, durationMs], number) =>
          Array.from({ length: spanCount }, (_, i) =>
            span({
              traceId: ids[number] ?? traceId(0),
              startUnixNano: at(number * 1000),
              status: i < errorCount ? 'error' : 'unset',
              durationNano: durationNano(BigInt(durationMs) * MS),
            }),
          ),
        ),
      ),
    );

    test.each([
      ['start', 'desc', [3, 2, 1, 0]],
      ['start', 'asc', [0, 1, 2, 3]],
      // Equal ones by their ids, in the same direction.
      ['duration', 'desc', [1, 3, 0, 2]],
      ['duration', 'asc', [2, 0, 3, 1]],
      ['spanCount', 'desc', [2, 3, 0, 1]],
      ['errorCount', 'desc', [3, 1, 0, 2]],
    ] as const)('by %s %s', async (by, direction, expected) => {
      for (const q of ['{ }', '{ } | count() > 0']) {
        const found: TraceId[] = [];
        let after: TraceQuery['after'];
        do {
          const page = await search(tenant, q, { order: { by, direction }, limit: 3, after });
          found.push(...page.traces.map((trace) => trace.traceId));
          after = page.next;
        } while (after !== undefined);
        expect(found).toEqual(expected.map((number) => ids[number]));
      }
    });

    test('that the query itself names', async () => {
      expect(await searchIds(tenant, '{ } | order by duration desc')).toEqual(
        [1, 3, 0, 2].map((number) => ids[number]),
      );
    });

    test.each([
      [{ minDurationNano: durationNano(50n * MS) }, [3, 1, 0]],
      [{ maxDurationNano: durationNano(50n * MS) }, [3, 2, 0]],
      [{ minSpanCount: 4 }, [3, 2]],
      [{ maxSpanCount: 3 }, [1, 0]],
      [{ hasError: false }, [2]],
      [{ hasError: true, minSpanCount: 2 }, [3, 0]],
      [{ services: ['shop'] }, [3, 2, 1, 0]],
      [{ services: ['shop', 'bank'] }, []],
    ])('of traces with %o', async (traces, expected) => {
      expect(await searchIds(tenant, '{ }', { traces })).toEqual(
        expected.map((number) => ids[number]),
      );
      const count = { traceCount: expected.length, isExact: true };
      expect(await countOf(tenant, '{ }', { traces })).toEqual(count);
    });
  });

  test('answers a thousand conditions, and says when they are more than a statement takes', async () => {
    const tenant = 'conditions';
    const wanted = span({ name: 'n999' });
    await storeSpans(tenant, [wanted, span({ name: 'other' })]);
    const names = Array.from({ length: 1000 }, (_, i) => `name = "n${i}"`);
    expect(await searchIds(tenant, `{ ${names.join(' || ')} }`)).toEqual([wanted.traceId]);
    const sum = Array.from({ length: 2000 }, () => 'duration').join(' + ');
    await expect(searchIds(tenant, `{ ${sum} > 1s }`)).rejects.toMatchObject({
      code: 'resource_exhausted',
      message: expect.stringContaining('more conditions than a statement of the engine takes'),
    });
  });

  test('finds a value of another type than the key had when it was last asked for', async () => {
    const tenant = 'new type';
    await storeSpans(tenant, [span({ attributes: [attribute('k', 'v')] })]);
    expect(await searchIds(tenant, '{ .k = 1 }')).toEqual([]);
    const number = span({ attributes: [attribute('k', 1n)], resource: resource('shop') });
    await storeSpans(tenant, [number]);
    expect(await searchIds(tenant, '{ .k = 1 }')).toEqual([number.traceId]);
  });
});
