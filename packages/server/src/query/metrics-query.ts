/** Queries of metrics that nobody typed. */
import type {
  Field,
  MetricsFunction,
  MetricsQuery,
  Pipeline,
  SpansetFilter,
  TextRange,
} from '@clew/traceql';

export const NOWHERE: TextRange = { start: 0, end: 0 };

export const ALL_SPANS: SpansetFilter = { kind: 'filter', condition: undefined, range: NOWHERE };

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
