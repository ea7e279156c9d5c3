/** What `/api/metrics/*` answer: OpenMetrics' families as protobuf's JSON has them. */

export interface MetricFamily {
  readonly name: string;
  readonly type: 'GAUGE';
  readonly help: string;
  readonly metrics: Iterable<Metric>;
}

export interface Metric {
  readonly labels: readonly { readonly name: string; readonly value: string }[];
  readonly metricPoints: readonly MetricPoint[];
}

export interface MetricPoint {
  /** `NaN` where there is nothing to tell. */
  readonly gaugeValue: { readonly doubleValue: number | 'NaN' };
  readonly timestamp: string;
}

export function toMetricPoint(unixMs: number, value: number): MetricPoint {
  return {
    gaugeValue: { doubleValue: Number.isNaN(value) ? 'NaN' : value },
    timestamp: new Date(unixMs).toISOString().replace('.000Z', 'Z'),
  };
}

/** A family may have a thousand metrics of a thousand points each. */
export async function* metricFamilyPieces({
  metrics,
  ...head
}: MetricFamily): AsyncGenerator<string> {
  let before = `${JSON.stringify(head).slice(0, -1)},"metrics":[`;
  let isEmpty = true;
  for (const metric of metrics) {
    yield `${before}${JSON.stringify(metric)}`;
    before = ',';
    isEmpty = false;
  }
  yield `${isEmpty ? before : ''}]}\n`;
}
