import { unixNano } from '@clew/model';
import { parseDuration, printQuery } from '@clew/traceql';
import type { Series, Value } from '@clew/traceql';
import { describe, expect, test } from 'vitest';
import { exampleSpan } from '../../query/testing/canned-trace-reader.ts';
import { NOW_MS, createTestApp } from '../testing/test-app.ts';
import type { TestApp } from '../testing/test-app.ts';
import { readJson } from './testing/tempo-proto.ts';

const NOW = BigInt(NOW_MS) * 1_000_000n;
const SECOND = 1_000_000_000n;
const DONE = { completedJobs: 1, totalJobs: 1 };

const text = (value: string): Value => ({ type: 'string', value });

function series(labels: Readonly<Record<string, Value | undefined>>, ...values: number[]): Series {
  return {
    labels: Object.entries(labels).map(([name, value]) => ({ name, value })),
    values: Float64Array.from(values),
  };
}

async function get(
  { app }: TestApp,
  endpoint: 'query' | 'query_range',
  parameters: Record<string, string>,
): Promise<unknown> {
  const response = await app.request(
    `/tempo/api/metrics/${endpoint}?${new URLSearchParams(parameters)}`,
  );
  expect(response.status).toBe(200);
  const type = endpoint === 'query' ? 'QueryInstantResponse' : 'QueryRangeResponse';
  return readJson(type, await response.json());
}

async function rangeOf(parameters: Record<string, string>) {
  const given = createTestApp();
  await get(given, 'query_range', { q: '{ } | rate()', ...parameters });
  const [asked] = given.reader.metricsQueries;
  if (asked === undefined) throw new Error('nothing was asked');
  return asked.range;
}

describe('series', () => {
  test('have labels, and samples at the end of each interval', async () => {
    const given = createTestApp();
    given.reader.series = [series({ 'resource.service.name': text('cart') }, 0, Number.NaN, 1.5)];
    const q = '{ } | rate() by(resource.service.name) with(exemplars=false)';
    expect(await get(given, 'query_range', { q, start: '60', end: '90', step: '10s' })).toEqual({
      series: [
        {
          labels: [{ key: 'resource.service.name', value: { stringValue: 'cart' } }],
          samples: [
            { timestampMs: '70000', value: 0 },
            { timestampMs: '90000', value: 1.5 },
          ],
        },
      ],
      metrics: DONE,
    });
  });

  test.each<[string, Series, unknown]>([
    ['{ } | rate()', series({}, 1), [{ key: '__name__', value: { stringValue: 'rate' } }]],
    [
      '{ } | quantile_over_time(duration, 0.5)',
      series({ p: { type: 'float', value: 0.5 } }, 1),
      [{ key: 'p', value: { doubleValue: 0.5 } }],
    ],
    [
      '{ } | rate() by(.a, .b)',
      series({ '.a': undefined, '.b': { type: 'int', value: 7n } }, 1),
      [{ key: '.b', value: { intValue: '7' } }],
    ],
    [
      '{ } | rate() by(.a, .b)',
      series({ '.a': undefined, '.b': undefined }, 1),
      [{ key: '.a', value: { stringValue: 'nil' } }],
    ],
    [
      '{ } | rate() by(status)',
      series({ status: { type: 'status', value: 'error' } }, 1),
      [{ key: 'status', value: { stringValue: 'error' } }],
    ],
    [
      '{ } | compare({ status = error })',
      series({ __meta_type: text('baseline_total'), name: undefined }, 1),
      [
        { key: '__meta_type', value: { stringValue: 'baseline_total' } },
        { key: 'name', value: { stringValue: 'nil' } },
      ],
    ],
  ])('of %s go by labels as in Tempo', async (q, one, labels) => {
    const given = createTestApp();
    given.reader.series = [one];
    expect(await get(given, 'query', { q })).toEqual({
      series: [{ labels, value: 1 }],
      metrics: DONE,
    });
  });

  test('may be fewer than there are, which is said', async () => {
    const given = createTestApp();
    given.reader.series = [series({ a: text('1') }, 1), series({ a: text('2') }, 1)];
    const answer = await get(given, 'query_range', { q: '{ } | rate() by(.a)', maxSeries: '1' });
    expect(answer).toMatchObject({
      series: { length: 1 },
      status: 'PARTIAL',
      message: 'Response exceeds maximum series limit of 1, a partial response is returned',
    });
  });

  test('have exemplars: spans that count in them', async () => {
    const given = createTestApp();
    const startUnixNano = unixNano(65n * SECOND);
    given.reader.spans.push(exampleSpan({ startUnixNano }));
    const p = (value: number): Value => ({ type: 'float', value });
    given.reader.series = [
      series({ name: text('create-order'), p: p(0.5) }, 0.001),
      series({ name: text('create-order'), p: p(0.9) }, 0.002),
      series({ name: text('other'), p: p(0.5) }, 0.002),
    ];
    const q = '{ kind = server } | quantile_over_time(duration, 0.5, 0.9) by(name)';
    const asked = { q, start: '60', end: '70', step: '10' };
    const exemplar = {
      labels: [
        { key: 'name', value: { stringValue: 'create-order' } },
        { key: 'trace:id', value: { stringValue: exampleSpan().traceId.replace(/^0+/, '') } },
      ],
      value: 0.001500999,
      timestampMs: '65000',
    };
    const answer = await get(given, 'query_range', asked);
    expect(answer).toMatchObject({ series: [{}, { exemplars: [exemplar] }, {}] });
    expect(given.reader.spanSearches).toMatchObject([{ limit: 100 }]);
    const [search] = given.reader.spanSearches;
    expect(search && printQuery(search.search)).toBe('{ kind = server }');
  });

  test.each([
    [{}, 100],
    [{ exemplars: '5' }, 5],
    [{ exemplars: '500' }, 100],
    [{ q: '{ } | rate() with(exemplars=7)', exemplars: '5' }, 7],
    [{ q: '{ } | rate() with(exemplars=true)' }, 100],
  ])('with %j have as many exemplars', async (parameters, count) => {
    const given = createTestApp();
    given.reader.series = [series({}, 1)];
    const asked = { q: '{ } | rate()', start: '60', end: '70', step: '10', ...parameters };
    await get(given, 'query_range', asked);
    expect(given.reader.spanSearches).toMatchObject([{ limit: count }]);
  });

  test.each([
    '{ } | rate() with(exemplars=false)',
    '{ } | rate() by(rootName)',
    '({ } | rate()) * 2',
  ])('of %s have none', async (q) => {
    const given = createTestApp();
    given.reader.series = [series({}, 1)];
    await get(given, 'query_range', { q });
    expect(given.reader.spanSearches).toEqual([]);
  });
});

describe('the time of series', () => {
  test('is the last hour when nothing is said', async () => {
    const { startUnixNano, stepNano, binCount } = await rangeOf({});
    const start = NOW - 3600n * SECOND;
    expect(stepNano).toBe(15n * SECOND);
    expect(startUnixNano).toBe(start - (start % stepNano) + 1n);
    expect(binCount).toBe(240);
  });

  test('may be given as a duration before the end', async () => {
    const { startUnixNano, binCount } = await rangeOf({ since: '30m', end: '7200', step: '10m' });
    expect({ startUnixNano, binCount }).toEqual({
      startUnixNano: 5400n * SECOND + 1n,
      binCount: 3,
    });
  });

  test.each([
    ['1795000000', 1_795_000_000_000_000_000n],
    ['1795000000.5', 1_795_000_000_500_000_000n],
    ['1795000000500000000', 1_795_000_000_500_000_000n],
    ['2026-11-18T08:26:40Z', 1_794_990_400_000_000_000n],
  ])('may be written as %s', async (start, nano) => {
    const range = await rangeOf({ start, end: String(nano + SECOND), step: '50ms' });
    expect(range.startUnixNano).toBe(nano + 1n);
  });

  test.each([
    [5n, '50ms'],
    [30n, '100ms'],
    [600n, '2s'],
    [1800n, '5s'],
    [3600n, '15s'],
    [6n * 3600n, '1m'],
    [86_400n, '5m'],
    [7n * 86_400n, '40m'],
    [30n * 86_400n, '3h'],
  ])('of %d seconds has intervals as Tempo would choose them', async (seconds, step) => {
    const end = 1_795_000_000n;
    const { stepNano } = await rangeOf({ start: String(end - seconds), end: String(end) });
    expect(stepNano).toBe(parseDuration(step));
  });

  test('covers whole intervals', async () => {
    expect(await rangeOf({ start: '61', end: '119', step: '60' })).toEqual({
      startUnixNano: 60n * SECOND + 1n,
      stepNano: 60n * SECOND,
      binCount: 1,
    });
  });

  test('is one interval of an instant query', async () => {
    const given = createTestApp();
    await get(given, 'query', { query: '{ } | rate()', start: '61', end: '119' });
    expect(given.reader.metricsQueries[0]?.range).toEqual({
      startUnixNano: 61n * SECOND + 1n,
      stepNano: 58n * SECOND,
      binCount: 1,
    });
  });
});

test.each([
  [{ q: '{ }' }, /^invalid TraceQL query: expected metrics/],
  [{}, /^invalid TraceQL query/],
  [{ q: '{ } | rate()', start: 'noon' }, /^could not parse 'start' parameter: "noon"/],
  [{ q: '{ } | rate()', start: '20', end: '10' }, /^end must be greater than start/],
  [{ q: '{ } | rate()', step: 'x' }, /^cannot parse "x" to a valid duration/],
  [{ q: '{ } | rate()', step: '0' }, /^cannot parse "0" to a valid duration/],
  [{ q: '{ } | rate()', since: '1d', step: '1s' }, /expected at most 11000 intervals/],
  [{ q: '{ } | rate()', since: 'x' }, /^invalid since/],
] as const)('%j is refused', async (parameters, message) => {
  const path = `/tempo/api/metrics/query_range?${new URLSearchParams(parameters)}`;
  const response = await createTestApp().app.request(path);
  expect(response.status).toBe(400);
  expect(await response.text()).toMatch(message);
});
