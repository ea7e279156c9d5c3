/** Queries of metrics that nobody typed. */
import { NOWHERE } from '@clew/traceql';
import type { Field, MetricsFunction, MetricsQuery, Pipeline } from '@clew/traceql';

/** How many spans a pipeline yields. */
export function countOf(pipeline: Pipeline): MetricsQuery {
  return metricsOf(pipeline, { name: 'count_over_time', range: NOWHERE }, []);
}

/** What a function computes of the spans of a pipeline, by one field. */
export function metricsBy(
  pipeline: Pipeline,
  metricsFunction: MetricsFunction,
  field: Field,
): MetricsQuery {
  return metricsOf(pipeline, metricsFunction, [field]);
}

function metricsOf(
  pipeline: Pipeline,
  metricsFunction: MetricsFunction,
  by: readonly Field[],
): MetricsQuery {
  return {
    kind: 'metrics',
    expression: {
      kind: 'metricsPipeline',
      pipeline,
      function: metricsFunction,
      by,
      seconds: [],
      range: NOWHERE,
    },
    hints: [],
    range: NOWHERE,
  };
}
