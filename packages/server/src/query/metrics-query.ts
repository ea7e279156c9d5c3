/** Queries of metrics that nobody typed. */
import type { Field, MetricsFunction, MetricsQuery, Pipeline, TextRange } from '@clew/traceql';

export const NOWHERE: TextRange = { start: 0, end: 0 };

/** What a function computes of the spans of a pipeline, by one field. */
export function metricsBy(
  pipeline: Pipeline,
  metricsFunction: MetricsFunction,
  field: Field,
): MetricsQuery {
  return {
    kind: 'metrics',
    expression: {
      kind: 'metricsPipeline',
      pipeline,
      function: metricsFunction,
      by: [field],
      seconds: [],
      range: NOWHERE,
    },
    hints: [],
    range: NOWHERE,
  };
}
