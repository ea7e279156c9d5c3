/**
 * Computes `compare()`. Where SQL can say which spans are meant and which of them are the selection, the engine counts them;
 * elsewhere the evaluator goes through the traces that may have such spans.
 */
import {
  CompareTable,
  compareAttributes,
  compareResource,
  comparedName,
  compileComparison,
  computeComparison,
  wantedValues,
} from '@clew/traceql';
import type {
  CompareFunction,
  MatchBudget,
  MetricsPipeline,
  MetricsRange,
  Pipeline,
  Series,
  SpansetFilter,
  Value,
  WantedValues,
} from '@clew/traceql';
import type { MetricsQuery } from '../span-store.ts';
import type { Engine } from './engine/engine.ts';
import { RowBinaryReader } from './engine/row-binary-reader.ts';
import { all, any, sql, uint64Literal } from './engine/sql.ts';
import type { Sql } from './engine/sql.ts';
import { EventLoopTurns } from './event-loop-turns.ts';
import { searchOfMetrics } from './metrics-search.ts';
import { readColumnRow, selectColumnCounts } from './plan/compare/column-counts.ts';
import type { ResourceRow, SetRow } from './plan/compare/column-counts.ts';
import { MAP_SOURCES, allBut, nameOf, onlyValues } from './plan/compare/compare-sources.ts';
import type { CompareSource, MapSource } from './plan/compare/compare-sources.ts';
import { selectSpanCount } from './plan/compare/compared-spans.ts';
import type { ComparedSpans, ToldApart } from './plan/compare/compared-spans.ts';
import { readMapRow, selectComplexCounts, selectMapCounts } from './plan/compare/map-counts.ts';
import { NO_SAMPLE, readSample, sampledShare, selectSample } from './plan/compare/sample-values.ts';
import type { ValueSample } from './plan/compare/sample-values.ts';
import type { SearchPlan } from './plan/plan-search.ts';
import type { TraceLoader } from './trace-loader.ts';
import type { TraceSearch } from './trace-search.ts';

export interface CompareReaderOptions {
  readonly engine: Engine;
  readonly loader: TraceLoader;
  readonly search: TraceSearch;
  /** Others in tests, whose spans are few. */
  readonly limits?: CompareLimits;
}

export interface CompareLimits {
  /** Of so many spans all values may be held, and no sample is looked at. */
  readonly fewSpans: number;
  /** Values by interval and side that a statement may count, some 100 bytes each. */
  readonly maxCells: number;
}

const LIMITS: CompareLimits = { fewSpans: 5000, maxCells: 1_000_000 };
/** To count more takes the engine's threads for longer than other questions should wait. */
const QUICK_SPANS = 1_000_000;
/** Looked up together. */
const ROWS_AT_ONCE = 2000;

/** How the spans of both sides are counted in the engine. */
interface Counting {
  readonly query: MetricsQuery;
  readonly spans: ComparedSpans;
  readonly toldApart: (source: CompareSource) => ToldApart;
  /** Its statements take a thread each and may run beside each other. */
  readonly isQuick: boolean;
}

export class CompareReader {
  readonly #options: CompareReaderOptions;
  readonly #limits: CompareLimits;

  constructor(options: CompareReaderOptions) {
    this.#options = options;
    this.#limits = options.limits ?? LIMITS;
  }

  async read(
    query: MetricsQuery,
    { pipeline }: MetricsPipeline,
    compare: CompareFunction,
    matchBudget: MatchBudget,
  ): Promise<readonly Series[]> {
    const { search } = this.#options;
    const traces = searchOfMetrics(query, pipeline);
    const found = await search.plan(traces);
    if (found.candidates.filters.length === 0) return [];
    const spans = await this.#plan(query, compare, found);
    if (spans !== undefined) {
      return computeComparison(compare, await this.#countInEngine(query, compare, spans));
    }
    const table = new CompareTable(query.range.binCount);
    const count = compileComparison(pipeline, compare, query.range, matchBudget);
    const turns = new EventLoopTurns(query.signal);
    for await (const batch of search.candidates(traces, found)) {
      for (const trace of batch) await turns.run(count(trace, table));
    }
    return computeComparison(compare, table);
  }

  /** Undefined where SQL cannot say exactly which spans are meant. */
  async #plan(
    query: MetricsQuery,
    { selection, window }: CompareFunction,
    { candidates, isExact }: SearchPlan,
  ): Promise<ComparedSpans | undefined> {
    if (!isExact) return undefined;
    const { tenant, range } = query;
    const selected = await this.#options.search.plan(searchOfMetrics(query, onlyOf(selection)));
    if (!selected.isExact) return undefined;
    const isInTime =
      window === undefined
        ? []
        : [
            sql`start_unix_nano >= ${uint64Literal(window.startUnixNano)}`,
            sql`start_unix_nano < ${uint64Literal(window.endUnixNano)}`,
          ];
    return {
      tenant,
      range,
      condition: conditionOf(candidates),
      selection: all([conditionOf(selected.candidates), ...isInTime]),
    };
  }

  /**
   * In one go where that is little to hold; else first the whole time as one interval, and then by interval only those values
   * that are given.
   */
  async #countInEngine(
    query: MetricsQuery,
    compare: CompareFunction,
    spans: ComparedSpans,
  ): Promise<CompareTable> {
    const { range } = query;
    const spanCount = Number((await this.#ask(query, selectSpanCount(spans))).uint64());
    const { keysOfMany, namesOfMany, cellCount } = await this.#sample(query, spans, spanCount);
    const few = (source: CompareSource) => allBut(source, keysOfMany.get(source) ?? NO_KEYS);
    const isLittle = range.binCount === 1 || cellCount <= this.#limits.maxCells;
    const first = isLittle ? range : inOneInterval(range);
    const whole = new CompareTable(first.binCount);
    for (const name of namesOfMany) whole.markTooManyValues(name);
    const isQuick = spanCount <= QUICK_SPANS;
    const counting = { query, spans: { ...spans, range: first }, toldApart: few, isQuick };
    const keys = await this.#count(counting, whole);
    if (isLittle) return whole;
    const wanted = wantedValues(compare, whole);
    const byInterval = new CompareTable(range.binCount, wanted);
    for (const [name, { hasTooManyValues }] of whole.attributes) {
      if (hasTooManyValues) byInterval.markTooManyValues(name);
    }
    const only = (source: CompareSource) => onlyValues(source, valuesOf(source, wanted, keys));
    await this.#count({ query, spans, toldApart: only, isQuick }, byInterval);
    return byInterval;
  }

  async #sample(
    query: MetricsQuery,
    spans: ComparedSpans,
    spanCount: number,
  ): Promise<ValueSample> {
    if (spanCount <= this.#limits.fewSpans) return NO_SAMPLE;
    const share = sampledShare(spanCount);
    const reader = await this.#ask(query, selectSample(spans, share));
    return readSample(reader, { share, binCount: query.range.binCount });
  }

  /** Gives the keys of spans' attributes by their names. */
  async #count(counting: Counting, table: CompareTable): Promise<ReadonlyMap<string, string>> {
    const keys = new Map<string, string>();
    const counts = [
      ...MAP_SOURCES.map((source) => () => this.#countMap(counting, source, { table, keys })),
      () => this.#countComplex(counting, table),
      () => this.#countColumns(counting, table),
    ];
    if (counting.isQuick) await Promise.all(counts.map((count) => count()));
    else for (const count of counts) await count();
    return keys;
  }

  async #countMap(
    { query, spans, toldApart }: Counting,
    source: MapSource,
    { table, keys }: { readonly table: CompareTable; readonly keys: Map<string, string> },
  ): Promise<void> {
    const reader = await this.#ask(query, selectMapCounts(source, spans, toldApart(source)));
    while (!reader.isAtEnd) {
      const { key, value, counts } = readMapRow(reader, source.type);
      const name = nameOf(source, key);
      keys.set(name, key);
      table.add(name, value, counts);
    }
  }

  async #countComplex({ query, spans }: Counting, table: CompareTable): Promise<void> {
    const reader = await this.#ask(query, selectComplexCounts(spans));
    while (!reader.isAtEnd) {
      const { key, counts } = readMapRow(reader, 'string');
      table.add(comparedName('span', key), undefined, counts);
    }
  }

  async #countColumns({ query, spans, toldApart }: Counting, table: CompareTable): Promise<void> {
    const reader = await this.#ask(query, selectColumnCounts(spans, toldApart));
    let ofResources: ResourceRow[] = [];
    let ofSets: SetRow[] = [];
    while (!reader.isAtEnd) {
      const row = readColumnRow(reader);
      if (row.kind === 'resource') ofResources.push(row);
      else if (row.kind === 'set') ofSets.push(row);
      else table.add(row.source.attribute, row.value, row.counts);
      if (ofResources.length + ofSets.length < ROWS_AT_ONCE && !reader.isAtEnd) continue;
      await this.#countResources(query, ofResources, table);
      await this.#countSets(query, ofSets, table);
      ofResources = [];
      ofSets = [];
    }
  }

  async #countSets(
    { tenant, signal }: MetricsQuery,
    rows: readonly SetRow[],
    table: CompareTable,
  ): Promise<void> {
    const ids = new Set(rows.map(({ setId }) => setId));
    const sets = await this.#options.loader.readAttributeSets(tenant, ids, signal);
    for (const { setId, counts } of rows) compareAttributes(sets.get(setId) ?? [], table, counts);
  }

  async #countResources(
    { tenant, signal }: MetricsQuery,
    rows: readonly ResourceRow[],
    table: CompareTable,
  ): Promise<void> {
    const ids = new Set(rows.map(({ resourceId }) => resourceId));
    const resources = await this.#options.loader.readResources(tenant, ids, signal);
    for (const { resourceId, service, counts } of rows) {
      compareResource(resources.get(resourceId) ?? { service, attributes: [] }, table, counts);
    }
  }

  async #ask({ signal }: MetricsQuery, statement: Sql): Promise<RowBinaryReader> {
    return new RowBinaryReader(await this.#options.engine.read(statement, { signal }));
  }
}

const NO_KEYS: ReadonlySet<string> = new Set();

function inOneInterval(range: MetricsRange): MetricsRange {
  return { ...range, stepNano: range.stepNano * BigInt(range.binCount), binCount: 1 };
}

function onlyOf(filter: SpansetFilter): Pipeline {
  return { stages: [filter], range: filter.range };
}

function conditionOf({ filters }: SearchPlan['candidates']): Sql {
  return any(filters.flatMap(({ alternatives }) => alternatives));
}

/** Those of the wanted values that a source may have, each with its key. */
function valuesOf(
  source: CompareSource,
  wanted: WantedValues,
  keys: ReadonlyMap<string, string>,
): readonly (readonly [key: string, value: Value])[] {
  const named = source.kind === 'column' ? [[source.attribute, ''] as const] : [...keys];
  return named.flatMap(([name, key]) =>
    [...(wanted.get(name)?.values() ?? [])].map((value) => [key, value] as const),
  );
}
