import { durationNano, unixNano } from '@clew/model';
import type { Span, TraceId } from '@clew/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { searchOfForm } from '@clew/traceql';
import type { SearchForm } from '@clew/traceql';
import type { SpanStore, TraceQuery, TraceSearchPage } from '../span-store.ts';
import { parseSearch } from '../testing/arbitrary-searches.ts';
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

/** What the fields of a form ask, or anything else of a query. */
type Asked = SearchForm & Partial<TraceQuery>;

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

describe('searching traces', () => {
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

  /** Tests have a tenant each, so that they do not see each other's spans. */
  async function storeSpans(tenant: string, spans: readonly Span[]): Promise<void> {
    await store.write(blockOf(spans, tenant));
    await store.flush();
  }

  function search(tenant: string, query: Asked = {}): Promise<TraceSearchPage> {
    return store.searchTraces({ tenant, search: searchOfForm(query), limit: 20, ...query });
  }

  async function searchIds(tenant: string, query: Asked = {}): Promise<TraceId[]> {
    const { traces } = await search(tenant, query);
    return traces.map((trace) => trace.traceId);
  }

  describe('by regular expressions', () => {
    const tenant = 'patterns';
    const asked = (q: string) => store.searchTraces({ tenant, search: parseSearch(q), limit: 20 });
    const quoted = span({ name: 'a.b\\' });

    beforeAll(() => storeSpans(tenant, [quoted, span({ name: 'axb' })]));

    test('takes what is behind an open \\Q as it is', async () => {
      const { traces } = await asked('{ name =~ `\\Qa.b\\` }');
      expect(traces.map((trace) => trace.traceId)).toEqual([quoted.traceId]);
    });

    test.each([
      ['\\p{Cn}', /RE2: invalid character class range: \\p\{Cn\}: "\\p\{Cn\}"$/],
      ['.*\\p{LC}', /RE2: invalid character class range: \\p\{LC\}: "\.\*\\p\{LC\}"$/],
    ])(
      '%s, which the engine does not know, is refused as part of the query',
      async (pattern, said) => {
        const error: unknown = await asked(`{ name =~ \`${pattern}\` }`).catch((e: unknown) => e);
        expect(error).toMatchObject({ code: 'invalid_argument', parameter: 'q' });
        expect(String(error)).toMatch(said);
        expect(String(error)).not.toMatch(/SELECT|spans|Look at/);
      },
    );

    test('does not look for longer than a query may', async () => {
      let seed = 1;
      const next = (): string => ((seed = (seed * 48_271) % 2_147_483_647) % 2 === 0 ? 'a' : 'b');
      const events = Array.from({ length: 40 }, () => ({
        timeUnixNano: at(0),
        name: 'log',
        attributes: [attribute('big', Array.from({ length: 20_000 }, next).join(''))],
        droppedAttributesCount: 0,
      }));
      await storeSpans('slow', [span({ events })]);
      const search = parseSearch('{ event.big =~ "(?:a|b)*a(?:a|b){900}c" }');
      const startMs = performance.now();
      const found = store.searchTraces({ tenant: 'slow', search, limit: 20 });
      await expect(found).rejects.toMatchObject({ code: 'resource_exhausted', limit: 2000 });
      expect(performance.now() - startMs).toBeLessThan(10_000);
    });
  });

  describe('by one condition', () => {
    const tenant = 'conditions';
    const slow = span({ durationNano: durationNano(500n * MS), startUnixNano: at(-1) });
    const failed = span({ status: 'error', startUnixNano: at(-2) });
    const named = span({ name: 'POST /orders', startUnixNano: at(-3) });
    const other = span({ resource: resource('warehouse'), startUnixNano: at(-4) });

    beforeAll(() => storeSpans(tenant, [slow, failed, named, other]));

    test('finds a service', async () => {
      expect(await searchIds(tenant, { service: 'warehouse' })).toEqual([other.traceId]);
      expect(await searchIds(tenant, { service: 'Warehouse' })).toEqual([]);
    });

    test('finds a span name', async () => {
      expect(await searchIds(tenant, { spanName: 'POST /orders' })).toEqual([named.traceId]);
    });

    test('finds a status', async () => {
      expect(await searchIds(tenant, { status: 'error' })).toEqual([failed.traceId]);
    });

    test('takes both bounds of a duration as inclusive', async () => {
      const exactly = durationNano(500n * MS);
      expect(await searchIds(tenant, { minDurationNano: exactly })).toEqual([slow.traceId]);
      expect(await searchIds(tenant, { minDurationNano: durationNano(exactly + 1n) })).toEqual([]);
      expect(
        await searchIds(tenant, { maxDurationNano: exactly, minDurationNano: exactly }),
      ).toEqual([slow.traceId]);
      expect(await searchIds(tenant, { maxDurationNano: durationNano(MS - 1n) })).toEqual([]);
    });

    test('takes the start of a time as inclusive and its end as exclusive', async () => {
      const query = { startUnixNano: at(-3), endUnixNano: at(-1) };
      expect(await searchIds(tenant, query)).toEqual([failed.traceId, named.traceId]);
      expect(await searchIds(tenant, { ...query, service: 'shop' })).toEqual([
        failed.traceId,
        named.traceId,
      ]);
    });

    test('does not see another tenant', async () => {
      expect(await searchIds('nobody')).toEqual([]);
    });
  });

  describe('by attributes', () => {
    const tenant = 'attributes';
    const traces: Record<string, Span> = {
      text: span({ attributes: [attribute('k', 'v'), attribute('n', '42')] }),
      int: span({ attributes: [attribute('n', 42n), attribute('zero', 0n)] }),
      double: span({ attributes: [attribute('n', 42), attribute('ratio', 0.1)] }),
      bool: span({ attributes: [attribute('flag', true), attribute('off', false)] }),
      empty: span({ attributes: [attribute('blank', '')] }),
      resource: span({ resource: resource('shop', [attribute('k8s.pod.name', 'pod-7')]) }),
      plain: span(),
    };

    beforeAll(() => storeSpans(tenant, Object.values(traces)));

    async function searchNames(
      ...attributes: NonNullable<SearchForm['attributes']>
    ): Promise<string[]> {
      const ids = new Set(await searchIds(tenant, { attributes }));
      return Object.keys(traces).filter((name) => ids.has(traces[name]?.traceId ?? traceId(0)));
    }

    test.each([
      ['a text', 'k', 'v', ['text']],
      ['a number of any type', 'n', '42', ['text', 'int', 'double']],
      ['a number written otherwise', 'n', '42.0', ['int', 'double']],
      ['a fraction', 'ratio', '0.1', ['double']],
      ['zero where there is one', 'zero', '0', ['int']],
      ['true', 'flag', 'true', ['bool']],
      ['false where it was said', 'off', 'false', ['bool']],
      ['an empty text where there is one', 'blank', '', ['empty']],
      ['an attribute of the resource', 'k8s.pod.name', 'pod-7', ['resource']],
      ['nothing for another value', 'k', 'V', []],
      ['nothing for a key that is not there', 'missing', '', []],
      ['nothing for a number beyond 64 bits', 'n', '9'.repeat(30), []],
    ])('finds %s', async (_, key, value, expected) => {
      expect(await searchNames({ key, value })).toEqual(expected);
    });

    test('wants every attribute', async () => {
      const text = { key: 'k', value: 'v' };
      expect(await searchNames(text, { key: 'n', value: '42' })).toEqual(['text']);
      expect(await searchNames(text, { key: 'flag', value: 'true' })).toEqual([]);
    });

    test('finds the resource of every service at once', async () => {
      expect(await searchNames({ key: 'service.name', value: 'shop' })).toEqual(
        Object.keys(traces),
      );
    });
  });

  test('finds a resource by a key that no resource had when it was last asked for', async () => {
    const tenant = 'new-key';
    const attributes = [{ key: 'cloud.region', value: 'eu-west-1' }];
    await storeSpans(tenant, [span()]);
    expect(await searchIds(tenant, { attributes })).toEqual([]);
    const moved = span({ resource: resource('shop', [attribute('cloud.region', 'eu-west-1')]) });
    await storeSpans(tenant, [moved]);
    expect(await searchIds(tenant, { attributes })).toEqual([moved.traceId]);
  });

  test('wants all conditions of one span, not of one trace', async () => {
    const tenant = 'one-span';
    const id = traceId(0xaaaa);
    await storeSpans(tenant, [
      span({ traceId: id, status: 'error', name: 'a' }),
      span({ traceId: id, attributes: [attribute('k', 'v')], name: 'b' }),
    ]);
    const attributes = [{ key: 'k', value: 'v' }];
    expect(await searchIds(tenant, { attributes })).toEqual([id]);
    expect(await searchIds(tenant, { status: 'error', attributes })).toEqual([]);
    expect(await searchIds(tenant, { spanName: 'a', attributes })).toEqual([]);
    expect(await searchIds(tenant, { spanName: 'b', attributes, service: 'shop' })).toEqual([id]);
  });

  test('tells of each trace what a list shows, and which span matched', async () => {
    const tenant = 'summary';
    const id = traceId(0xbbbb);
    const root = span({
      traceId: id,
      name: 'checkout',
      startUnixNano: at(0),
      durationNano: durationNano(90n * MS),
    });
    const child = span({
      traceId: id,
      parentSpanId: root.spanId,
      resource: resource('bank'),
      startUnixNano: at(10),
      durationNano: durationNano(100n * MS),
      status: 'error',
    });
    const grandchild = span({
      traceId: id,
      parentSpanId: child.spanId,
      resource: resource('bank'),
      startUnixNano: at(-5),
    });
    // In two inserts, so that the parts of the summary have to be put together.
    await storeSpans(tenant, [child]);
    await storeSpans(tenant, [root, grandchild]);
    const { traces, next } = await search(tenant, { service: 'bank' });
    expect(next).toBeUndefined();
    expect(traces).toEqual([
      {
        traceId: id,
        rootService: 'shop',
        rootSpanName: 'checkout',
        startUnixNano: at(-5),
        durationNano: 115n * MS,
        spanCount: 3,
        errorCount: 1,
        services: [
          { service: 'bank', spanCount: 2, errorCount: 1 },
          { service: 'shop', spanCount: 1, errorCount: 0 },
        ],
        matchedStartUnixNano: at(10),
        matchedSpanId: child.spanId,
      },
    ]);
  });

  test('takes the earliest of several roots, and names none where there is none', async () => {
    const tenant = 'roots';
    const id = traceId(0xcccc);
    await storeSpans(tenant, [
      span({ traceId: id, name: 'second', startUnixNano: at(5) }),
      span({ traceId: id, name: 'first', startUnixNano: at(4) }),
      span({ parentSpanId: spanId(1), startUnixNano: at(0) }),
    ]);
    const { traces } = await search(tenant);
    expect(traces.map((trace) => trace.rootSpanName)).toEqual(['first', '']);
  });

  describe.each([{ service: 'shop' }, { service: undefined }])('in pages, with $service', (by) => {
    test('orders by the newest match, then by trace id, both descending', async () => {
      const tenant = `order-${by.service}`;
      const spans = [
        span({ traceId: traceId(1), startUnixNano: at(10) }),
        span({ traceId: traceId(2), startUnixNano: at(20) }),
        span({ traceId: traceId(3), startUnixNano: at(10) }),
        // An older match of the newest trace, and its oldest.
        span({ traceId: traceId(2), startUnixNano: at(5) }),
        span({ traceId: traceId(2), startUnixNano: at(-5 * DAY_MS) }),
        span({ traceId: traceId(4), startUnixNano: at(-2 * DAY_MS) }),
      ];
      await storeSpans(tenant, spans);
      expect(await searchIds(tenant, by)).toEqual([2, 3, 1, 4].map(traceId));
    });

    test('gives every trace once while new spans arrive', async () => {
      const tenant = `paging-${by.service}`;
      const traces = Array.from({ length: 25 }, (_, i) => traceId(0x100 + i));
      // Three spans a trace at different times, several traces at the same time.
      await storeSpans(
        tenant,
        traces.flatMap((id, i) =>
          [0, -30, -4000].map((offset) =>
            span({ traceId: id, startUnixNano: at(offset * MINUTE_MS - Math.floor(i / 3)) }),
          ),
        ),
      );
      const expected = await searchIds(tenant, { ...by, limit: 100 });
      expect(expected).toHaveLength(25);

      const found: TraceId[] = [];
      let after: TraceQuery['after'];
      do {
        const page = await search(tenant, { ...by, limit: 4, after });
        found.push(...page.traces.map((trace) => trace.traceId));
        after = page.next;
        // A new trace, and a new span of one that was shown already.
        await storeSpans(tenant, [
          span({ startUnixNano: at(MINUTE_MS + found.length) }),
          span({ traceId: found[0] ?? traceId(0), startUnixNano: at(MINUTE_MS) }),
        ]);
      } while (after !== undefined);
      expect(found).toEqual(expected);
    });

    test('says that there is more only when there is', async () => {
      const tenant = `limit-${by.service}`;
      await storeSpans(tenant, [span(), span(), span()]);
      expect((await search(tenant, { ...by, limit: 3 })).next).toBeUndefined();
      expect((await search(tenant, { ...by, limit: 2 })).next).toBeDefined();
    });

    test('finds starts in 1970 and in 2500, by their own time', async () => {
      const tenant = `clocks-${by.service}`;
      const year2500 = unixNano(BigInt(Date.UTC(2500, 0, 1)) * MS);
      const early = span({ startUnixNano: unixNano(5n) });
      const late = span({
        startUnixNano: year2500,
        durationNano: durationNano((1n << 64n) - 1n - year2500),
      });
      const usual = span();
      await storeSpans(tenant, [early, late, usual]);
      expect(await searchIds(tenant, by)).toEqual([late.traceId, usual.traceId, early.traceId]);
      const inside = async (start: bigint, end: bigint): Promise<TraceId[]> =>
        searchIds(tenant, {
          ...by,
          startUnixNano: unixNano(start),
          endUnixNano: unixNano(end),
        });
      expect(await inside(0n, 10n)).toEqual([early.traceId]);
      expect(await inside(year2500 - 1n, year2500 + 1n)).toEqual([late.traceId]);
      expect(await inside(at(-MINUTE_MS), at(MINUTE_MS))).toEqual([usual.traceId]);
      const found = await store.readSpans({ tenant, traceId: late.traceId });
      expect(found).toEqual([late]);
    });

    test('does not miss a span that was filed elsewhere than under its day', async () => {
      const tenant = `clamped-${by.service}`;
      // Filed under tomorrow; the search is for the day after.
      const ahead = span({ startUnixNano: at(3 * DAY_MS) });
      await storeSpans(tenant, [ahead, span()]);
      const query = { ...by, startUnixNano: at(2 * DAY_MS), endUnixNano: at(4 * DAY_MS) };
      expect(await searchIds(tenant, query)).toEqual([ahead.traceId]);
    });
  });

  test.each([
    "' OR 1 = 1 --",
    '\\',
    "\\' OR 1=1",
    '\u0000',
    '{x:String}',
    '?',
    '/* */',
    '\n',
    '🦊',
  ])('takes %j for what it is everywhere', async (hostile) => {
    const tenant = `hostile ${hostile}`;
    const match = span({
      name: hostile,
      resource: resource(hostile),
      attributes: [attribute(hostile, hostile)],
    });
    const plain = span();
    await storeSpans(tenant, [match, plain]);
    const conditions: Asked[] = [
      { service: hostile },
      { spanName: hostile },
      { attributes: [{ key: hostile, value: hostile }] },
      { attributes: [{ key: 'service.name', value: hostile }] },
    ];
    for (const condition of conditions) {
      expect(await searchIds(tenant, condition)).toEqual([match.traceId]);
    }
    expect(await store.listServices({ tenant })).toEqual(['shop', hostile].sort());
    expect(await store.listOperations({ tenant, service: hostile })).toEqual([
      { spanName: hostile, spanKind: 'server' },
    ]);
    expect(await store.readSpans({ tenant, traceId: match.traceId })).toEqual([match]);
  });

  test('takes a value of sixty kilobytes', async () => {
    const tenant = 'long values';
    const long = "'".repeat(60_000);
    const match = span({ attributes: [attribute('k', long)] });
    await storeSpans(tenant, [match, span()]);
    expect(await searchIds(tenant, { attributes: [{ key: 'k', value: long }] })).toEqual([
      match.traceId,
    ]);
    expect(await searchIds(tenant, { spanName: long, limit: 10_000 })).toEqual([]);
  });

  test('lists services and operations in order, each once', async () => {
    const tenant = 'lists';
    await storeSpans(tenant, [
      span({ name: 'b', kind: 'server' }),
      span({ name: 'b', kind: 'client' }),
      span({ name: 'a', kind: 'server' }),
      span({ resource: resource('bank') }),
    ]);
    await storeSpans(tenant, [span({ name: 'a', kind: 'server' })]);
    expect(await store.listServices({ tenant })).toEqual(['bank', 'shop']);
    expect(await store.listOperations({ tenant, service: 'shop' })).toEqual([
      { spanName: 'a', spanKind: 'server' },
      { spanName: 'b', spanKind: 'server' },
      { spanName: 'b', spanKind: 'client' },
    ]);
    expect(await store.listServices({ tenant: TENANT })).toEqual([]);
  });

  test('lists attribute keys with their types, and values by what they begin with', async () => {
    const tenant = 'attribute lists';
    const shop = resource('shop', [attribute('k', true)]);
    await storeSpans(tenant, [
      span({ attributes: [attribute('k', 'one'), attribute('n', 7n)], resource: shop }),
      span({ attributes: [attribute('k', 'two'), attribute('n', 0.5)], resource: shop }),
    ]);
    // These go into a set.
    const shared = [attribute('server.address', 'db'), attribute('server.port', 1n)];
    const attributes = [attribute('k', 'one'), ...shared];
    await storeSpans(tenant, [span({ attributes, resource: shop })]);
    expect(await store.listAttributeKeys({ tenant })).toEqual([
      { owner: 'resource', key: 'k', types: ['bool'] },
      { owner: 'span', key: 'k', types: ['string'] },
      { owner: 'span', key: 'n', types: ['double', 'int'] },
      { owner: 'span', key: 'server.address', types: ['string'] },
      { owner: 'span', key: 'server.port', types: ['int'] },
      { owner: 'resource', key: 'service.name', types: ['string'] },
    ]);
    const list = (key: string, prefix = '', owner?: 'span') =>
      store.listAttributeValues({ tenant, key, prefix, owner, limit: 10 });
    expect(await list('k')).toEqual([
      { type: 'string', value: 'one' },
      { type: 'bool', value: 'true' },
      { type: 'string', value: 'two' },
    ]);
    expect(await list('k', 't', 'span')).toEqual([{ type: 'string', value: 'two' }]);
    expect(await list('service.name')).toEqual([{ type: 'string', value: 'shop' }]);
    expect(await list('server.address', 'd')).toEqual([{ type: 'string', value: 'db' }]);
    expect(await list('server.port', '', 'span')).toEqual([{ type: 'int', value: '1' }]);
    expect(await list('nothing')).toEqual([]);
  });

  test('lists a value as soon as it is stored, by whatever was asked before', async () => {
    const tenant = 'new values';
    const list = async (key: string, prefix = '', limit = 3000) => {
      const found = await store.listAttributeValues({ tenant, key, prefix, limit });
      return found.map(({ value }) => value);
    };
    expect(await list('k')).toEqual([]);
    await storeSpans(tenant, [span({ attributes: [attribute('k', 'one')] })]);
    expect(await list('k')).toEqual(['one']);
    await storeSpans(tenant, [
      span({ attributes: [attribute('k', 'two'), attribute('server.address', 'db')] }),
    ]);
    expect(await list('k')).toEqual(['one', 'two']);
    expect(await list('k', '', 1)).toEqual(['one']);
    expect(await list('server.address')).toEqual(['db']);
    await storeSpans(tenant, [span({ attributes: [attribute('server.address', 'dc')] })]);
    expect(await list('server.address')).toEqual(['db', 'dc']);
    expect(await list('server.address', 'dc')).toEqual(['dc']);
  });

  test('lists by their beginnings the values of a key that has more than are remembered', async () => {
    const tenant = 'many values';
    // A key whose values are shared has a thousand of a day.
    const spans = Array.from({ length: 800 }, (_, i) =>
      span({ attributes: [attribute('server.address', `db-${i}`)] }),
    );
    await storeSpans(tenant, spans);
    const list = (prefix: string, limit: number) =>
      store.listAttributeValues({ tenant, key: 'server.address', prefix, limit });
    expect(await list('', 3000)).toHaveLength(800);
    expect(await list('db-79', 20)).toHaveLength(11);
    expect(await list('db-79', 3)).toHaveLength(3);
  });

  test('counts the spans of each key by when they began, whoever keeps the attribute', async () => {
    const tenant = 'key counts';
    const shop = resource('shop', [attribute('pod', 'a')]);
    const mail = resource('mail');
    const first = [
      span({ startUnixNano: at(0), resource: shop, attributes: [attribute('k', 'one')] }),
      span({ startUnixNano: at(1), resource: mail, attributes: [attribute('k', 2n)] }),
      span({ startUnixNano: at(2), resource: shop, attributes: [attribute('server.port', 1n)] }),
    ];
    await storeSpans(tenant, first);
    const later = at(-7_200_000);
    await storeSpans(tenant, [
      span({ startUnixNano: at(3), resource: shop, attributes: [attribute('k', 0.5)] }),
      span({ startUnixNano: later, resource: shop, attributes: [attribute('old', true)] }),
    ]);
    const count = async (startUnixNano: bigint, endUnixNano: bigint) =>
      Object.fromEntries(
        (await store.countAttributeKeys({ tenant, startUnixNano, endUnixNano })).map((each) => [
          `${each.owner}.${each.key}`,
          each.spanCount,
        ]),
      );
    expect(await count(at(-3_600_000), at(60_000))).toEqual({
      'span.k': 3,
      'span.server.port': 1,
      'resource.pod': 3,
      'resource.service.name': 4,
    });
    expect(await count(later, at(-3_600_000))).toEqual({
      'span.old': 1,
      'resource.pod': 1,
      'resource.service.name': 1,
    });
    expect(await count(at(3_600_000), at(7_200_000))).toEqual({});
  });

  test('stops when its caller has gone', async () => {
    const tenant = 'abort';
    await storeSpans(tenant, [span()]);
    const gone = AbortSignal.abort(new Error('gone'));
    await expect(search(tenant, { signal: gone })).rejects.toThrow('gone');
    const going = new AbortController();
    const searching = search(tenant, { signal: going.signal });
    going.abort(new Error('going'));
    await expect(searching).rejects.toThrow('going');
    expect(await searchIds(tenant)).toHaveLength(1);
  });
});
