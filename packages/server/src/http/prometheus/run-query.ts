import { setImmediate } from 'node:timers/promises';
import { InvalidQueryError } from '@clew/model';
import type { QueryOptions, TraceQueries } from '../../query/trace-queries.ts';
import { METRICS } from './metric-catalog.ts';
import { MinuteCounts } from './minute-counts.ts';
import { compilePromql } from './promql/compile-promql.ts';
import type { Evaluation, PromqlValue, Selection } from './promql/compile-promql.ts';
import { PromqlExecutionError } from './promql/execution-error.ts';
import { findSelections } from './promql/find-selections.ts';
import { METRIC_NAME, labelsKey } from './promql/labels.ts';
import type { Labels, Sample } from './promql/labels.ts';
import { parsePromql } from './promql/parse-promql.ts';
import { rangeOf } from './promql/subquery-times.ts';
import type { Selector } from './promql/syntax-tree.ts';
import { originOf, readCounters } from './read-counters.ts';

/** A value, and what should be said about it. */
export interface QueryAnswer<Value> {
  readonly value: Value;
  readonly warnings: readonly string[];
}

/** Numbers over time; one is missing where there is nothing. */
export interface RangeSeries {
  readonly labels: Labels;
  readonly points: { readonly timeMs: number; readonly value: number }[];
}

/** Longer than this nobody else on the thread waits. */
const TURN_MS = 20;

/** Throws `InvalidQueryError`, `PromqlExecutionError` and `LimitError`. */
export async function runInstantQuery(
  queries: TraceQueries,
  { query, timeMs }: { readonly query: string; readonly timeMs: number },
  options: QueryOptions,
): Promise<QueryAnswer<PromqlValue>> {
  const { evaluate, warnings } = await prepare(queries, { query, timesMs: [timeMs] }, options);
  const value = evaluate(0);
  // Only to refuse what is there twice.
  new SeriesCollection().add(timeMs, value);
  return { value, warnings };
}

/** The same at several moments; a scalar is a series without labels. */
export async function runRangeQuery(
  queries: TraceQueries,
  { query, timesMs }: { readonly query: string; readonly timesMs: readonly number[] },
  options: QueryOptions,
): Promise<QueryAnswer<readonly RangeSeries[]>> {
  const { evaluate, warnings } = await prepare(queries, { query, timesMs }, options);
  if (typeof evaluate(0) === 'string') {
    const message =
      'invalid expression type "string" for range query, must be Scalar or instant Vector';
    throw new InvalidQueryError(message, { parameter: 'query' });
  }
  const series = new SeriesCollection();
  let turnStarted = performance.now();
  for (const [step, timeMs] of timesMs.entries()) {
    series.add(timeMs, evaluate(step));
    if (performance.now() - turnStarted > TURN_MS) {
      await setImmediate();
      options.signal?.throwIfAborted();
      turnStarted = performance.now();
    }
  }
  return { value: series.finish(), warnings };
}

interface Prepared {
  readonly evaluate: Evaluation;
  readonly warnings: readonly string[];
}

/** Reads all that the query needs, in few questions to the store. */
async function prepare(
  queries: TraceQueries,
  { query, timesMs }: { readonly query: string; readonly timesMs: readonly number[] },
  options: QueryOptions,
): Promise<Prepared> {
  const expression = parsePromql(query);
  const counts = new MinuteCounts(queries, options);
  const read = new Map<Selection, Evaluation<readonly Sample[]>>();
  const warnings = new Set<string>();
  const uses = findSelections(expression, timesMs);
  const originMs = originOf(uses);
  for (const use of uses) {
    const { samples, isKnown } = await readCounters(counts, use, originMs);
    if (!isKnown) warnings.add(`no metric here is ${nameOf(use.selector)}; ${KNOWN}`);
    read.set(use.selection, samples);
  }
  const nothing: Evaluation<readonly Sample[]> = () => [];
  const source = {
    read: (selection: Selection) => read.get(selection) ?? nothing,
    timesMs,
    range: rangeOf(timesMs),
  };
  return { evaluate: compilePromql(expression, source), warnings: [...warnings] };
}

const KNOWN = `those are computed of spans: ${[...new Set(METRICS.map(({ family }) => family))].join(', ')}`;

function nameOf({ matchers }: Selector): string {
  const name = matchers.find(({ label }) => label === METRIC_NAME);
  return name === undefined ? 'meant' : `"${name.value}"`;
}

class SeriesCollection {
  readonly #known = new WeakMap<Labels, RangeSeries>();
  readonly #byKey = new Map<string, RangeSeries>();

  add(timeMs: number, value: PromqlValue): void {
    if (typeof value === 'number') this.#seriesOf(NO_LABELS).points.push({ timeMs, value });
    if (typeof value !== 'object') return;
    for (const sample of value) {
      const { points } = this.#seriesOf(sample.labels);
      if (points.at(-1)?.timeMs === timeMs) {
        throw new PromqlExecutionError('vector cannot contain metrics with the same labelset');
      }
      points.push({ timeMs, value: sample.value });
    }
  }

  /** Sorted by labels. */
  finish(): readonly RangeSeries[] {
    const sorted = [...this.#byKey].sort(([a], [b]) => (a < b ? -1 : 1));
    return sorted.map(([, series]) => series);
  }

  #seriesOf(labels: Labels): RangeSeries {
    const known = this.#known.get(labels);
    if (known !== undefined) return known;
    const key = labelsKey(labels);
    const series = this.#byKey.get(key) ?? { labels, points: [] };
    this.#byKey.set(key, series);
    this.#known.set(labels, series);
    return series;
  }
}

const NO_LABELS: Labels = new Map();
