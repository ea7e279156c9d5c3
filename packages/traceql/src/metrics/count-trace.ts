/** Counts the spans of one trace after the other: the meaning of a metrics query, as `evaluate` is that of a search. */
import { samplingWeight } from '@clew/model';
import type { Trace } from '@clew/model';
import { compilePreparation } from '../evaluate/compile-preparation.ts';
import { createFieldReader } from '../evaluate/field.ts';
import { MatchBudget } from '../evaluate/match-budget.ts';
import { isPause } from '../evaluate/pausable.ts';
import type { Pausable } from '../evaluate/pausable.ts';
import { compilePipeline } from '../evaluate/search.ts';
import { TraceContext } from '../evaluate/trace-context.ts';
import { toNumber } from '../evaluate/value.ts';
import { printField } from '../print-query.ts';
import type { MetricsPipeline } from '../syntax-tree.ts';
import { bucketOf } from './buckets.ts';
import type { BucketKind } from './buckets.ts';
import { binOf } from './metrics-range.ts';
import type { MetricsRange } from './metrics-range.ts';
import type { MetricsTable } from './metrics-table.ts';

export interface CountOptions {
  readonly range: MetricsRange;
  /** Whether a span counts for all that its sampling left out. */
  readonly isWeighted: boolean;
  readonly buckets: BucketKind | undefined;
  /** Of the query, whose other pipelines spend it as well; one of its own where there is none. */
  readonly matchBudget?: MatchBudget;
}

/** Makes a function that counts the spans of a trace into a table. */
export function compileCount(
  { pipeline, function: metricsFunction, by }: MetricsPipeline,
  { range, isWeighted, buckets, matchBudget = new MatchBudget() }: CountOptions,
): (trace: Trace, table: MetricsTable) => Pausable<void> {
  const run = compilePipeline(pipeline);
  const numbered = 'field' in metricsFunction ? [metricsFunction.field] : [];
  const prepare = compilePreparation([...by, ...numbered]);
  const readers = by.map((field) => ({ name: printField(field), read: createFieldReader(field) }));
  const [readNumber] = numbered.map(createFieldReader);
  return function* (trace, table) {
    const context = new TraceContext(trace, matchBudget);
    const spansets = yield* run(context);
    yield* prepare(context);
    for (const [i, index] of spansets.flatMap(({ spans }) => spans).entries()) {
      if (isPause(i)) yield;
      const span = trace.spans[index];
      const bin = span === undefined ? -1 : binOf(span, range);
      if (span === undefined || bin < 0) continue;
      const labels = readers.map(({ name, read }) => ({ name, value: read(context, index) }));
      const cell = table.cell(labels, bin);
      const weight = isWeighted ? samplingWeight(span.traceState) : 1;
      cell.weight += weight;
      const number = toNumber(readNumber?.(context, index));
      if (number === undefined || Number.isNaN(number)) continue;
      cell.numberWeight += weight;
      cell.sum += number * weight;
      cell.min = Math.min(cell.min, number);
      cell.max = Math.max(cell.max, number);
      const bucket = buckets === undefined ? undefined : bucketOf(number, buckets);
      if (bucket !== undefined) {
        cell.buckets.set(bucket, (cell.buckets.get(bucket) ?? 0) + weight);
      }
    }
  };
}
