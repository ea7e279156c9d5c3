import { assembleTrace, durationNano, identityKey, identityOf, unixNano } from '@clew/model';
import type { Span, Trace } from '@clew/model';
import { compileSearch, printQuery, runWithoutPause, searchOfForm } from '@clew/traceql';
import type { SearchQuery } from '@clew/traceql';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FoundSpan, SpanOrder, SpanQuery, SpanStore } from '../span-store.ts';
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

describe('a search for spans', () => {
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

  /** A page as an asker gets it: what is found, and then read. */
  async function search(
    tenant: string,
    q: string,
    query: Partial<SpanQuery> = {},
  ): Promise<{ readonly spans: readonly Span[]; readonly next: FoundSpan | undefined }> {
    const asked = { tenant, search: parseSearch(q), limit: 20, ...query };
    const { spans, next } = await store.findSpans(asked);
    expect(spans.length).toBeLessThanOrEqual(asked.limit);
    return { spans: await store.readFoundSpans({ ...asked, spans }), next };
  }

  /** All pages of a search, with what happens between them. */
  async function searchAll(
    tenant: string,
    q: string,
    query: Partial<SpanQuery> = {},
    between: () => Promise<void> = () => Promise.resolve(),
  ): Promise<Span[]> {
    const found: Span[] = [];
    let after: FoundSpan | undefined;
    do {
      const page = await search(tenant, q, { ...query, after });
      found.push(...page.spans);
      after = page.next;
      if (after !== undefined) await between();
    } while (after !== undefined);
    return found;
  }

  async function searchNames(
    tenant: string,
    q: string,
    query: Partial<SpanQuery> = {},
  ): Promise<string[]> {
    return (await searchAll(tenant, q, query)).map(({ name }) => name);
  }

  describe(`of random traces (PLANNER_SEED=${PLANNER_SEED})`, () => {
    const RUNS = plannerRuns(30);
    const sent = sampleTraces(150).map(({ traceId, spans }, number) =>
      assembleTrace(traceId, spans.map(interleave(number))),
    );
    const unfinished = sent.map(({ traceId, spans }) =>
      assembleTrace(
        traceId,
        spans.filter((_, i) => i % 3 === 0 && spans[i]?.durationNano !== 0n).map(toUnfinished),
      ),
    );

    /** Traces that run beside each other, a third of them long ago. */
    function interleave(number: number): (span: Span, index: number) => Span {
      const since = number % 3 === 0 ? -2 * HOUR_MS : 0;
      return (each, index) =>
        Object.assign({}, each, { startUnixNano: at(since + (number % 7) * 500 + index * 1000) });
    }

    function toUnfinished(each: Span): Span {
      return Object.assign({}, each, {
        durationNano: durationNano(each.durationNano / 2n),
        name: 'xy',
        status: 'error',
        attributes: [attribute('a', 'x'), attribute('b', 1n)],
      });
    }

    beforeAll(async () => {
      await storeSpans(TENANT, spansOf(unfinished));
      // Some come twice as they are.
      await storeSpans(TENANT, spansOf(sent.slice(0, 20)));
      await storeSpans(TENANT, spansOf(sent));
    });

    const time = fc.constantFrom(
      {},
      {},
      { startUnixNano: at(2000), endUnixNano: at(9000) },
      { endUnixNano: at(-HOUR_MS) },
    );

    const orders = fc.constantFrom<SpanOrder | undefined>(undefined, undefined, ...ORDERS);

    test(
      'finds those of which the evaluator says so, in the order asked for, each once, page by page',
      async () => {
        let foundCount = 0;
        const limits = fc.constantFrom(10, 1000, 1000, 1000);
        await fc.assert(
          fc.asyncProperty(
            arbitrarySearch,
            limits,
            fc.record({ within: time, order: orders }),
            async (text, limit, { within, order }) => {
              const parsed = parseSearchIfRight(text);
              fc.pre(parsed !== undefined);
              const expected = answersOf(parsed, within, order);
              fc.pre(expected !== undefined);
              const q = printQuery(parsed);
              const found = await searchAll(TENANT, q, { limit, ...within, order });
              expect(found.map(show), `${q} ${JSON.stringify(order)}`).toEqual(expected.map(show));
              foundCount += found.length;
            },
          ),
          { numRuns: RUNS },
        );
        expect(foundCount).toBeGreaterThan(RUNS);
      },
      80_000 + RUNS * 1000,
    );

    /** Undefined where the query cannot be answered. */
    function answersOf(
      query: SearchQuery,
      within: Partial<SpanQuery>,
      order: SpanOrder | undefined,
    ): readonly Span[] | undefined {
      const answer = compileSearch(query);
      const isWithin = ({ startUnixNano }: Span): boolean =>
        startUnixNano >= (within.startUnixNano ?? 0n) &&
        (within.endUnixNano === undefined || startUnixNano < within.endUnixNano);
      try {
        return sent
          .flatMap((trace) => {
            const indexes = new Set(runWithoutPause(answer(trace)).flatMap(({ spans }) => spans));
            return trace.spans.filter((_, index) => indexes.has(index));
          })
          .filter(isWithin)
          .sort(inOrder(order));
      } catch {
        return undefined;
      }
    }

    function show(each: Span): string {
      return `${orderKey(each)} ${each.name} ${each.durationNano}`;
    }
  });

  describe.each([
    ['by the engine', '{ .k = 1 }'],
    ['by the evaluator', '{ } >> { .k = 1 }'],
  ])('found %s', (how, q) => {
    const trace = (number: number, startsMs: readonly number[]): readonly Span[] => {
      const root = span({ traceId: traceId(number), startUnixNano: at(-HOUR_MS), name: 'root' });
      return [
        root,
        ...startsMs.map((ms) =>
          span({
            traceId: root.traceId,
            parentSpanId: root.spanId,
            startUnixNano: at(ms),
            name: `${number} at ${ms}`,
            attributes: [attribute('k', 1n)],
          }),
        ),
      ];
    };

    test('come in the order of their start, whatever their traces are', async () => {
      const tenant = `interleaved ${how}`;
      await storeSpans(tenant, [...trace(1, [1, 4, 7]), ...trace(2, [2, 4, 9]), ...trace(3, [3])]);
      const expected = ['2 at 9', '1 at 7', '2 at 4', '1 at 4', '3 at 3', '2 at 2', '1 at 1'];
      for (const limit of [1, 2, 3, 20]) {
        expect(await searchNames(tenant, q, { limit })).toEqual(expected);
      }
      expect(
        await searchNames(tenant, q, { startUnixNano: at(3), endUnixNano: at(7), limit: 2 }),
      ).toEqual(['2 at 4', '1 at 4', '3 at 3']);
    });

    test('are missed by no page and given by none twice while spans arrive', async () => {
      const tenant = `arriving ${how}`;
      const first = Array.from({ length: 40 }, (_, i) => trace(i + 1, [i * 10, i * 10 + 1000]));
      await storeSpans(tenant, first.flat());
      let round = 0;
      const found = await searchAll(tenant, q, { limit: 7 }, async () => {
        // Newer and older than the page, of old traces and of new ones, and something that was sent before.
        const number = 1 + (round % first.length);
        const late = trace(number, [5000 + round, round * 3]).slice(1);
        const other = trace(1000 + round, [2000 - round * 3, -round]);
        await storeSpans(tenant, [...late, ...other, ...(first[round] ?? [])]);
        round++;
      });
      const keys = found.map((each) => identityKey(identityOf(each)));
      expect(new Set(keys).size).toBe(keys.length);
      expect(found.map(orderKey)).toEqual(found.map(orderKey).sort().reverse());
      const firstKeys = first
        .flat()
        .filter(({ name }) => name !== 'root')
        .map((each) => identityKey(identityOf(each)));
      expect(new Set(keys)).toEqual(new Set([...keys, ...firstKeys]));
      expect(keys.length).toBeGreaterThan(firstKeys.length);
    });

    test.each(ORDERS)('are joined from pages of any length by %o', async (order) => {
      const tenant = `ordered ${how} ${order.by} ${order.direction}`;
      const spans = Array.from({ length: 12 }, (_, i) => trace(i + 1, [i * 7, (i * 13) % 40]));
      // Some are equally long, some began together.
      const timed = spans
        .flat()
        .map((each, i) =>
          Object.assign({}, each, { durationNano: durationNano(BigInt((i * 5) % 17) * MS) }),
        );
      await storeSpans(tenant, timed);
      const expected = timed
        .filter(({ name }) => name !== 'root')
        .sort(inOrder(order))
        .map(({ spanId }) => spanId);
      for (const limit of [1, 7, 23, 24, 1000]) {
        const found = await searchAll(tenant, q, { limit, order });
        expect(found.map(({ spanId }) => spanId)).toEqual(expected);
      }
    });

    test.each(ORDERS)('stay in their order by %o while spans arrive', async (order) => {
      const tenant = `arriving ${how} ${order.by} ${order.direction}`;
      const timed = (spans: readonly Span[], since: number): readonly Span[] =>
        spans.map((each, i) =>
          Object.assign({}, each, { durationNano: durationNano(BigInt(since + i) * MS) }),
        );
      const first = Array.from({ length: 25 }, (_, i) =>
        timed(trace(i + 1, [i * 10, i * 10 + 1000]), i),
      );
      await storeSpans(tenant, first.flat());
      let round = 0;
      const found = await searchAll(tenant, q, { limit: 9, order }, async () => {
        // Before the page and behind it, of old traces and of new ones, and something that was sent before.
        const late = timed(trace(1 + (round % 25), [5000 + round, round * 3]).slice(1), round * 7);
        const other = timed(trace(1000 + round, [2000 - round * 3, -round]), (round % 2) * 25);
        await storeSpans(tenant, [...late, ...other, ...(first[round] ?? [])]);
        round++;
      });
      const keys = found.map((each) => identityKey(identityOf(each)));
      expect(new Set(keys).size).toBe(keys.length);
      expect(keys).toEqual(
        [...found].sort(inOrder(order)).map((each) => identityKey(identityOf(each))),
      );
      const firstKeys = first
        .flat()
        .filter(({ name }) => name !== 'root')
        .map((each) => identityKey(identityOf(each)));
      expect(new Set(keys)).toEqual(new Set([...keys, ...firstKeys]));
      expect(keys.length).toBeGreaterThan(firstKeys.length);
    });

    test('may share their trace, id and start', async () => {
      const tenant = `shared ${how}`;
      const [root, ...children] = trace(1, [1, 2]);
      const shared = ['a', 'é', '\u{1f98a}'].flatMap((service) =>
        (['server', 'client'] as const).map((kind) =>
          Object.assign({}, children[0], {
            spanId: spanId(0xabc),
            name: `${service} ${kind}`,
            kind,
            resource: resource(service),
          }),
        ),
      );
      await storeSpans(tenant, [root ?? span(), ...children, ...shared]);
      const expected = ['\u{1f98a}', 'é', 'a'].flatMap((name) => [
        `${name} client`,
        `${name} server`,
      ]);
      for (const limit of [1, 2, 5, 20]) {
        const names = await searchNames(tenant, q, { limit });
        expect(names.filter((name) => !name.includes('at'))).toEqual(expected);
        expect(names).toHaveLength(8);
      }
    });

    test('may have begun at any time', async () => {
      const tenant = `times ${how}`;
      const times = [unixNano(0n), unixNano(1n), at(0), unixNano((1n << 64n) - 1n)];
      const spans = times.map((startUnixNano) =>
        trace(7, [1]).map((each) => Object.assign({}, each, { startUnixNano })),
      );
      await storeSpans(tenant, spans.flat());
      for (const limit of [1, 20]) {
        const found = await searchAll(tenant, q, { limit });
        expect(found.map(({ startUnixNano }) => startUnixNano)).toEqual([...times].reverse());
      }
    });

    test('are searched for until the asker has gone', async () => {
      const gone = AbortSignal.abort(new Error('gone'));
      await expect(search(TENANT, q, { signal: gone })).rejects.toThrow('gone');
    });
  });

  test('gives out none while a trace that is not looked at yet may have a newer one', async () => {
    const tenant = 'late answers';
    // Many traces have a newest span that might answer and does not, and an old one that does.
    const traces = Array.from({ length: 400 }, (_, i) => {
      const root = span({ traceId: traceId(i + 1), name: 'root', startUnixNano: at(-HOUR_MS) });
      const child = (ms: number, parentSpanId: Span['parentSpanId']): Span =>
        span({ traceId: root.traceId, parentSpanId, name: 'child', startUnixNano: at(ms) });
      const newest = child(-i, i < 380 ? spanId(0xfff) : root.spanId);
      return [root, newest, child(-1000 - i, root.spanId)];
    });
    await storeSpans(tenant, traces.flat());
    const expected = [
      ...Array.from({ length: 20 }, (_, i) => at(-380 - i)),
      ...Array.from({ length: 400 }, (_, i) => at(-1000 - i)),
    ];
    for (const limit of [10, 30, 1000]) {
      const found = await searchAll(tenant, '{ name = "root" } > { name = "child" }', { limit });
      expect(found.map(({ startUnixNano }) => startUnixNano)).toEqual(expected);
    }
  });

  test('says of a span all that was sent', async () => {
    const tenant = 'whole';
    const whole = span({
      parentSpanId: spanId(1),
      statusMessage: 'no answer',
      status: 'error',
      attributes: [attribute('k', 'v'), attribute('n', 1n)],
      events: [{ timeUnixNano: at(1), name: 'x', attributes: [], droppedAttributesCount: 1 }],
      resource: resource('shop', [attribute('host.name', 'web-1')]),
    });
    await storeSpans(tenant, [whole, span({ status: 'ok' })]);
    expect((await search(tenant, '{ status = error }')).spans).toEqual([whole]);
  });

  test('goes by the fullest copy of a span', async () => {
    const tenant = 'copies';
    const brief = span({ name: 'brief' });
    const whole = { ...brief, name: 'whole', durationNano: durationNano(900n * MS) };
    await storeSpans(tenant, [brief, span({ name: 'other' })]);
    await storeSpans(tenant, [whole]);
    expect(await searchNames(tenant, '{ duration < 100ms }')).toEqual(['other']);
    expect(await searchNames(tenant, '{ name != "other" }')).toEqual(['whole']);
    expect(await searchNames(tenant, '{ }', { limit: 1 })).toEqual(['other', 'whole']);
  });

  test('puts a span where its fullest copy stands, and nowhere else', async () => {
    const tenant = 'ordered copies';
    const lasting = (name: string, ms: number): Span =>
      span({ name, durationNano: durationNano(BigInt(ms) * MS) });
    const [brief, other, last] = [lasting('brief', 1), lasting('other', 50), lasting('last', 99)];
    const whole = { ...brief, name: 'whole', durationNano: durationNano(70n * MS) };
    await storeSpans(tenant, [brief, other, last]);
    await storeSpans(tenant, [whole]);
    for (const q of ['{ }', '{ rootName != "" || true }', '{ duration > 0 }']) {
      for (const limit of [1, 2, 20]) {
        const upwards = await searchNames(tenant, q, { limit, order: ORDERS[2] });
        expect(upwards).toEqual(['other', 'whole', 'last']);
        const downwards = await searchNames(tenant, q, { limit, order: ORDERS[1] });
        expect(downwards).toEqual(['last', 'whole', 'other']);
      }
    }
  });

  test('yields the right-hand spans of a relation, and the spans of groups that pass', async () => {
    const tenant = 'shapes';
    const root = span({ name: 'root', status: 'error' });
    const child = (name: string, ms: number, fields: Partial<Span> = {}): Span =>
      span({
        traceId: root.traceId,
        parentSpanId: root.spanId,
        startUnixNano: at(ms),
        name,
        ...fields,
      });
    const failed = { status: 'error' } as const;
    await storeSpans(tenant, [root, child('a', 1), child('b', 2, failed), child('b', 3)]);
    expect(await searchNames(tenant, '{ name = "root" } > { status = error }')).toEqual(['b']);
    expect(await searchNames(tenant, '{ name = "a" } && { status = error }')).toEqual([
      'b',
      'a',
      'root',
    ]);
    expect(await searchNames(tenant, '{ } | by(name) | count() > 1')).toEqual(['b', 'b']);
    expect(await searchNames(tenant, '{ } | select(name) | { name = "a" }')).toEqual(['a']);
    expect(await searchNames(tenant, '{ name = "a" } | order by duration asc')).toEqual(['a']);
  });

  test('leaves out what was deleted since it was found', async () => {
    const tenant = 'deleted';
    const [kept, deleted] = [span({ name: 'kept' }), span({ name: 'deleted' })];
    await storeSpans(tenant, [kept, deleted]);
    const found = await store.findSpans({ tenant, search: searchOfForm({}), limit: 5 });
    expect(found.spans).toHaveLength(2);
    await store.deleteTrace({ tenant, traceId: deleted.traceId });
    const spans = await store.readFoundSpans({ tenant, search: searchOfForm({}), ...found });
    expect(spans).toEqual([kept]);
  });
});

function spansOf(traces: readonly Trace[]): readonly Span[] {
  return traces.flatMap(({ spans }) => spans);
}

const ORDERS: readonly SpanOrder[] = [
  { by: 'start', direction: 'asc' },
  { by: 'duration', direction: 'desc' },
  { by: 'duration', direction: 'asc' },
];

function inOrder(order: SpanOrder = { by: 'start', direction: 'desc' }) {
  const sign = order.direction === 'asc' ? 1 : -1;
  const keyOf = (each: Span): string =>
    order.by === 'start'
      ? orderKey(each)
      : `${String(each.durationNano).padStart(20, '0')} ${orderKey(each)}`;
  return (a: Span, b: Span): number => (keyOf(a) < keyOf(b) ? -sign : sign);
}

/** Sorts texts as the answer sorts spans, the other way round. */
function orderKey({ startUnixNano, traceId, spanId }: Span): string {
  return `${String(startUnixNano).padStart(20, '0')} ${traceId} ${spanId}`;
}
