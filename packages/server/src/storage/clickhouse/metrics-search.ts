import { unixNano } from '@clew/model';
import { boundsOf } from '@clew/traceql';
import type { Pipeline } from '@clew/traceql';
import type { MetricsQuery, TraceQuery } from '../span-store.ts';

/** The search for the traces whose spans a pipeline of a metrics query yields. */
export function searchOfMetrics(
  { tenant, signal, range }: MetricsQuery,
  pipeline: Pipeline,
): TraceQuery {
  const { startUnixNano, endUnixNano } = boundsOf(range);
  return {
    tenant,
    signal,
    search: { kind: 'search', pipeline, order: undefined, hints: [], range: pipeline.range },
    startUnixNano: unixNano(startUnixNano),
    endUnixNano: unixNano(endUnixNano),
    limit: 1,
  };
}
