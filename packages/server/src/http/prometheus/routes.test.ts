import { StorageError } from '@clew/model';
import { describe, expect, test } from 'vitest';
import { NOW_MS, createTestApp } from '../testing/test-app.ts';
import type { TestApp } from '../testing/test-app.ts';
import { formatValue } from './response.ts';
import { serveCounts } from './testing/counted-spans.ts';
import { promqlAnswer, promqlError, promqlNames, promqlSeries } from './testing/schema.ts';

const MINUTE = Math.floor(NOW_MS / 60_000);

function createFilledApp(): TestApp {
  const created = createTestApp();
  serveCounts(created.reader, {
    spans: [
      {
        minute: MINUTE - 10,
        service: 'shop',
        spanName: 'get',
        spanKind: 'server',
        status: 'unset',
        spanCount: 6,
        seconds: 0.2,
      },
    ],
    calls: [
      {
        minute: MINUTE - 10,
        client: 'shop',
        server: 'users',
        connection: '',
        callCount: 6,
        errorCount: 1,
        clientSeconds: 0.1,
        serverSeconds: 0.1,
      },
    ],
  });
  return created;
}

const get = async (app: TestApp['app'], path: string): Promise<unknown> => {
  const response = await app.request(`/prometheus/api/v1/${path}`);
  expect(response.headers.get('content-type')).toBe('application/json');
  return response.json();
};

describe('a query of a moment', () => {
  test.each([
    ['1%2B1', { resultType: 'scalar', result: [NOW_MS / 1000, '2'] }],
    ['"x"', { resultType: 'string', result: [NOW_MS / 1000, 'x'] }],
    [
      'vector(0.0000001)',
      { resultType: 'vector', result: [{ metric: {}, value: [NOW_MS / 1000, '0.0000001'] }] },
    ],
  ])('%s is of now', async (query, data) => {
    const { app } = createTestApp();
    expect(promqlAnswer.parse(await get(app, `query?query=${query}`)).data).toEqual(data);
  });

  test('counts what was counted since a day ago', async () => {
    const { app, reader } = createFilledApp();
    const { data } = promqlAnswer.parse(
      await get(app, 'query?query=traces_spanmetrics_calls_total'),
    );
    expect(data.result).toEqual([
      {
        metric: {
          __name__: 'traces_spanmetrics_calls_total',
          service: 'shop',
          span_name: 'get',
          span_kind: 'SPAN_KIND_SERVER',
          status_code: 'STATUS_CODE_UNSET',
        },
        value: [NOW_MS / 1000, '6'],
      },
    ]);
    const [{ startUnixNano, endUnixNano } = { startUnixNano: 0n, endUnixNano: 0n }] =
      reader.rateRequests;
    expect(endUnixNano - startUnixNano).toBe(86_400_000_000_000n);
  });

  test('may be a form, which counts before the address', async () => {
    const { app } = createTestApp();
    const path = '/prometheus/api/v1/query?query=1&time=7';
    const body = new URLSearchParams({ query: '2' });
    const response = await app.request(path, { method: 'POST', body });
    expect(promqlAnswer.parse(await response.json()).data.result).toEqual([7, '2']);
  });

  test('may be of a time that is written out', async () => {
    const { app } = createTestApp();
    const answer = promqlAnswer.parse(await get(app, 'query?query=1&time=2026-11-22T08:30:00.5Z'));
    expect(answer.data.result).toEqual([1_795_336_200.5, '1']);
  });

  test('of a metric that there is not is empty, and says which there are', async () => {
    const { app } = createTestApp();
    const answer = promqlAnswer.parse(await get(app, 'query?query=up'));
    expect(answer.data.result).toEqual([]);
    expect(answer.warnings?.[0]).toContain('traces_spanmetrics_calls');
  });
});

describe('a query over time', () => {
  test('has a value for each step from where a series is seen', async () => {
    const { app } = createFilledApp();
    const start = (MINUTE - 12) * 60;
    const query = 'sum(rate(traces_spanmetrics_calls_total[1m]))';
    const path = `query_range?query=${query}&start=${start}&end=${start + 300}&step=1m`;
    const { data } = promqlAnswer.parse(await get(app, path));
    expect(data).toEqual({
      resultType: 'matrix',
      result: [
        {
          metric: {},
          values: [
            [start + 180, '0.1'],
            [start + 240, '0'],
            [start + 300, '0'],
          ],
        },
      ],
    });
  });

  test.each([
    ['max_over_time(sum(rate(traces_spanmetrics_calls_total[1m]))[5m:1m])', ['0.1', '0.1', '0.1']],
    ['sum(increase(traces_spanmetrics_calls_total[5m] @ end()))', Array(6).fill('6')],
    ['sum(count_over_time(traces_spanmetrics_calls_total[2m]))', ['1', '2', '2']],
  ])('%s looks at other moments than each step', async (query, expected) => {
    const { app } = createFilledApp();
    const start = (MINUTE - 12) * 60;
    const asked = encodeURIComponent(query);
    const path = `query_range?query=${asked}&start=${start}&end=${start + 300}&step=1m`;
    const { data } = promqlAnswer.parse(await get(app, path));
    const [series] = data.result as readonly { values: readonly (readonly [number, string])[] }[];
    expect(series?.values.map(([, value]) => value)).toEqual(expected);
  });

  test('of steps below a minute repeats what is known by the minute', async () => {
    const { app } = createFilledApp();
    const start = (MINUTE - 9) * 60;
    const query = 'increase(traces_service_graph_request_total[1m])';
    const path = `query_range?query=${query}&start=${start}&end=${start + 60}&step=30`;
    const { data } = promqlAnswer.parse(await get(app, path));
    expect(data.result).toEqual([
      {
        metric: { client: 'shop', server: 'users' },
        values: [
          [start, '6'],
          [start + 30, '6'],
          [start + 60, '0'],
        ],
      },
    ]);
  });

  test('is of one counter, whatever the offset', async () => {
    const { app } = createFilledApp();
    // What was counted is a day and two minutes ago, and some time before the start of both sides or of neither.
    const start = (MINUTE - 10 + 1442) * 60;
    const counter = 'traces_spanmetrics_calls_total';
    const query = `sum(${counter}) - sum(${counter} offset 3m)`;
    const path = `query_range?query=${query}&start=${start}&end=${start + 60}&step=60`;
    const { data } = promqlAnswer.parse(await get(app, path));
    expect(data.result).toEqual([
      {
        metric: {},
        values: [
          [start, '0'],
          [start + 60, '0'],
        ],
      },
    ]);
  });

  test('may have 11,000 steps', async () => {
    const { app } = createTestApp();
    const path = 'query_range?query=1&start=0&end=11000&step=1';
    const { data } = promqlAnswer.parse(await get(app, path));
    expect(data.result).toMatchObject([{ values: { length: 11_001 } }]);
  });

  test('of a number is a line', async () => {
    const { app } = createTestApp();
    const { data } = promqlAnswer.parse(await get(app, 'query_range?query=2&start=0&end=2&step=1'));
    expect(data.result).toEqual([
      {
        metric: {},
        values: [
          [0, '2'],
          [1, '2'],
          [2, '2'],
        ],
      },
    ]);
  });
});

describe('what there is', () => {
  test('metrics, by a name or all', async () => {
    const { app } = createFilledApp();
    const all = promqlNames.parse(await get(app, 'label/__name__/values'));
    expect(all.data).toContain('traces_service_graph_request_server_seconds_bucket');
    const match = 'match[]={__name__=~"traces_service_graph_request_.*total"}';
    expect(promqlNames.parse(await get(app, `label/__name__/values?${match}`)).data).toEqual([
      'traces_service_graph_request_failed_total',
      'traces_service_graph_request_total',
    ]);
  });

  test('labels of a metric', async () => {
    const { app } = createFilledApp();
    const path = 'labels?match[]=traces_service_graph_request_server_seconds_bucket';
    expect(promqlNames.parse(await get(app, path)).data).toEqual([
      '__name__',
      'client',
      'connection_type',
      'le',
      'server',
    ]);
    expect(promqlNames.parse(await get(app, 'labels?match[]=up')).data).toEqual([]);
    const first = promqlNames.parse(await get(app, 'labels?limit=1'));
    expect(first).toMatchObject({
      data: ['__name__'],
      warnings: ['results truncated due to limit'],
    });
  });

  test('values of a label', async () => {
    const { app } = createFilledApp();
    const values = async (path: string): Promise<readonly string[]> =>
      promqlNames.parse(await get(app, `label/${path}`)).data;
    expect(await values('server/values')).toEqual(['users']);
    expect(await values('service/values?match[]={span_kind="SPAN_KIND_SERVER"}')).toEqual(['shop']);
    expect(await values('service/values?match[]={span_kind="SPAN_KIND_CLIENT"}')).toEqual([]);
    expect(await values('status_code/values')).toEqual(['STATUS_CODE_UNSET']);
    expect(await values('le/values')).toEqual(expect.arrayContaining(['0.1', '+Inf']));
    expect(await values('nothing/values')).toEqual([]);
  });

  test('series', async () => {
    const { app } = createFilledApp();
    const path = 'series?match[]=traces_service_graph_request_total{client="shop"}&match[]=up';
    expect(promqlSeries.parse(await get(app, path)).data).toEqual([
      { __name__: 'traces_service_graph_request_total', client: 'shop', server: 'users' },
    ]);
  });

  test('what metrics are, and what Grafana asks beside', async () => {
    const { app } = createTestApp();
    expect(await get(app, 'metadata?metric=traces_spanmetrics_latency')).toEqual({
      status: 'success',
      data: {
        traces_spanmetrics_latency: [
          { type: 'histogram', help: 'How long spans took, in seconds.', unit: '' },
        ],
      },
    });
    expect(await get(app, 'status/buildinfo')).toMatchObject({ data: { revision: '1.2.3' } });
    expect(await get(app, 'rules')).toEqual({ status: 'success', data: { groups: [] } });
    expect(await get(app, 'query_exemplars?query=x')).toEqual({ status: 'success', data: [] });
  });
});

describe('what cannot be answered', () => {
  test.each([
    [
      'query?query=rate(x',
      400,
      'bad_data',
      'invalid parameter "query": 1:7: parse error: unexpected end of input',
    ],
    ['query?query=1&time=soon', 400, 'bad_data', 'invalid parameter "time": cannot parse "soon"'],
    [
      'query?query=deriv(x)',
      400,
      'bad_data',
      'function "deriv" is not supported here; functions: rate',
    ],
    [
      'query?query={a=~"("}',
      400,
      'bad_data',
      'invalid parameter "query": error parsing regexp: missing closing',
    ],
    [
      'query_range?query="x"&start=0&end=1&step=1',
      400,
      'bad_data',
      'invalid expression type "string"',
    ],
    [
      'query_range?query=1&start=2&end=1&step=1',
      400,
      'bad_data',
      'end timestamp must not be before start',
    ],
    [
      'query_range?query=1&start=0&end=1&step=0',
      400,
      'bad_data',
      'zero or negative query resolution step',
    ],
    [
      'query_range?query=1&start=0&end=11001&step=1',
      400,
      'bad_data',
      /^exceeded maximum resolution of 11,000 points/,
    ],
    ['query_range?query=1&start=0&step=1', 400, 'bad_data', 'invalid parameter "end"'],
    ['series', 400, 'bad_data', /^no match\[\] parameter provided$/],
    ['labels?match[]={', 400, 'bad_data', 'invalid parameter "match[]": 1:2: parse error'],
    [
      'query?query=increase({__name__=~"traces_spanmetrics_latency_(sum|count)"}[1d])',
      422,
      'execution',
      'vector cannot contain metrics with the same labelset',
    ],
    [
      'query_range?start=1795336140&end=1795336200&step=60&query=increase({__name__=~"traces_spanmetrics_latency_(sum|count)"}[1d])',
      422,
      'execution',
      'vector cannot contain metrics with the same labelset',
    ],
    [
      'query?query=vector(1) %2B on() (vector(1) or traces_spanmetrics_calls_total)',
      422,
      'execution',
      'many-to-many matching not allowed',
    ],
  ])('%s', async (path, status, errorType, message) => {
    const { app } = createFilledApp();
    const response = await app.request(`/prometheus/api/v1/${path}`);
    expect(response.status).toBe(status);
    const error = promqlError.parse(await response.json());
    expect(error.errorType).toBe(errorType);
    expect(error.error).toMatch(message);
  });

  test.each([
    ['deadline_exceeded', 503, 'timeout'],
    ['unavailable', 503, 'unavailable'],
    ['internal', 500, 'internal'],
  ] as const)('a failure of the store, %s, is %d', async (code, status, errorType) => {
    const { app, reader } = createTestApp();
    reader.failure = new StorageError('no answer', { code });
    const path = '/prometheus/api/v1/query?query=traces_spanmetrics_calls_total';
    const response = await app.request(path);
    expect(response.status).toBe(status);
    expect(promqlError.parse(await response.json()).errorType).toBe(errorType);
  });

  test('more numbers than fit', async () => {
    const { app, reader } = createTestApp();
    serveCounts(reader, {
      spans: Array.from({ length: 1000 }, (_, i) => ({
        minute: MINUTE - 10,
        service: 'shop',
        spanName: `get ${i}`,
        spanKind: 'server' as const,
        status: 'unset' as const,
        spanCount: 1,
        seconds: 0.001 * (i + 1),
      })),
    });
    const end = MINUTE * 60;
    const query = 'rate(traces_spanmetrics_latency_bucket[5m])';
    const path = `query_range?query=${query}&start=${end - 36_000}&end=${end}&step=60`;
    const response = await app.request(`/prometheus/api/v1/${path}`);
    expect(response.status).toBe(422);
    expect(promqlError.parse(await response.json()).error).toContain('too many samples');
  });

  test('a form that is too long', async () => {
    const { app } = createTestApp();
    const response = await app.request('/prometheus/api/v1/query', {
      method: 'POST',
      body: new URLSearchParams({ query: 'x'.repeat(300_000) }),
    });
    expect(promqlError.parse(await response.json()).error).toContain('the form exceeds');
  });

  test('a path that there is not', async () => {
    const { app } = createTestApp();
    const response = await app.request('/prometheus/api/v1/targets');
    expect(response.status).toBe(404);
  });
});

test.each([
  [1, '1'],
  [0.1, '0.1'],
  [1e-7, '0.0000001'],
  [-1.5e-9, '-0.0000000015'],
  [1.25e22, '12500000000000000000000'],
  [123_456_789.125, '123456789.125'],
  [-0, '0'],
  [Infinity, '+Inf'],
  [-Infinity, '-Inf'],
  [NaN, 'NaN'],
])('%d is written %s', (value, text) => {
  expect(formatValue(value)).toBe(text);
});
