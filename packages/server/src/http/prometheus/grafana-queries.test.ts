/**
 * The queries that Grafana's Tempo data source sends to its linked Prometheus, as its sources have them (datasource.ts and
 * graphTransform.ts of public/app/plugins/datasource/tempo, 2022 to 2026, with the time filled in), and those of Jaeger's monitor.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { createTestApp } from '../testing/test-app.ts';
import type { TestApp } from '../testing/test-app.ts';
import { serveCounts } from './testing/counted-spans.ts';
import type { CountedSpans } from './testing/counted-spans.ts';
import { promqlAnswer } from './testing/schema.ts';

/** Minutes since 1970; it is half past the last of them. */
const FIRST = 29_916_600;
const NOW = (FIRST + 15) * 60 + 30;

let app: TestApp['app'];
let reader: TestApp['reader'];

const checkout: CountedSpans = {
  minute: FIRST + 3,
  service: 'shop',
  spanName: 'GET /checkout (v2)',
  spanKind: 'server',
  status: 'unset',
  spanCount: 30,
  seconds: 0.2,
};

beforeEach(() => {
  ({ app, reader } = createTestApp());
  serveCounts(reader, {
    spans: [
      checkout,
      { ...checkout, minute: FIRST + 10, status: 'error', spanCount: 15, seconds: 0.4 },
      { ...checkout, spanName: 'GET /cart', spanCount: 9, seconds: 0.05 },
      { ...checkout, spanName: 'charge', spanKind: 'client', spanCount: 45 },
      // Sampled: each stands for three.
      { ...checkout, service: 'users', spanName: 'find', spanCount: 6, weight: 3, seconds: 0.01 },
      // Before the quarter of an hour that is asked about, and not over yet.
      { ...checkout, minute: FIRST - 1, spanCount: 1000 },
      { ...checkout, minute: FIRST + 15, spanCount: 1000 },
    ],
    calls: [
      {
        minute: FIRST + 3,
        client: 'shop',
        server: 'users',
        connection: '',
        callCount: 90,
        errorCount: 9,
        clientSeconds: 0.2,
        serverSeconds: 0.1,
      },
      {
        minute: FIRST + 4,
        client: 'users',
        server: 'db',
        connection: 'database',
        callCount: 45,
        errorCount: 0,
        clientSeconds: 0.02,
        serverSeconds: 0,
      },
    ],
  });
});

/** Values by their labels, of a moment. */
async function ask(query: string): Promise<Record<string, number>> {
  const form = new URLSearchParams({ query, time: String(NOW) });
  const response = await app.request('/prometheus/api/v1/query', {
    method: 'POST',
    body: form,
    // Grafana asks in the name of whoever set it up, under the name that its network knows.
    headers: { host: 'clew.example' },
  });
  const { data } = promqlAnswer.parse(await response.json());
  if (data.resultType !== 'vector') throw new Error(data.resultType);
  return Object.fromEntries(
    data.result.map(({ metric, value }) => [
      Object.entries(metric)
        .map(([name, value]) => `${name}=${value}`)
        .join(','),
      Number(value[1]),
    ]),
  );
}

const close = (value: number): unknown => expect.closeTo(value, 9);

describe('the service graph', () => {
  test.each<[string, Record<string, unknown>]>([
    [
      'sum by (client, server) (rate(traces_service_graph_request_total[900s]))',
      { 'client=shop,server=users': close(0.1), 'client=users,server=db': close(0.05) },
    ],
    [
      'rate(traces_service_graph_request_total{client="shop"}[900s])',
      { 'client=shop,server=users': close(0.1) },
    ],
    [
      'sum by (client, server) (rate(traces_service_graph_request_server_seconds_sum[900s]))',
      { 'client=shop,server=users': close(0.01), 'client=users,server=db': close(0.001) },
    ],
    [
      'sum by (client, server) (rate(traces_service_graph_request_failed_total[900s]))',
      { 'client=shop,server=users': close(0.01), 'client=users,server=db': 0 },
    ],
    [
      'group by (client, connection_type, server) (traces_service_graph_request_total{ server="db" })',
      { 'client=users,connection_type=database,server=db': 1 },
    ],
    [
      'group by (client, connection_type, server, client_service_namespace, server_service_namespace) (traces_service_graph_request_server_seconds_bucket)',
      { 'client=shop,server=users': 1, 'client=users,connection_type=database,server=db': 1 },
    ],
    [
      'sum by (client, server) (rate(traces_service_graph_request_total{client="shop"}[900s])) OR sum by (client, server) (rate(traces_service_graph_request_total{server="db"}[900s]))',
      { 'client=shop,server=users': close(0.1), 'client=users,server=db': close(0.05) },
    ],
    ['sum by (client, server) (rate(traces_service_graph_request_total{ foo="bar" }[900s]))', {}],
  ])('%s', async (query, expected) => {
    expect(await ask(query)).toEqual(expected);
  });

  test('of an edge, over time', async () => {
    const query =
      'histogram_quantile(0.9, sum(rate(traces_service_graph_request_server_seconds_bucket{client="shop",server="users"}[240s])) by (le, client, server))';
    const parameters = new URLSearchParams({
      query,
      start: String(NOW - 900),
      end: String(NOW),
      step: '300',
    });
    const response = await app.request(`/prometheus/api/v1/query_range?${parameters.toString()}`);
    const { data } = promqlAnswer.parse(await response.json());
    expect(data).toEqual({
      resultType: 'matrix',
      result: [
        {
          metric: { client: 'shop', server: 'users' },
          values: [
            [NOW - 600, expect.stringMatching(/^0\.2/)],
            // Nothing in these minutes.
            [NOW - 300, 'NaN'],
            [NOW, 'NaN'],
          ],
        },
      ],
    });
  });
});

describe('the table of rates, errors and durations', () => {
  test.each<[string, Record<string, unknown>]>([
    [
      'topk(5, sum(rate(traces_spanmetrics_calls_total{span_kind="SPAN_KIND_SERVER"}[900s])) by (span_name))',
      {
        'span_name=GET /checkout (v2)': close(0.05),
        'span_name=find': close(0.02),
        'span_name=GET /cart': close(0.01),
      },
    ],
    [
      String.raw`topk(5, sum(rate(traces_spanmetrics_calls_total{status_code="STATUS_CODE_ERROR",span_name=~"GET /checkout \\(v2\\)|GET /cart"}[900s])) by (span_name))`,
      { 'span_name=GET /checkout (v2)': close(15 / 900) },
    ],
    [
      'topk(5, sum(rate(traces_spanmetrics_calls_total{service="shop",service="shop"}[900s])) by (span_name) OR sum(rate(traces_spanmetrics_calls_total{service="users"}[900s])) by (span_name))',
      {
        'span_name=GET /checkout (v2)': close(0.05),
        'span_name=charge': close(0.05),
        'span_name=find': close(0.02),
        'span_name=GET /cart': close(0.01),
      },
    ],
    ['sum(rate(traces_spanmetrics_calls_total{service="users"}[900s]))', { '': close(0.02) }],
    ['sum(increase(traces_spanmetrics_calls_total{span_name="charge"}[15m]))', { '': 45 }],
    [
      'sum(rate(traces_spanmetrics_calls_total{service="shop",span_kind="SPAN_KIND_SERVER",status_code="STATUS_CODE_ERROR"}[15m])) / sum(rate(traces_spanmetrics_calls_total{service="shop",span_kind="SPAN_KIND_SERVER"}[15m]))',
      { '': close(15 / 54) },
    ],
    [
      'sum(rate(traces_spanmetrics_latency_sum{span_name="charge"}[15m])) / sum(rate(traces_spanmetrics_latency_count{span_name="charge"}[15m]))',
      { '': close(0.2) },
    ],
    // Apdex.
    [
      '(sum(rate(traces_spanmetrics_latency_bucket{le="0.3",span_name=~"GET /checkout.*"}[15m])) + sum(rate(traces_spanmetrics_latency_bucket{le="2",span_name=~"GET /checkout.*"}[15m]))) / 2 / sum(rate(traces_spanmetrics_latency_count{span_name=~"GET /checkout.*"}[15m]))',
      { '': close((30 + 45) / 2 / 45) },
    ],
  ])('%s', async (query, expected) => {
    expect(await ask(query)).toEqual(expected);
  });

  test.each([
    ['traces_spanmetrics_latency_bucket{span_name="charge"}', 0.2],
    ['traces_spanmetrics_latency_bucket{span_name=~"GET /checkout.*"}', 0.4],
    ['traces_span_metrics_duration_milliseconds_bucket{service_name="users"}', 10],
    ['traces_span_metrics_duration_seconds_bucket{service_name="users"}', 0.01],
  ])('p90 of %s is about %d', async (selector, expected) => {
    const found = await ask(`histogram_quantile(.9, sum(rate(${selector}[900s])) by (le))`);
    expect(Math.abs((found[''] ?? NaN) / expected - 1)).toBeLessThan(0.06);
  });
});

describe('Jaeger’s monitor', () => {
  test.each<[string, Record<string, unknown>]>([
    [
      'sum(rate(traces_span_metrics_calls_total{service_name =~ "shop|users", span_kind =~ "SPAN_KIND_SERVER"}[15m])) by (service_name)',
      { 'service_name=shop': close(0.06), 'service_name=users': close(0.02) },
    ],
    [
      'sum(rate(traces_span_metrics_calls_total{service_name =~ "shop", status_code = "STATUS_CODE_ERROR", span_kind =~ "SPAN_KIND_SERVER"}[15m])) by (service_name,span_name) / sum(rate(traces_span_metrics_calls_total{service_name =~ "shop", span_kind =~ "SPAN_KIND_SERVER"}[15m])) by (service_name,span_name)',
      { 'service_name=shop,span_name=GET /checkout (v2)': close(1 / 3) },
    ],
  ])('%s', async (query, expected) => {
    expect(await ask(query)).toEqual(expected);
  });
});

test('the store adds up what nobody needs to tell apart', async () => {
  await ask('sum(rate(traces_spanmetrics_latency_bucket{service="shop"}[15m])) by (le)');
  expect(reader.rateRequests).toMatchObject([
    { services: ['shop'], kinds: undefined, groupBy: ['service'], stepNano: undefined },
  ]);
  expect(Number(reader.rateRequests[0]?.startUnixNano)).toBe(FIRST * 60e9);
  expect(Number(reader.rateRequests[0]?.endUnixNano)).toBe((FIRST + 15) * 60e9);
});

test('both sides of a ratio are read once where they are the same', async () => {
  await ask(
    'rate(traces_service_graph_request_failed_total[5m]) / rate(traces_service_graph_request_total[5m])',
  );
  expect(reader.edgeRequests).toHaveLength(1);
});
