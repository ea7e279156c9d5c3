/** Spans that stand for the others of a series: some of each part of the time, the newest of each. */
import { unixNano } from '@clew/model';
import type { Span } from '@clew/model';
import type { TempoExemplar } from '@clew/protocol';
import {
  boundsOf,
  compileFields,
  isBeyondSpan,
  labelsKey,
  printField,
  searchOfConditions,
} from '@clew/traceql';
import type {
  MetricsExpression,
  MetricsPipeline,
  MetricsRange,
  Series,
  Value,
} from '@clew/traceql';
import type { QueryOptions, TraceQueries } from '../../query/trace-queries.ts';
import { toTempoAttribute } from './any-value.ts';
import { formatTempoTraceId } from './found-traces.ts';
import type { TempoRangeMetrics } from './metrics-request.ts';

/** Parts of the time that are looked at by themselves, so that exemplars are not all of its end. */
const MAX_PARTS = 4;

/** By time. None for arithmetic and comparisons, and where series go by what the trace alone can tell. */
export async function findExemplarSpans(
  queries: TraceQueries,
  { metrics: { expression }, range, exemplarCount }: TempoRangeMetrics,
  options: QueryOptions,
): Promise<readonly Span[]> {
  if (exemplarCount === 0 || !hasExemplars(expression)) return [];
  const search = { ...searchOfConditions([]), pipeline: expression.pipeline };
  const parts = partsOf(range);
  const limit = Math.ceil(exemplarCount / parts.length);
  const found = await Promise.all(
    parts.map((part) => queries.findSpans({ search, ...part, limit }, options)),
  );
  // The newest of each part come first.
  const spans = found.flatMap((part) => [...part.spans].reverse());
  return queries.readFoundSpans({ search, spans }, options);
}

function hasExemplars(expression: MetricsExpression): expression is MetricsPipeline {
  if (expression.kind !== 'metricsPipeline') return false;
  return expression.function.name !== 'compare' && !expression.by.some(isBeyondSpan);
}

/** Puts spans to the series that they count in. */
export function assignExemplars(
  spans: readonly Span[],
  { metrics: { expression }, range }: TempoRangeMetrics,
  series: readonly Series[],
): ReadonlyMap<Series, readonly TempoExemplar[]> {
  if (spans.length === 0 || !hasExemplars(expression)) return NONE;
  const board = new ExemplarBoard(expression, range, series);
  for (const span of spans) board.add(span);
  return board.exemplars;
}

const NONE: ReadonlyMap<Series, readonly TempoExemplar[]> = new Map();

/** Whole intervals each. */
function partsOf(range: MetricsRange): readonly {
  readonly startUnixNano: ReturnType<typeof unixNano>;
  readonly endUnixNano: ReturnType<typeof unixNano>;
}[] {
  const count = Math.min(MAX_PARTS, range.binCount);
  const edgeOf = (part: number) => {
    const bins = Math.floor((range.binCount * part) / count);
    return unixNano(boundsOf(range).startUnixNano + range.stepNano * BigInt(bins));
  };
  return Array.from({ length: count }, (_, part) => ({
    startUnixNano: edgeOf(part),
    endUnixNano: edgeOf(part + 1),
  }));
}

/** Puts spans to the series they count in. */
class ExemplarBoard {
  readonly exemplars = new Map<Series, TempoExemplar[]>();
  readonly #pipeline: MetricsPipeline;
  readonly #range: MetricsRange;
  readonly #seriesByGroup = new Map<string, Series[]>();
  readonly #readFields: ReturnType<typeof compileFields>;

  constructor(pipeline: MetricsPipeline, range: MetricsRange, series: readonly Series[]) {
    this.#pipeline = pipeline;
    this.#range = range;
    for (const each of series) {
      const key = labelsKey(each.labels.slice(0, pipeline.by.length));
      const group = this.#seriesByGroup.get(key);
      if (group === undefined) this.#seriesByGroup.set(key, [each]);
      else group.push(each);
    }
    const { function: metricsFunction, by } = pipeline;
    this.#readFields = compileFields(
      'field' in metricsFunction ? [...by, metricsFunction.field] : by,
    );
  }

  add(span: Span): void {
    const { by, function: metricsFunction } = this.#pipeline;
    const values = this.#readFields({ traceId: span.traceId, spans: [span] })(0);
    const labels = by.map((field, index) => ({ name: printField(field), value: values[index] }));
    const bin = Number((span.startUnixNano - this.#range.startUnixNano) / this.#range.stepNano);
    const group = this.#seriesByGroup.get(labelsKey(labels)) ?? [];
    const number = 'field' in metricsFunction ? toNumber(values[by.length]) : undefined;
    if ('field' in metricsFunction && number === undefined) return;
    const series = number === undefined ? group[0] : nearest(group, number, bin);
    const value = number ?? series?.values[bin];
    if (series === undefined || value === undefined || Number.isNaN(value)) return;
    const exemplar: TempoExemplar = {
      labels: [
        ...labels
          .map(({ name, value }) => toTempoAttribute(name, value))
          .filter((label) => label !== undefined),
        { key: 'trace:id', value: { stringValue: formatTempoTraceId(span.traceId) } },
      ],
      value,
      timestampMs: span.startUnixNano / 1_000_000n,
    };
    const known = this.exemplars.get(series);
    if (known === undefined) this.exemplars.set(series, [exemplar]);
    else known.push(exemplar);
  }
}

/** Of quantiles and buckets of a group the lowest that is not below a number; the highest where all are. */
function nearest(group: readonly Series[], number: number, bin: number): Series | undefined {
  const heightOf = ({ labels, values }: Series): number => {
    const last = labels.at(-1);
    const isBucket = last?.name === '__bucket' && last.value?.type === 'float';
    return (
      (isBucket && last.value?.type === 'float' ? last.value.value : values[bin]) ?? Number.NaN
    );
  };
  const rising = group
    .filter((series) => !Number.isNaN(heightOf(series)))
    .sort((a, b) => heightOf(a) - heightOf(b));
  return rising.find((series) => heightOf(series) >= number) ?? rising.at(-1);
}

/** Durations in seconds, as series have them. */
function toNumber(value: Value | undefined): number | undefined {
  if (value?.type === 'duration') return Number(value.value) / 1e9;
  return value?.type === 'int' || value?.type === 'float' ? Number(value.value) : undefined;
}
