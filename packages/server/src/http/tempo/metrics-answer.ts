/** Series as Tempo shows them. */
import { TEMPO_PARTIAL } from '@clew/protocol';
import type {
  TempoExemplar,
  TempoInstantResponse,
  TempoKeyValue,
  TempoRangeResponse,
  TempoSeriesState,
  TempoTimeSeries,
  TempoValue,
} from '@clew/protocol';
import type { Label, MetricsExpression, MetricsRange, Series } from '@clew/traceql';
import type { QueryOptions, TraceQueries } from '../../query/trace-queries.ts';
import { NIL, toTempoValue } from './any-value.ts';
import { assignExemplars, findExemplarSpans } from './exemplars.ts';
import type { TempoMetrics, TempoRangeMetrics } from './metrics-request.ts';

const DONE = { metrics: { completedJobs: 1, totalJobs: 1 } } as const;

export async function readRange(
  queries: TraceQueries,
  asked: TempoRangeMetrics,
  options: QueryOptions,
): Promise<TempoRangeResponse> {
  const { metrics, range, maxSeries } = asked;
  const [all, spans] = await Promise.all([
    queries.readMetrics({ metrics, range }, options),
    findExemplarSpans(queries, asked, options),
  ]);
  const series = all.slice(0, maxSeries);
  const exemplars = assignExemplars(spans, asked, series);
  const labelsOf = labelling(metrics.expression);
  return {
    series: series.map((each) => toTimeSeries(each, { range, labelsOf, exemplars })),
    ...DONE,
    ...(all.length > series.length ? cutTo(maxSeries) : {}),
  };
}

export async function readInstant(
  queries: TraceQueries,
  { metrics, range }: TempoMetrics,
  options: QueryOptions,
): Promise<TempoInstantResponse> {
  const series = await queries.readMetrics({ metrics, range }, options);
  const labelsOf = labelling(metrics.expression);
  return {
    series: series.flatMap(({ labels, values: [value = Number.NaN] }) =>
      Number.isFinite(value) ? [{ labels: labelsOf(labels), value }] : [],
    ),
    ...DONE,
  };
}

function cutTo(maxSeries: number): Pick<TempoSeriesState, 'status' | 'message'> {
  return {
    status: TEMPO_PARTIAL,
    message: `Response exceeds maximum series limit of ${maxSeries}, a partial response is returned`,
  };
}

interface SeriesContext {
  readonly range: MetricsRange;
  readonly labelsOf: (labels: readonly Label[]) => readonly TempoKeyValue[];
  readonly exemplars: ReadonlyMap<Series, readonly TempoExemplar[]>;
}

function toTimeSeries(
  series: Series,
  { range, labelsOf, exemplars }: SeriesContext,
): TempoTimeSeries {
  const samples: { timestampMs: bigint; value: number }[] = [];
  for (const [bin, value] of series.values.entries()) {
    if (Number.isFinite(value)) samples.push({ timestampMs: endOfBin(range, bin), value });
  }
  const found = exemplars.get(series);
  return {
    labels: labelsOf(series.labels),
    samples,
    ...(found === undefined ? {} : { exemplars: found }),
  };
}

/** An interval goes by its last moment, milliseconds. */
function endOfBin({ startUnixNano, stepNano }: MetricsRange, bin: number): bigint {
  return (startUnixNano - 1n + stepNano * BigInt(bin + 1)) / 1_000_000n;
}

/** A label that says nothing is left out where another says something, and series without any go by their function. */
function labelling(
  expression: MetricsExpression,
): (labels: readonly Label[]) => readonly TempoKeyValue[] {
  const name = expression.kind === 'metricsPipeline' ? expression.function.name : undefined;
  return (labels) => {
    if (labels.length === 0) {
      return name === undefined ? [] : [{ key: '__name__', value: { stringValue: name } }];
    }
    if (name === 'compare') return labels.map(toKeyValue);
    const said = labels.filter(({ value }) => value !== undefined);
    return (said.length === 0 ? labels.slice(0, 1) : said).map(toKeyValue);
  };
}

function toKeyValue({ name, value }: Label): TempoKeyValue {
  const shown: TempoValue | undefined = value === undefined ? NIL : toTempoValue(value);
  return { key: name, value: shown ?? NIL };
}
