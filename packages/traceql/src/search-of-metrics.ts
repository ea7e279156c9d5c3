import type { MetricsQuery } from './syntax-tree.ts';

/**
 * The spans that a query makes its series of, as a search, in the words of `text`: `{ … }` of `{ … } | rate() by(…)`. Undefined for
 * arithmetic between series, which is of several.
 */
export function searchOfMetrics({ expression }: MetricsQuery, text: string): string | undefined {
  if (expression.kind !== 'metricsPipeline') return undefined;
  const { start, end } = expression.pipeline.range;
  return text.slice(start, end);
}
