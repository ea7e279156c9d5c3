import { durationNano } from '@clew/model';
import { searchOfConditions } from '@clew/traceql';
import type { Field, MetricsQuery, Series } from '@clew/traceql';
import { ZIPKIN_REMOTE_NAMES } from '@clew/protocol';
import type { QueryOptions, TraceQueries } from '../../query/trace-queries.ts';
import { conditionOfNames, hasRemoteService, remoteName } from './conditions.ts';
import type { ZipkinTimes } from './search-parameters.ts';

/** The names of the other ends that spans of some services had in a time, sorted. */
export async function listRemoteServices(
  queries: TraceQueries,
  services: readonly string[],
  { startUnixNano, endUnixNano }: ZipkinTimes,
  options: QueryOptions,
): Promise<readonly string[]> {
  const stepNano = durationNano(endUnixNano - startUnixNano);
  const range = { startUnixNano, stepNano, binCount: 1 };
  const series = await queries.readMetrics({ metrics: countsOf(services), range }, options);
  const names = series.map(nameOf).filter((name) => name !== undefined);
  return [...new Set(names)].sort();
}

/** How many spans have which names for the other end. */
function countsOf(services: readonly string[]): MetricsQuery {
  const conditions = [conditionOfNames('service', services), hasRemoteService()];
  const { pipeline, range } = searchOfConditions(conditions);
  const by: readonly Field[] = ZIPKIN_REMOTE_NAMES.map(remoteName);
  const expression = {
    kind: 'metricsPipeline',
    pipeline,
    function: { name: 'count_over_time', range },
    by,
    seconds: [],
    range,
  } as const;
  return { kind: 'metrics', expression, hints: [], range };
}

/** The best of the names; labels come in the order of the fields. */
function nameOf({ labels }: Series): string | undefined {
  for (const { value } of labels) {
    if (value?.type === 'string' && value.value !== '') return value.value;
  }
  return undefined;
}
