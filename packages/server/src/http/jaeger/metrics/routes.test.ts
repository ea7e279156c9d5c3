import { latencyBucket } from '@clew/model';
import type { LatencySketch } from '@clew/model';
import { describe, expect, test } from 'vitest';
import type { CannedTraceReader } from '../../../query/testing/canned-trace-reader.ts';
import { NOW_MS, createTestApp } from '../../testing/test-app.ts';
import { ANSWERS } from '../testing/answer-schemas.ts';

type SpanRate = CannedTraceReader['spanRates'][number];

const MINUTE_MS = 60_000;

function rate(given: Partial<SpanRate>): SpanRate {
  return {
    interval: 0,
    service: 'shop',
    spanCount: 1,
    weight: 1,
    durationNano: 0n,
    latency: { buckets: [], weights: [] },
    ...given,
  };
}

function lasting(...ms: readonly number[]): LatencySketch {
  const buckets = ms.map((each) => latencyBucket(each * 1_000_000, 0)).sort((a, b) => a - b);
  return { buckets, weights: buckets.map(() => 1) };
}

async function ask(query: string, rates: readonly SpanRate[] = [], nowMs = NOW_MS) {
  const { app, reader } = createTestApp({ clock: { nowMs: () => nowMs } });
  reader.spanRates = rates;
  const response = await app.request(`/api/metrics/${query}`);
  return { response, asked: reader.rateRequests[0] };
}

/** The values of each metric's points. */
async function valuesOf(query: string, rates: readonly SpanRate[], nowMs?: number) {
  const { response } = await ask(query, rates, nowMs);
  const { metrics } = ANSWERS.metrics.parse(await response.json());
  return metrics.map(({ metricPoints }) =>
    metricPoints.map(({ gaugeValue }) => gaugeValue.doubleValue),
  );
}

/** Points of three minutes, each about the minute before. */
const BY_MINUTE = `service=shop&lookback=${2 * MINUTE_MS}&step=${MINUTE_MS}&ratePer=${MINUTE_MS}`;

describe('calls', () => {
  test('are spans a second, with time and labels', async () => {
    const { response, asked } = await ask(`calls?${BY_MINUTE}`, [
      rate({ interval: 0, weight: 60 }),
      rate({ interval: 2, weight: 30 }),
    ]);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(ANSWERS.metrics.parse(await response.json())).toEqual({
      name: 'service_call_rate',
      type: 'GAUGE',
      help: 'calls/sec, grouped by service',
      metrics: [
        {
          labels: [{ name: 'service_name', value: 'shop' }],
          metricPoints: [
            { gaugeValue: { doubleValue: 1 }, timestamp: '2026-11-22T08:28:00Z' },
            { gaugeValue: { doubleValue: 0 }, timestamp: '2026-11-22T08:29:00Z' },
            { gaugeValue: { doubleValue: 0.5 }, timestamp: '2026-11-22T08:30:00Z' },
          ],
        },
      ],
    });
    expect(asked).toMatchObject({
      startUnixNano: BigInt(NOW_MS - 3 * MINUTE_MS) * 1_000_000n,
      endUnixNano: BigInt(NOW_MS) * 1_000_000n,
      stepNano: 60_000_000_000n,
      services: ['shop'],
      kinds: ['server'],
      groupBy: ['service'],
    });
  });

  test('by operation have a metric for each', async () => {
    const { response, asked } = await ask(`calls?${BY_MINUTE}&groupByOperation=true`, [
      rate({ spanName: 'put' }),
      rate({ spanName: 'get' }),
    ]);
    expect(asked?.groupBy).toEqual(['service', 'spanName']);
    const { name, help, metrics } = ANSWERS.metrics.parse(await response.json());
    expect(name).toBe('service_operation_call_rate');
    expect(help).toBe('calls/sec, grouped by service & operation');
    expect(metrics.map(({ labels }) => labels)).toEqual([
      [
        { name: 'service_name', value: 'shop' },
        { name: 'operation', value: 'get' },
      ],
      [
        { name: 'service_name', value: 'shop' },
        { name: 'operation', value: 'put' },
      ],
    ]);
  });

  test('of services and kinds that are asked for', async () => {
    const query = 'calls?service=a&service=b&spanKind=client&spanKind=consumer';
    const { asked } = await ask(query);
    expect(asked).toMatchObject({ services: ['a', 'b'], kinds: ['client', 'consumer'] });
  });

  test('are an hour of points each five seconds unless something else is said', async () => {
    const [values] = await valuesOf('calls?service=shop', [rate({})]);
    expect(values).toHaveLength(721);
  });

  test('of a part of a minute are a part of its calls', async () => {
    const query = `calls?service=shop&lookback=0&ratePer=30000&endTs=${NOW_MS - 15_000}`;
    expect(await valuesOf(query, [rate({ weight: 60 })])).toEqual([[1]]);
  });

  test('of the minute that is going on have all happened by now', async () => {
    const nowMs = NOW_MS + 15_000;
    const query = `calls?service=shop&lookback=0&ratePer=${MINUTE_MS}`;
    const rates = [rate({ weight: 0 }), rate({ interval: 1, weight: 60 })];
    expect(await valuesOf(query, rates, nowMs)).toEqual([[1]]);
  });

  test('nobody made are no metric', async () => {
    expect(await valuesOf('calls?service=nobody', [])).toEqual([]);
  });
});

describe('errors', () => {
  test('are a share of the calls, and no number where there are none', async () => {
    const rates = [
      rate({ interval: 0, status: 'error', weight: 1 }),
      rate({ interval: 0, status: 'unset', weight: 3 }),
      rate({ interval: 2, status: 'ok', weight: 2 }),
    ];
    expect(await valuesOf(`errors?${BY_MINUTE}`, rates)).toEqual([[0.25, 'NaN', 0]]);
    const { asked } = await ask(`errors?${BY_MINUTE}&groupByOperation=1`);
    expect(asked?.groupBy).toEqual(['service', 'spanName', 'status']);
  });
});

describe('latencies', () => {
  test('are milliseconds of a quantile, and no number where there are none', async () => {
    const rates = [
      rate({ interval: 0, latency: lasting(10, 10, 10, 100) }),
      rate({ interval: 2, latency: lasting(100) }),
    ];
    const [values] = await valuesOf(`latencies?quantile=0.5&${BY_MINUTE}`, rates);
    expect(values?.[0]).toBeCloseTo(10, -0.5);
    expect(values?.[1]).toBe('NaN');
    expect(values?.[2]).toBeGreaterThan(93);
    const { response } = await ask(`latencies?quantile=0.95&${BY_MINUTE}`, rates);
    expect(await response.json()).toMatchObject({
      name: 'service_latencies',
      help: '0.95th quantile latency, grouped by service',
    });
  });

  test('of several minutes are those of all their spans', async () => {
    const query = `latencies?quantile=0.75&service=shop&lookback=0&ratePer=${2 * MINUTE_MS}`;
    const rates = [
      rate({ interval: 0, latency: lasting(10) }),
      rate({ interval: 1, latency: lasting(100, 100, 100) }),
    ];
    const [values] = await valuesOf(query, rates);
    expect(values?.[0]).toBeGreaterThan(93);
  });
});

test('long times are counted by more than a minute', async () => {
  const { asked } = await ask(`calls?service=a&lookback=${90 * 86_400_000}&step=86400000`);
  expect(asked?.stepNano).toBe(26n * 60_000_000_000n);
});

test('the least step is a minute', async () => {
  const { response } = await ask('minstep');
  expect(ANSWERS.number.parse(await response.json())).toMatchObject({ data: 60_000, total: 0 });
});

test('can be indented', async () => {
  const { response } = await ask(`calls?${BY_MINUTE}&prettyPrint=true`, [rate({})]);
  expect(await response.text()).toContain('\n    "metrics": [');
});

test.each([
  ['calls?', "unable to parse param 'service': please provide at least one service name"],
  ['latencies?service=a', `unable to parse param 'quantile': strconv.ParseFloat: parsing ""`],
  ['latencies?service=a&quantile=1.5', 'invalid parameter: quantile must be from 0 to 1'],
  ['calls?service=a&spanKind=x', "unable to parse param 'spanKind': unsupported span kind: 'x'"],
  ['calls?service=a&groupByOperation=x', "unable to parse param 'groupByOperation'"],
  ['calls?service=a&endTs=x', "unable to parse param 'endTs'"],
  ['calls?service=a&endTs=99999999999999', 'invalid parameter: endTs'],
  ['calls?service=a&step=0', 'invalid parameter: step'],
  ['calls?service=a&step=300', 'lookback and step make more than 11000 points'],
  ['calls?service=a&ratePer=-1', 'invalid parameter: ratePer'],
  ['calls?service=a&lookback=-1', 'invalid parameter: lookback'],
])('refuses %s', async (query, message) => {
  const { response } = await ask(query);
  expect(response.status).toBe(400);
  const { errors } = ANSWERS.failure.parse(await response.json());
  expect(errors?.[0]?.msg).toContain(message);
});
