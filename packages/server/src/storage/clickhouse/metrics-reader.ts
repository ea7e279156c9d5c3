/**
 * Computes series. Where SQL can say what a query counts, the engine counts it; elsewhere the evaluator goes through the traces
 * that may have such spans.
 */
import type { Attribute, Resource, Scope } from '@clew/model';
import {
  MatchBudget,
  MetricsTable,
  bucketsFor,
  combineSeries,
  compileCount,
  computeSeries,
  findValue,
  pipelinesOf,
  readResource,
} from '@clew/traceql';
import type { BucketKind, Field, Hint, Label, MetricsPipeline, Series } from '@clew/traceql';
import type { MetricsQuery } from '../span-store.ts';
import type { AttributeKeys } from './attribute-keys.ts';
import { CompareReader } from './compare-reader.ts';
import type { Engine } from './engine/engine.ts';
import { RowBinaryReader } from './engine/row-binary-reader.ts';
import { any } from './engine/sql.ts';
import { EventLoopTurns } from './event-loop-turns.ts';
import { searchOfMetrics } from './metrics-search.ts';
import { planMetrics, readMetricsRow } from './plan/plan-metrics.ts';
import type { MetricsAnswerRow, MetricsPlan } from './plan/plan-metrics.ts';
import type { SearchPlan } from './plan/plan-search.ts';
import type { TraceLoader } from './trace-loader.ts';
import type { TraceSearch } from './trace-search.ts';

export interface MetricsReaderOptions {
  readonly engine: Engine;
  readonly keys: AttributeKeys;
  readonly loader: TraceLoader;
  readonly search: TraceSearch;
}

/** As many as a statement may name. */
const MAX_NAMED = 20_000;

/** How the spans of a pipeline are counted. */
interface Counting {
  readonly query: MetricsQuery;
  readonly pipeline: MetricsPipeline;
  readonly isWeighted: boolean;
  readonly buckets: BucketKind | undefined;
  readonly matchBudget: MatchBudget;
}

export class MetricsReader {
  readonly #options: MetricsReaderOptions;
  readonly #compare: CompareReader;

  constructor(options: MetricsReaderOptions) {
    this.#options = options;
    this.#compare = new CompareReader(options);
  }

  async read(query: MetricsQuery): Promise<readonly Series[]> {
    const { metrics, range } = query;
    const answers = new Map<MetricsPipeline, readonly Series[]>();
    const matchBudget = new MatchBudget();
    for (const pipeline of pipelinesOf(metrics.expression)) {
      answers.set(pipeline, await this.#answer(query, pipeline, matchBudget));
    }
    const answerOf = (pipeline: MetricsPipeline) => answers.get(pipeline) ?? [];
    return combineSeries(metrics.expression, answerOf, range.binCount);
  }

  async #answer(
    query: MetricsQuery,
    pipeline: MetricsPipeline,
    matchBudget: MatchBudget,
  ): Promise<readonly Series[]> {
    const { function: metricsFunction } = pipeline;
    if (metricsFunction.name === 'compare') {
      return this.#compare.read(query, pipeline, metricsFunction, matchBudget);
    }
    const { range, metrics } = query;
    const quantileBuckets = asks(metrics.hints, 'power_of_two_buckets') ? 'powerOfTwo' : 'fine';
    const buckets = bucketsFor(metricsFunction, { quantileBuckets });
    const isWeighted = asks(metrics.hints, 'weighted');
    const table = await this.#count({ query, pipeline, isWeighted, buckets, matchBudget });
    const stepSeconds = Number(range.stepNano) / 1e9;
    return computeSeries(metricsFunction, table, { stepSeconds, quantileBuckets });
  }

  async #count(counting: Counting): Promise<MetricsTable> {
    const { query, pipeline, isWeighted, buckets, matchBudget } = counting;
    const table = new MetricsTable(query.range.binCount);
    const search = searchOfMetrics(query, pipeline.pipeline);
    const found = await this.#options.search.plan(search);
    if (found.candidates.filters.length === 0) return table;
    const plan = await this.#plan(counting, found);
    if (plan !== undefined) await this.#countInEngine(counting, plan, table);
    else {
      const { range, signal } = query;
      const turns = new EventLoopTurns(signal);
      const count = compileCount(pipeline, { range, isWeighted, buckets, matchBudget });
      for await (const traces of this.#options.search.candidates(search, found)) {
        for (const trace of traces) await turns.run(count(trace, table));
      }
    }
    return table;
  }

  async #plan(
    { query, pipeline, isWeighted, buckets }: Counting,
    { candidates, isExact }: SearchPlan,
  ): Promise<MetricsPlan | undefined> {
    if (!isExact) return undefined;
    const { tenant, range, signal } = query;
    const condition = any(candidates.filters.flatMap(({ alternatives }) => alternatives));
    const keys = await this.#options.keys.read(tenant, signal);
    const { loader } = this.#options;
    const { function: metricsFunction, by } = pipeline;
    const numbered = 'field' in metricsFunction ? [metricsFunction.field] : [];
    const resources = namesAttributeOf('resource', by)
      ? await loader.readAllResources(tenant, MAX_NAMED, signal)
      : undefined;
    const attributeSets = namesAttributeOf('span', [...by, ...numbered])
      ? await loader.readAllAttributeSets(tenant, MAX_NAMED, signal)
      : undefined;
    const named = { resources, attributeSets };
    const request = { tenant, condition, range, isWeighted, buckets, ...named };
    return planMetrics(pipeline, request, keys);
  }

  async #countInEngine({ query }: Counting, plan: MetricsPlan, table: MetricsTable): Promise<void> {
    const { engine, loader } = this.#options;
    const { tenant, signal } = query;
    const reader = new RowBinaryReader(await engine.read(plan.statement, { signal }));
    const rows = reader.rows(() => readMetricsRow(reader, plan));
    const resourceIds = new Set(plan.hasResource ? rows.map((row) => row.resourceId) : []);
    const scopeIds = new Set(plan.hasScope ? rows.map((row) => row.scopeId) : []);
    const resources = await loader.readResources(tenant, resourceIds, signal);
    const scopes = await loader.readScopes(tenant, scopeIds, signal);
    const setIds = new Set(plan.hasSet ? rows.map((row) => row.setId) : []);
    const sets = await loader.readAttributeSets(tenant, setIds, signal);
    for (const row of rows) {
      const labels = labelsOf(row, plan, {
        resource: resources.get(row.resourceId),
        scope: scopes.get(row.scopeId),
        attributeSet: sets.get(row.setId),
      });
      addRow(table, labels, row);
    }
  }
}

/** Whether a field may be an attribute of a span or a resource; the service's name is a column of spans. */
function namesAttributeOf(owner: 'span' | 'resource', fields: readonly Field[]): boolean {
  return fields.some(
    (field) =>
      field.kind === 'attribute' &&
      (field.scope === 'any' || field.scope === owner) &&
      !(field.scope === 'resource' && field.name === 'service.name'),
  );
}

function asks(hints: readonly Hint[], name: string): boolean {
  return hints.some(
    (hint) => hint.name === name && hint.value.value.type === 'bool' && hint.value.value.value,
  );
}

function labelsOf(
  row: MetricsAnswerRow,
  { labels }: MetricsPlan,
  owners: {
    readonly resource: Resource | undefined;
    readonly scope: Scope | undefined;
    readonly attributeSet: readonly Attribute[] | undefined;
  },
): readonly Label[] {
  const { resource, scope, attributeSet } = owners;
  return labels.map(({ name, setKey, resourceKey, ofScope }, index) => {
    const inSet =
      setKey === undefined || attributeSet === undefined
        ? undefined
        : findValue(attributeSet, setKey);
    const ofSpan = row.ofSpan[index] ?? inSet;
    if (ofSpan !== undefined) return { name, value: ofSpan };
    if (ofScope !== undefined && scope !== undefined) return { name, value: ofScope(scope) };
    const isOfResource = resourceKey !== undefined && resource !== undefined;
    return { name, value: isOfResource ? readResource(resource, resourceKey) : undefined };
  });
}

/** Rows of one group may be several, of its resources and scopes. */
function addRow(table: MetricsTable, labels: readonly Label[], row: MetricsAnswerRow): void {
  const cell = table.cell(labels, row.bin);
  cell.weight += row.weight;
  const { numbers } = row;
  if (row.quantiles !== undefined) cell.quantiles = row.quantiles;
  if (numbers !== undefined && numbers.weight > 0) {
    cell.numberWeight += numbers.weight;
    cell.sum += numbers.sum;
    cell.min = Math.min(cell.min, numbers.min);
    cell.max = Math.max(cell.max, numbers.max);
  }
  for (const [i, key] of row.bucketKeys.entries()) {
    cell.buckets.set(key, (cell.buckets.get(key) ?? 0) + (row.bucketWeights[i] ?? 0));
  }
}
