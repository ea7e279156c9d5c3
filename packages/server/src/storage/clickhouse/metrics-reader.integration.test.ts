import { assembleTrace, durationNano, unixNano } from '@clew/model';
import type { Span, Trace } from '@clew/model';
import {
  CompareTable,
  MetricsTable,
  bucketsFor,
  checkQuery,
  compileComparison,
  compileCount,
  computeComparison,
  computeSeries,
  parseQuery,
  printQuery,
  runWithoutPause,
} from '@clew/traceql';
import type { MetricsPipeline, MetricsQuery, MetricsRange, Series } from '@clew/traceql';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SpanStore } from '../span-store.ts';
import { arbitraryCondition } from '../testing/arbitrary-spans.ts';
import { sampleTraces } from '../testing/arbitrary-searches.ts';
import { makeDirectory, removeDirectory } from '../testing/directories.ts';
import { MS, at, attribute, blockOf, resource, span } from '../testing/spans.ts';
import { openTestStore } from '../testing/stores.ts';
import { PLANNER_SEED, plannerRuns } from '../testing/planner-runs.ts';

const SECOND_NANO = 1_000_000_000n;
const HOUR_MS = 3_600_000;
const HOUR_NANO = 3600n * SECOND_NANO;

interface Sample {
  readonly tenant: string;
  readonly traces: readonly Trace[];
  readonly range: MetricsRange;
}

function moveTrace(trace: Trace, hours: number): Trace {
  const spans = trace.spans.map((each) => ({
    ...each,
    startUnixNano: unixNano(each.startUnixNano + BigInt(hours) * HOUR_NANO),
  }));
  return assembleTrace(trace.traceId, spans);
}

describe('metrics', () => {
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

  async function read(tenant: string, q: string, range: MetricsRange): Promise<readonly Shown[]> {
    return (await store.readMetrics({ tenant, metrics: parse(q), range })).map(show);
  }

  describe(`of random traces (PLANNER_SEED=${PLANNER_SEED})`, () => {
    const RUNS = plannerRuns(40);
    const traces = sampleTraces(30);
    const samples: readonly Sample[] = [
      {
        // Traces begin a second apart, the first and the last of them out of the range.
        tenant: 'near',
        traces,
        range: { startUnixNano: at(2500), stepNano: 7n * SECOND_NANO, binCount: 3 },
      },
      {
        // Over days, with partitions that lie wholly in the range, others at its edges, and spans of broken clocks among them.
        tenant: 'far',
        traces: traces.map((trace, i) => moveTrace(trace, i % 10 === 9 ? 10_000 : -3 * i)),
        range: { startUnixNano: at(-61 * HOUR_MS), stepNano: 130n * HOUR_NANO, binCount: 1 },
      },
      {
        // The same, and less was asked about than the intervals have.
        tenant: 'near',
        traces,
        range: {
          startUnixNano: at(2000),
          stepNano: 9n * SECOND_NANO,
          binCount: 3,
          bounds: { startUnixNano: at(4500), endUnixNano: at(22_500) },
        },
      },
    ];

    beforeAll(async () => {
      for (const { tenant, traces } of samples.slice(0, 2)) {
        await storeSpans(
          tenant,
          traces.flatMap(({ spans }) => spans),
        );
      }
    });

    const field = fc.constantFrom(
      'name',
      'status',
      'kind',
      'duration',
      '.a',
      'span.http.route',
      'resource.a',
      'resource.service.name',
      'instrumentation:version',
      'rootName',
      'event.a',
    );
    const numeric = fc.constantFrom(
      'duration',
      '.a',
      'span.a',
      '.http.route',
      'span.http.route',
      'childCount',
    );
    const metricsFunction = fc.oneof(
      fc.constantFrom('rate()', 'count_over_time()'),
      fc
        .tuple(fc.constantFrom('min', 'max', 'sum', 'avg', 'histogram'), numeric)
        .map(([name, of]) => `${name}_over_time(${of})`),
      numeric.map((of) => `quantile_over_time(${of}, 0.5, 0.99)`),
    );
    const more = fc.constantFrom('', '', '', ' >> { }', ' | count() > 1');
    const query = fc
      .tuple(
        arbitraryCondition,
        more,
        metricsFunction,
        fc.array(field, { maxLength: 2 }),
        fc.constantFrom('', ' with(power_of_two_buckets=true)', ' with(weighted=true)'),
      )
      .map(([condition, more, call, by, hint]) => {
        const grouped = by.length === 0 ? '' : ` by(${by.join(', ')})`;
        return `{ ${condition} }${more} | ${call}${grouped}${hint}`;
      });

    const comparison = fc
      .tuple(
        fc.oneof(arbitraryCondition, fc.constant('')),
        more,
        arbitraryCondition,
        fc.constantFrom('', '', ', 1', ', 2', `, 3, ${at(5000)}, ${at(20_000)}`),
      )
      .map(([condition, more, selection, numbers]) => {
        return `{ ${condition} }${more} | compare({ ${selection} }${numbers})`;
      });

    test.each([
      ['are what the evaluator counts', query],
      ['of two sides are what the evaluator counts', comparison],
    ])(
      '%s',
      async (_, queries) => {
        let seriesCount = 0;
        await fc.assert(
          fc.asyncProperty(queries, fc.constantFrom(...samples), async (text, sample) => {
            const parsed = parseIfRight(text);
            fc.pre(parsed !== undefined);
            const expected = evaluate(parsed, sample).map(show);
            fc.pre(expected !== undefined);
            const found = await read(sample.tenant, text, sample.range);
            expect(
              found.map(({ labels }) => labels),
              text,
            ).toEqual(expected.map(({ labels }) => labels));
            for (const [i, { values }] of found.entries()) {
              values.forEach((value, bin) => {
                const other = expected[i]?.values[bin] ?? Number.NaN;
                // Numbers in neighbouring buckets may be told apart otherwise than by the engine.
                const share = text.includes('quantile') ? 0.01 : 1e-9;
                const isSame = Object.is(value, other) || closeTo(value, other, share);
                expect(isSame, `${printQuery(parsed)}: ${value} instead of ${other}`).toBe(true);
              });
            }
            seriesCount += found.length;
          }),
          { numRuns: RUNS },
        );
        expect(seriesCount).toBeGreaterThan(RUNS);
      },
      60_000 + RUNS * 500,
    );

    function evaluate(
      { expression, hints }: MetricsQuery,
      { traces, range }: Sample,
    ): readonly Series[] {
      if (expression.kind !== 'metricsPipeline') throw new Error('no pipeline');
      if (expression.function.name === 'compare') return compare(expression, traces, range);
      const has = (name: string) => hints.some((hint) => hint.name === name);
      const quantileBuckets = has('power_of_two_buckets') ? 'powerOfTwo' : 'fine';
      const buckets = bucketsFor(expression.function, { quantileBuckets });
      const table = new MetricsTable(range.binCount);
      const count = compileCount(expression, { range, isWeighted: has('weighted'), buckets });
      for (const trace of traces) runWithoutPause(count(trace, table));
      const stepSeconds = Number(range.stepNano) / 1e9;
      return computeSeries(expression.function, table, { stepSeconds, quantileBuckets });
    }
  });

  describe('of known spans', () => {
    const tenant = 'known';
    const range = { startUnixNano: at(0), stepNano: 10n * SECOND_NANO, binCount: 2 };

    beforeAll(() =>
      storeSpans(
        tenant,
        [
          ['a', 1000, 100, 1n],
          ['a', 2000, 200, 2n],
          ['a', 9999, 300, 3n],
          ['b', 3000, 400, 10n],
          ['a', 10_000, 500, 4n],
          ['a', -1, 999, 99n],
          ['a', 20_000, 999, 99n],
        ].map(([service, startMs, ms, size]) =>
          span({
            resource: resource(String(service)),
            startUnixNano: at(Number(startMs)),
            durationNano: durationNano(BigInt(ms ?? 0) * MS),
            attributes: [attribute('size', BigInt(size ?? 0))],
          }),
        ),
      ),
    );

    const BY = 'by(resource.service.name)';
    const A = 'resource.service.name="a"';
    const B = 'resource.service.name="b"';

    test.each([
      [`{ } | rate() ${BY}`, { [A]: [0.3, 0.1], [B]: [0.1, 0] }],
      ['{ } | count_over_time()', { '': [4, 1] }],
      [`{ } | avg_over_time(duration) ${BY}`, { [A]: [0.2, 0.5], [B]: [0.4, Number.NaN] }],
      ['{ } | min_over_time(span.size)', { '': [1, 4] }],
      ['{ } | max_over_time(span.size)', { '': [10, 4] }],
      ['{ } | sum_over_time(span.size)', { '': [16, 4] }],
      [`{ } | rate() ${BY} | topk(1)`, { [A]: [0.3, 0.1] }],
      [`{ } | rate() ${BY} | bottomk(1)`, { [A]: [Number.NaN, Number.NaN], [B]: [0.1, 0] }],
      [`{ } | rate() ${BY} > 0.2`, { [A]: [0.3, Number.NaN] }],
      [
        `({ } | rate() ${BY}) / ({ duration > 150ms } | rate() ${BY})`,
        { [A]: [1.5, 1], [B]: [1, Number.NaN] },
      ],
      ['({ } | count_over_time()) * 2', { '': [8, 2] }],
    ])('%s', async (q, expected) => {
      const found = await read(tenant, q, range);
      const wanted = Object.entries(expected)
        .filter(([, values]) => !values.every(Number.isNaN))
        .map(([labels, values]) => ({ labels, values }));
      expect(found).toEqual(
        wanted.map(({ labels, values }) => ({ labels, values: values.map((each) => near(each)) })),
      );
    });

    test('spans of the far future are counted in their interval', async () => {
      const starts = [0n, 1n << 62n, 1n << 63n, (1n << 64n) - 2n];
      await storeSpans(
        'future',
        starts.map((start) => span({ startUnixNano: unixNano(start) })),
      );
      const bounds = { startUnixNano: 0n, endUnixNano: (1n << 64n) - 1n };
      const wide = { startUnixNano: 0n, stepNano: 1n << 62n, binCount: 4, bounds };
      expect(await read('future', '{ } | count_over_time()', wide)).toEqual([
        { labels: '', values: [1, 1, 1, 1] },
      ]);
      const compared = await read('future', '{ } | compare({ status = error })', wide);
      expect(compared.flatMap(({ values }) => values)).not.toContain(4);
    });

    test('quantiles are within a hundredth of a value that was there', async () => {
      const [half, all] = await read(tenant, '{ } | quantile_over_time(duration, 0.5, 1)', range);
      expect(half?.labels).toBe('p=0.5');
      expect(Math.abs((half?.values[0] ?? 0) / 0.2 - 1)).toBeLessThan(0.0101);
      expect(Math.abs((all?.values[0] ?? 0) / 0.4 - 1)).toBeLessThan(0.0101);
    });

    test('spans that took no time are the lowest part of a histogram', async () => {
      const spans = [0n, 0n, 3n, 4n].map((nanos) => span({ durationNano: durationNano(nanos) }));
      await storeSpans('short', spans);
      const one = { startUnixNano: at(-1), stepNano: HOUR_NANO, binCount: 1 };
      expect(await read('short', '{ } | histogram_over_time(duration)', one)).toEqual([
        { labels: '__bucket=0', values: [2] },
        { labels: '__bucket=4e-9', values: [2] },
      ]);
    });

    test('quantiles know numbers that only 64 bits hold', async () => {
      const spans = [1e300, -1e300, 2.5].map((size) =>
        span({ attributes: [attribute('size', size)] }),
      );
      await storeSpans('large', spans);
      const one = { startUnixNano: at(-1), stepNano: HOUR_NANO, binCount: 1 };
      const series = await read('large', '{ } | quantile_over_time(span.size, 0, 0.5, 1)', one);
      const [lowest, half, highest] = series.map(({ values }) => values[0] ?? 0);
      expect((lowest ?? 0) / -1e300).toBeCloseTo(1, 1);
      expect(half).toBeCloseTo(2.5, 1);
      expect((highest ?? 0) / 1e300).toBeCloseTo(1, 1);
    });

    test('more groups than anybody looks at are refused', async () => {
      const many = Array.from({ length: 10_001 }, (_, i) => span({ name: `n${i}` }));
      await storeSpans('many', many);
      const query = read('many', '{ } | rate() by(name)', { ...range, startUnixNano: at(-1) });
      await expect(query).rejects.toThrow('more than 10000 series');
    });
  });
});

function compare(
  { pipeline, function: metricsFunction }: MetricsPipeline,
  traces: readonly Trace[],
  range: MetricsRange,
): readonly Series[] {
  if (metricsFunction.name !== 'compare') throw new Error('not compare()');
  const table = new CompareTable(range.binCount);
  const count = compileComparison(pipeline, metricsFunction, range);
  for (const trace of traces) runWithoutPause(count(trace, table));
  return computeComparison(metricsFunction, table);
}

interface Shown {
  readonly labels: string;
  readonly values: readonly number[];
}

function show({ labels, values }: Series): Shown {
  const texts = labels.map(({ name, value }) => {
    if (value === undefined) return `${name}=nil`;
    if (value.type === 'list' || value.type === 'other') return `${name}=${value.type}`;
    const text = value.type === 'string' ? JSON.stringify(value.value) : String(value.value);
    return `${name}=${text}`;
  });
  return { labels: texts.join(', '), values: [...values] };
}

function near(value: number): number {
  return Number.isNaN(value) ? value : (expect.closeTo(value, 9) as number);
}

function closeTo(a: number, b: number, share: number): boolean {
  return Math.abs(a - b) <= share * Math.max(Math.abs(a), Math.abs(b));
}

function parse(text: string): MetricsQuery {
  const query = parseQuery(text);
  checkQuery(query, text);
  if (query.kind !== 'metrics') throw new Error(`no metrics: ${text}`);
  return query;
}

function parseIfRight(text: string): MetricsQuery | undefined {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}
