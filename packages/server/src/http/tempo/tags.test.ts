import { InvalidQueryError, unixNano } from '@clew/model';
import type { Attribute } from '@clew/model';
import { printQuery } from '@clew/traceql';
import { describe, expect, test } from 'vitest';
import {
  RESOURCE,
  exampleFoundTrace,
  exampleSpan,
} from '../../query/testing/canned-trace-reader.ts';
import { NOW_MS, createTestApp } from '../testing/test-app.ts';
import type { TestApp } from '../testing/test-app.ts';
import { readJson } from './testing/tempo-proto.ts';

const METRICS = { completedJobs: 1, totalJobs: 1 };

async function get({ app }: TestApp, path: string, type: string): Promise<unknown> {
  const response = await app.request(`/tempo${path}`);
  expect(response.status).toBe(200);
  return readJson(type, await response.json());
}

async function refusal(path: string): Promise<string> {
  const response = await createTestApp().app.request(`/tempo${path}`);
  expect(response.status).toBe(400);
  return response.text();
}

const attribute = (key: string, value: string): Attribute => ({
  key,
  value: { type: 'string', value },
});

function appWithKeys(): TestApp {
  const given = createTestApp();
  given.reader.attributeKeys = [
    { owner: 'span', key: 'http.route', types: ['string'] },
    { owner: 'resource', key: 'host.name', types: ['string'] },
    { owner: 'span', key: 'cart.size', types: ['int'] },
  ];
  given.reader.spans.push(
    exampleSpan({
      attributes: [attribute('of.sample', 'x')],
      events: [
        {
          name: 'e',
          timeUnixNano: unixNano(1n),
          attributes: [attribute('reason', 'x')],
          droppedAttributesCount: 0,
        },
      ],
      scope: { ...exampleSpan().scope, attributes: [attribute('library', 'x')] },
    }),
  );
  return given;
}

const INTRINSIC = {
  name: 'intrinsic',
  tags: expect.arrayContaining(['duration', 'kind', 'status']),
};

describe('tags', () => {
  test('come by scope, with what is no attribute as one of them', async () => {
    expect(await get(appWithKeys(), '/api/v2/search/tags', 'SearchTagsV2Response')).toEqual({
      scopes: [
        { name: 'resource', tags: ['host.name', 'service.name'] },
        { name: 'span', tags: ['cart.size', 'http.route'] },
        { name: 'event', tags: ['reason'] },
        { name: 'instrumentation', tags: ['library'] },
        INTRINSIC,
      ],
      metrics: METRICS,
    });
  });

  test.each([
    ['resource', ['host.name', 'service.name']],
    ['span', ['cart.size', 'http.route']],
    ['event', ['reason']],
    ['instrumentation', ['library']],
  ])('may be those of one scope: %s', async (scope, tags) => {
    const path = `/api/v2/search/tags?scope=${scope}`;
    expect(await get(appWithKeys(), path, 'SearchTagsV2Response')).toEqual({
      scopes: [{ name: scope, tags }],
      metrics: METRICS,
    });
  });

  test('may be limited in each scope', async () => {
    const path = '/api/v2/search/tags?limit=1';
    expect(await get(appWithKeys(), path, 'SearchTagsV2Response')).toMatchObject({
      scopes: [{ tags: ['host.name'] }, { tags: ['cart.size'] }, {}, {}, { tags: ['duration'] }],
    });
  });

  test('of spans that are narrowed down are those of a sample of them', async () => {
    const given = appWithKeys();
    const q = encodeURIComponent('{ resource.service.name = "a" && name = }');
    const path = `/api/v2/search/tags?scope=span&start=10&end=20&q=${q}`;
    expect(await get(given, path, 'SearchTagsV2Response')).toMatchObject({
      scopes: [{ name: 'span', tags: ['of.sample'] }],
    });
    const [asked] = given.reader.spanSearches;
    expect(asked && printQuery(asked.search)).toBe('{ resource.service.name = "a" }');
    expect(asked).toMatchObject({ startUnixNano: 10_000_000_000n, endUnixNano: 20_000_000_000n });
  });

  test('of the first version are names, each once', async () => {
    expect(await get(appWithKeys(), '/api/search/tags', 'SearchTagsResponse')).toEqual({
      tagNames: ['cart.size', 'host.name', 'http.route', 'library', 'reason', 'service.name'],
      metrics: METRICS,
    });
    const intrinsic = await get(
      appWithKeys(),
      '/api/search/tags?scope=intrinsic',
      'SearchTagsResponse',
    );
    expect(intrinsic).toMatchObject({ tagNames: INTRINSIC.tags });
  });

  test('of an unknown scope are refused', async () => {
    expect(await refusal('/api/v2/search/tags?scope=shop')).toBe('invalid scope: shop\n');
  });
});

const V2 = 'SearchTagValuesV2Response';

function valuesPath(tag: string, parameters: Record<string, string> = {}): string {
  return `/api/v2/search/tag/${encodeURIComponent(tag)}/values?${new URLSearchParams(parameters)}`;
}

describe('values of a tag', () => {
  test('are what the store knows, with their types', async () => {
    const given = createTestApp();
    given.reader.attributeValues = [
      { type: 'string', value: 'a' },
      { type: 'int', value: '5' },
      { type: 'bool', value: 'true' },
      { type: 'complex', value: '[1]' },
    ];
    expect(await get(given, valuesPath('span.x', { limit: '7' }), V2)).toEqual({
      tagValues: [
        { type: 'string', value: 'a' },
        { type: 'int', value: '5' },
        { type: 'bool', value: 'true' },
      ],
      metrics: METRICS,
    });
    expect(given.reader.valueRequests).toMatchObject([{ key: 'x', owner: 'span', limit: 7 }]);
  });

  test.each([
    ['.x', undefined],
    ['resource.x', 'resource'],
    ['span."a b"', 'span'],
  ])('%s may be asked for', async (tag, owner) => {
    const given = createTestApp();
    await get(given, valuesPath(tag), V2);
    expect(given.reader.valueRequests).toMatchObject([{ owner, limit: 5000 }]);
  });

  test('are the services where the tag is that', async () => {
    const given = createTestApp();
    given.reader.services = ['cart', 'shop'];
    expect(await get(given, valuesPath('resource.service.name'), V2)).toMatchObject({
      tagValues: [
        { type: 'string', value: 'cart' },
        { type: 'string', value: 'shop' },
      ],
    });
  });

  test.each([
    ['status', ['error', 'ok', 'unset']],
    ['span:kind', ['client', 'consumer', 'internal', 'producer', 'server', 'unspecified']],
  ])('of %s are keywords', async (tag, values) => {
    expect(await get(createTestApp(), valuesPath(tag), V2)).toMatchObject({
      tagValues: values.map((value) => ({ type: 'keyword', value })),
    });
  });

  test.each(['duration', 'nestedSetLeft', 'trace:id'])('of %s are not listed', async (tag) => {
    expect(await get(createTestApp(), valuesPath(tag), V2)).toEqual({ metrics: METRICS });
  });

  test('of spans that are narrowed down are counted, the most frequent first', async () => {
    const given = createTestApp();
    const series = (value: string, count: number) => ({
      labels: [{ name: 'name', value: { type: 'string', value } as const }],
      values: Float64Array.of(count),
    });
    given.reader.series = [series('a', 1), series('b', 3)];
    const q = '{ resource.service.name = "cart" && span.y = }';
    expect(await get(given, valuesPath('name', { q, limit: '1' }), V2)).toMatchObject({
      tagValues: [{ type: 'string', value: 'b' }],
    });
    const [asked] = given.reader.metricsQueries;
    expect(asked && printQuery(asked.metrics)).toBe(
      '{ resource.service.name = "cart" } | count_over_time() by(name)',
    );
    expect(asked?.range).toEqual({
      startUnixNano: 0n,
      stepNano: BigInt(NOW_MS) * 1_000_000n + 1n,
      binCount: 1,
    });
  });

  test.each([
    ['with fractions', ['double', 'int'], [{ type: 'int', value: '5' }]],
    ['with lists', ['complex', 'int'], [{ type: 'int', value: '5' }]],
    ['with nothing but long texts', ['string'], []],
  ] as const)(
    'of a key %s, which the store does not list, are counted',
    async (_, types, known) => {
      const given = createTestApp();
      given.reader.attributeKeys = [{ owner: 'span', key: 'x', types }];
      given.reader.attributeValues = known;
      given.reader.series = [
        {
          labels: [{ name: 'span.x', value: { type: 'float', value: 0.5 } }],
          values: Float64Array.of(1),
        },
      ];
      expect(await get(given, valuesPath('span.x'), V2)).toMatchObject({
        tagValues: [{ type: 'float', value: '0.5' }],
      });
      // Those of another owner are none of its.
      expect(await get(given, valuesPath('resource.x'), V2)).toMatchObject(
        known.length === 0 ? {} : { tagValues: known },
      );
    },
  );

  test('of root spans are those of the newest traces', async () => {
    const given = createTestApp();
    const traces = ['b', 'a', 'b'].map((rootSpanName) => exampleFoundTrace({ rootSpanName }));
    given.reader.page = { traces, scanned: { traceCount: 3, spanCount: 0 } };
    expect(await get(given, valuesPath('rootName'), V2)).toMatchObject({
      tagValues: [{ value: 'b' }, { value: 'a' }],
    });
    expect(await get(given, valuesPath('trace:rootService'), V2)).toMatchObject({
      tagValues: [{ value: 'order-service' }],
    });
  });

  test('of the first version are texts, and go by bare names', async () => {
    const given = createTestApp();
    given.reader.services = ['cart'];
    const path = '/api/search/tag/service.name/values';
    expect(await get(given, path, 'SearchTagValuesResponse')).toEqual({
      tagValues: ['cart'],
      metrics: METRICS,
    });
    const status = await get(given, '/api/search/tag/status/values', 'SearchTagValuesResponse');
    expect(status).toMatchObject({ tagValues: ['error', 'ok', 'unset'] });
    await get(given, '/api/search/tag/a.b/values', 'SearchTagValuesResponse');
    expect(given.reader.valueRequests).toMatchObject([{ key: 'a.b', owner: undefined }]);
  });

  test.each(['service.name', '.x = 1', 'span.'])('of %s are refused', async (tag) => {
    expect(await refusal(valuesPath(tag))).toBe(
      `tag name is not valid intrinsic or scoped attribute: ${tag}\n`,
    );
  });
});

test('of many values those of a sample are told', async () => {
  const given = createTestApp();
  given.reader.spans.push(exampleSpan({ attributes: [attribute('x', 'b')], resource: RESOURCE }));
  given.reader.readMetrics = () =>
    Promise.reject(new InvalidQueryError('too many series', { parameter: 'q' }));
  const q = '{ resource.service.name = "cart" }';
  expect(await get(given, valuesPath('span.x', { q }), V2)).toMatchObject({
    tagValues: [{ type: 'string', value: 'b' }],
  });
});
