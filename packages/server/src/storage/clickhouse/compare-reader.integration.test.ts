import { join } from 'node:path';
import { assembleTrace } from '@clew/model';
import type { Span, Trace } from '@clew/model';
import {
  CompareTable,
  MatchBudget,
  checkQuery,
  compileComparison,
  computeComparison,
  labelsKey,
  parseQuery,
  runWithoutPause,
} from '@clew/traceql';
import type { CompareFunction, MetricsPipeline, MetricsQuery, MetricsRange } from '@clew/traceql';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { arbitraryCondition } from '../testing/arbitrary-spans.ts';
import { sampleTraces } from '../testing/arbitrary-searches.ts';
import { makeDirectory, removeDirectory } from '../testing/directories.ts';
import { NOW_MS, at, attribute, blockOf, resource, span } from '../testing/spans.ts';
import { openTestStore } from '../testing/stores.ts';
import { AttributeKeys } from './attribute-keys.ts';
import { CompareReader } from './compare-reader.ts';
import type { CompareLimits } from './compare-reader.ts';
import { openEmbeddedEngine } from './engine/embedded-engine.ts';
import type { Engine } from './engine/engine.ts';
import { TraceLoader } from './trace-loader.ts';
import { TraceSearch } from './trace-search.ts';
import { PLANNER_SEED, plannerRuns } from '../testing/planner-runs.ts';

const RUNS = plannerRuns(30);
const SECOND_NANO = 1_000_000_000n;
const RANGE = { startUnixNano: at(0), stepNano: SECOND_NANO, binCount: 2 };

/** As for many spans: a sample first, and what is given by interval only after what is given is known. */
const IN_TWO_GOES = { fewSpans: 0, maxCells: 0 };

describe(`a comparison (PLANNER_SEED=${PLANNER_SEED})`, () => {
  const random = sampleTraces(30);
  const stored: Readonly<Record<string, readonly Span[]>> = {
    random: random.flatMap(({ spans }) => spans),
    many: spansWithManyValues(3000),
    plenty: spansWithManyValues(8000),
    kinds: spansOfAllKinds(1500),
    wide: spansWithManyAttributes(100),
  };
  let directory: string;
  let engine: Engine;

  beforeAll(async () => {
    directory = await makeDirectory();
    {
      await using store = await openTestStore(directory);
      for (const [tenant, spans] of Object.entries(stored)) {
        await store.write(blockOf(spans, tenant));
      }
      await store.flush();
    }
    engine = await openEmbeddedEngine({
      directory: join(directory, 'engine'),
      configFile: join(directory, 'engine.xml'),
      queryTimeoutMs: 30_000,
      queryMemoryBytes: 1024 ** 3,
      queryMaxRows: 0,
    });
  });

  afterAll(async () => {
    await engine[Symbol.asyncDispose]();
    await removeDirectory(directory);
  });

  async function read(
    tenant: string,
    { metrics, pipeline, compare }: Comparison,
    { range, limits }: { readonly range: MetricsRange; readonly limits?: CompareLimits },
  ): Promise<readonly string[]> {
    const keys = new AttributeKeys(engine);
    const loader = new TraceLoader(engine);
    const search = new TraceSearch({ engine, clock: { nowMs: () => NOW_MS }, keys, loader });
    const options = { engine, loader, search, ...(limits === undefined ? {} : { limits }) };
    const reader = new CompareReader(options);
    const series = await reader.read(
      { tenant, metrics, range },
      pipeline,
      compare,
      new MatchBudget(),
    );
    return series.map(({ labels, values }) => `${labelsKey(labels)} ${values.join(' ')}`);
  }

  function evaluate(
    traces: readonly Trace[],
    { pipeline, compare }: Comparison,
    range: MetricsRange,
  ): readonly string[] {
    const table = new CompareTable(range.binCount);
    const count = compileComparison(pipeline.pipeline, compare, range);
    for (const trace of traces) runWithoutPause(count(trace, table));
    const series = computeComparison(compare, table);
    return series.map(({ labels, values }) => `${labelsKey(labels)} ${values.join(' ')}`);
  }

  const query = fc
    .tuple(
      fc.oneof(arbitraryCondition, fc.constant('')),
      arbitraryCondition,
      fc.constantFrom('', ', 1', ', 2', `, 3, ${at(5000)}, ${at(20_000)}`),
    )
    .map(([condition, selection, numbers]) => {
      return `{ ${condition} } | compare({ ${selection} }${numbers})`;
    });

  test.each([1, 3])(
    'in two goes of %i intervals is what the evaluator counts',
    async (binCount) => {
      const range = { startUnixNano: at(2500), stepNano: 7n * SECOND_NANO, binCount };
      await fc.assert(
        fc.asyncProperty(query, async (text) => {
          const comparison = parseIfRight(text);
          fc.pre(comparison !== undefined);
          const found = await read('random', comparison, { range, limits: IN_TWO_GOES });
          expect(found, text).toEqual(evaluate(random, comparison, range));
        }),
        { numRuns: RUNS },
      );
    },
    60_000 + RUNS * 500,
  );

  test.each(['many', 'plenty'])('has no values of attributes with too %s', async (tenant) => {
    const comparison = parse('{ } | compare({ kind = client }, 1000)');
    const found = await read(tenant, comparison, { range: RANGE });
    expect(found).toEqual(evaluate(tracesOf(stored[tenant]), comparison, RANGE));
    const many = found.filter((each) => each.includes('__too_many_values__'));
    expect(many.map((each) => /,\["([^"]*)"/.exec(each)?.[1])).toEqual([
      'name',
      'resource.host',
      'span.double',
      'span.int',
      'span.mixed',
      'span.text',
    ]);
    for (const name of ['statusMessage', 'span.most']) {
      expect(found.filter((each) => each.includes(`"${name}"`))).toHaveLength(1001);
    }
  });

  test.each([
    ['one go', undefined],
    ['two goes', IN_TWO_GOES],
  ])('tells values of all kinds apart in %s', async (_, limits) => {
    const range = { startUnixNano: at(0), stepNano: SECOND_NANO / 100n, binCount: 200 };
    const comparison = parse('{ duration >= 1ms } | compare({ kind = server }, 3)');
    const options = limits === undefined ? { range } : { range, limits };
    const found = await read('kinds', comparison, options);
    expect(found).toEqual(evaluate(tracesOf(stored['kinds']), comparison, range));
    expect(found.length).toBeGreaterThan(40);
  });

  test('is refused where its series are more than anybody looks at', async () => {
    const comparison = parse('{ } | compare({ }, 100)');
    await expect(read('wide', comparison, { range: RANGE })).rejects.toThrow(
      'more than 10000 series: compare fewer values',
    );
  });
});

function spansWithManyValues(count: number): readonly Span[] {
  return Array.from({ length: count }, (_, i) =>
    span({
      name: `n${i % 1001}`,
      statusMessage: `m${i % 1000}`,
      attributes: [
        attribute('text', `t${i}`),
        attribute('int', BigInt(i)),
        attribute('double', i / 2),
        attribute('mixed', i % 2 === 0 ? `t${i % 1100}` : BigInt(i % 1100)),
        attribute('few', BigInt(i % 10)),
        // Just as many as can be told apart: both zeros are one.
        attribute('most', i % 1000 > 0 ? (i % 1000) / 2 : i % 2000 > 0 ? -0 : 0),
      ],
      resource: resource('shop', [attribute('host', `h${i % 2500}`)]),
    }),
  );
}

function spansOfAllKinds(count: number): readonly Span[] {
  const numbers = [0, -0, Number.NaN, Number.POSITIVE_INFINITY, 0.5];
  return Array.from({ length: count }, (_, i) =>
    span({
      name: `n${i % 500}`,
      kind: i % 3 === 0 ? 'server' : 'client',
      status: i % 7 === 0 ? 'error' : 'unset',
      statusMessage: i % 7 === 0 ? `m${i % 11}` : '',
      startUnixNano: at((i % 37) * 50),
      attributes: [
        attribute('text', `t${i % 700}`),
        attribute('int', BigInt(i % 300) - 150n),
        attribute('double', numbers[i % 7] ?? i),
        attribute('bool', i % 5 === 0),
        attribute('id', `t${i}`),
        { key: 'list', value: { type: 'array', value: [{ type: 'string', value: 'a' }] } },
        { key: 'nothing', value: { type: 'empty' } },
      ],
      resource: resource('shop', [attribute('host', `h${i % 20}`)]),
    }),
  );
}

function spansWithManyAttributes(count: number): readonly Span[] {
  return Array.from({ length: count }, (_, i) =>
    span({ attributes: Array.from({ length: 200 }, (_each, n) => attribute(`a${n}`, `v${i}`)) }),
  );
}

/** Each span is its own trace. */
function tracesOf(spans: readonly Span[] = []): readonly Trace[] {
  return spans.map((each) => assembleTrace(each.traceId, [each]));
}

interface Comparison {
  readonly metrics: MetricsQuery;
  readonly pipeline: MetricsPipeline;
  readonly compare: CompareFunction;
}

function parse(text: string): Comparison {
  const metrics = parseQuery(text);
  checkQuery(metrics, text);
  const pipeline = metrics.kind === 'metrics' ? metrics.expression : undefined;
  if (metrics.kind !== 'metrics' || pipeline?.kind !== 'metricsPipeline') {
    throw new Error(`no metrics: ${text}`);
  }
  const { function: compare } = pipeline;
  if (compare.name !== 'compare') throw new Error(`not compare(): ${text}`);
  return { metrics, pipeline, compare };
}

function parseIfRight(text: string): Comparison | undefined {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}
