/**
 * The metrics there are: those that Tempo's metrics generator makes of spans, and those of OpenTelemetry's span metrics
 * connector, by their names in Prometheus. All are counters.
 */

/** What a metric is computed of. */
export type MetricSource = 'edges' | 'spans';

export interface Metric {
  readonly name: string;
  /** The name without what tells the parts of a histogram apart. */
  readonly family: string;
  readonly part: 'total' | 'bucket' | 'sum' | 'count';
  readonly source: MetricSource;
  /** What a part other than `bucket` counts: calls, failed ones, or time as one side measured it. */
  readonly counts: 'calls' | 'failed' | 'clientTime' | 'serverTime' | 'time';
  /** How many of the unit of time are a second. */
  readonly perSecond: number;
  /** Of `spans`, the name of the label with the service. */
  readonly serviceLabel: 'service' | 'service_name';
  readonly help: string;
}

const EDGE_LABELS: readonly string[] = ['client', 'server', 'connection_type'];
const SPAN_LABELS: readonly string[] = ['span_name', 'span_kind', 'status_code'];

export const METRICS: readonly Metric[] = [
  counter('traces_service_graph_request_total', 'edges', 'calls', 'Requests between two services.'),
  counter(
    'traces_service_graph_request_failed_total',
    'edges',
    'failed',
    'Failed requests between two services.',
  ),
  ...histogram('traces_service_graph_request_server_seconds', {
    source: 'edges',
    counts: 'serverTime',
    help: 'How long requests between two services took, as the server measured them.',
  }),
  ...histogram('traces_service_graph_request_client_seconds', {
    source: 'edges',
    counts: 'clientTime',
    help: 'How long requests between two services took, as the client measured them.',
  }),
  counter('traces_spanmetrics_calls_total', 'spans', 'calls', 'Spans.'),
  ...histogram('traces_spanmetrics_latency', { help: 'How long spans took, in seconds.' }),
  {
    ...counter('traces_span_metrics_calls_total', 'spans', 'calls', 'Spans.'),
    serviceLabel: 'service_name',
  },
  ...histogram('traces_span_metrics_duration_seconds', {
    serviceLabel: 'service_name',
    help: 'How long spans took, in seconds.',
  }),
  ...histogram('traces_span_metrics_duration_milliseconds', {
    serviceLabel: 'service_name',
    perSecond: 1000,
    help: 'How long spans took, in milliseconds.',
  }),
];

/** Without the name. */
export function labelNamesOf({ source, serviceLabel, part }: Metric): readonly string[] {
  const names = source === 'edges' ? EDGE_LABELS : [serviceLabel, ...SPAN_LABELS];
  return part === 'bucket' ? [...names, 'le'] : names;
}

function counter(
  name: string,
  source: MetricSource,
  counts: Metric['counts'],
  help: string,
): Metric {
  return {
    name,
    family: name,
    part: 'total',
    source,
    counts,
    perSecond: 1,
    serviceLabel: 'service',
    help,
  };
}

function histogram(
  family: string,
  given: Partial<Metric> & Pick<Metric, 'help'>,
): readonly Metric[] {
  const { source = 'spans', counts = 'time' } = given;
  const base = { ...counter(family, source, counts, given.help), ...given };
  return [
    { ...base, name: `${family}_bucket`, part: 'bucket' },
    { ...base, name: `${family}_sum`, part: 'sum' },
    { ...base, name: `${family}_count`, part: 'count', counts: 'calls' },
  ];
}
