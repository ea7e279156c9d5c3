/** Calls, errors and latencies over time, from what is counted of all spans by the minute. */
import { quantileOf, unixNanoFromMs, unreachable } from '@clew/model';
import type { LatencySketch } from '@clew/model';
import type { QueryOptions, TraceQueries } from '../../../query/trace-queries.ts';
import { toMetricPoint } from './metric-family.ts';
import type { Metric, MetricFamily } from './metric-family.ts';
import type { MetricsParameters } from './metrics-parameters.ts';
import { SpanHistory } from './span-history.ts';
import type { Intervals } from './span-history.ts';

/** What is asked of spans. */
export type Measure =
  | { readonly kind: 'calls' | 'errors' }
  | { readonly kind: 'latencies'; readonly quantile: number };

export interface MetricsQuestion {
  readonly measure: Measure;
  readonly asked: MetricsParameters;
  readonly nowMs: number;
}

type SpanRate = Awaited<ReturnType<TraceQueries['readSpanRates']>>[number];

const MINUTE_MS = 60_000;
/** Intervals that the whole time is counted by. */
const MAX_INTERVALS = 5000;
/** Intervals whose latencies are added up for a point. */
const MAX_INTERVALS_PER_POINT = 60;

/** What the engine is asked for comes first; the points are computed as they are taken. */
export async function readMetrics(
  queries: TraceQueries,
  { measure, asked, nowMs }: MetricsQuestion,
  options: QueryOptions,
): Promise<MetricFamily> {
  const intervals = intervalsOf(asked, nowMs);
  const rates = await queries.readSpanRates(
    {
      startUnixNano: unixNanoFromMs(intervals.startMs),
      endUnixNano: unixNanoFromMs(intervals.startMs + intervals.count * intervals.lengthMs),
      stepNano: BigInt(intervals.lengthMs) * 1_000_000n,
      services: asked.services,
      kinds: asked.kinds,
      withoutLatency: measure.kind !== 'latencies',
      groupBy: [
        'service',
        ...(asked.isByOperation ? (['spanName'] as const) : []),
        ...(measure.kind === 'errors' ? (['status'] as const) : []),
      ],
    },
    options,
  );
  return {
    ...describe(measure, asked),
    metrics: computeMetrics(rates, { measure, asked }, intervals),
  };
}

/** The least time that all points together look back over, in whole minutes. */
function intervalsOf(asked: MetricsParameters, nowMs: number): Intervals {
  const { endMs, lookbackMs, ratePerMs } = asked;
  const fromMs = Math.max(0, endMs - lookbackMs - ratePerMs);
  const startMs = Math.floor(fromMs / MINUTE_MS) * MINUTE_MS;
  const minutes = Math.max(1, Math.ceil((endMs - startMs) / MINUTE_MS));
  const length = Math.max(
    1,
    Math.ceil(minutes / MAX_INTERVALS),
    Math.ceil(ratePerMs / MINUTE_MS / MAX_INTERVALS_PER_POINT),
  );
  return { startMs, lengthMs: length * MINUTE_MS, count: Math.ceil(minutes / length), nowMs };
}

function describe(
  measure: Measure,
  { isByOperation }: MetricsParameters,
): Omit<MetricFamily, 'metrics'> {
  const prefix = isByOperation ? 'service_operation' : 'service';
  const grouped = `grouped by service${isByOperation ? ' & operation' : ''}`;
  switch (measure.kind) {
    case 'calls':
      return { name: `${prefix}_call_rate`, type: 'GAUGE', help: `calls/sec, ${grouped}` };
    case 'errors': {
      const help = `error rate, computed as a fraction of errors/sec over calls/sec, ${grouped}`;
      return { name: `${prefix}_error_rate`, type: 'GAUGE', help };
    }
    case 'latencies': {
      const help = `${measure.quantile.toFixed(2)}th quantile latency, ${grouped}`;
      return { name: `${prefix}_latencies`, type: 'GAUGE', help };
    }
    default:
      return unreachable(measure);
  }
}

function* computeMetrics(
  rates: readonly SpanRate[],
  { measure, asked }: Omit<MetricsQuestion, 'nowMs'>,
  intervals: Intervals,
): Generator<Metric> {
  for (const { service, spanName, counts } of groupRates(rates)) {
    const labels = [
      { name: 'service_name', value: service },
      ...(asked.isByOperation ? [{ name: 'operation', value: spanName }] : []),
    ];
    const valueAt = createMeasurement(measure, { counts, asked, intervals });
    const { endMs, lookbackMs, stepMs } = asked;
    const pointCount = Math.floor(lookbackMs / stepMs) + 1;
    const metricPoints = Array.from({ length: pointCount }, (_, index) => {
      const unixMs = endMs - lookbackMs + index * stepMs;
      return toMetricPoint(unixMs, valueAt(unixMs));
    });
    yield { labels, metricPoints };
  }
}

interface RateGroup {
  readonly service: string;
  readonly spanName: string;
  readonly counts: GroupCounts;
}

/** By the number of the interval. */
interface GroupCounts {
  readonly weights: number[];
  readonly errorWeights: number[];
  readonly latencies: LatencySketch[];
}

/** Sorted by service and span name. */
function groupRates(rates: readonly SpanRate[]): readonly RateGroup[] {
  const groups = new Map<string, RateGroup>();
  for (const { service = '', spanName = '', status, interval, weight, latency } of rates) {
    const key = JSON.stringify([service, spanName]);
    let group = groups.get(key);
    if (group === undefined) {
      group = { service, spanName, counts: { weights: [], errorWeights: [], latencies: [] } };
      groups.set(key, group);
    }
    const { weights, errorWeights, latencies } = group.counts;
    weights[interval] = (weights[interval] ?? 0) + weight;
    if (status === 'error') errorWeights[interval] = (errorWeights[interval] ?? 0) + weight;
    latencies[interval] = latency;
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

interface Measured {
  readonly counts: GroupCounts;
  readonly asked: MetricsParameters;
  readonly intervals: Intervals;
}

/** The value of a point, which looks back from a time. */
function createMeasurement(
  measure: Measure,
  { counts, asked, intervals }: Measured,
): (unixMs: number) => number {
  const { ratePerMs } = asked;
  const all = new SpanHistory(intervals, counts.weights, counts.latencies);
  switch (measure.kind) {
    case 'calls':
      return (unixMs) => all.weightBetween(unixMs - ratePerMs, unixMs) / (ratePerMs / 1000);
    case 'errors': {
      const failed = new SpanHistory(intervals, counts.errorWeights, []);
      // Of no calls there is no share: that is not a number.
      return (unixMs) =>
        failed.weightBetween(unixMs - ratePerMs, unixMs) /
        all.weightBetween(unixMs - ratePerMs, unixMs);
    }
    case 'latencies': {
      const { quantile } = measure;
      return (unixMs) =>
        quantileOf(all.latencyBetween(unixMs - ratePerMs, unixMs), quantile) / 1_000_000;
    }
    default:
      return unreachable(measure);
  }
}
