import { searchOfConditions } from '@clew/traceql';
import type { FoundTrace, QueryOptions, TraceQueries } from '../../query/trace-queries.ts';
import { conditionOfNames } from './conditions.ts';
import { findServices, findSpanNames } from './find-names.ts';
import type { ZipkinSearch } from './search-parameters.ts';

/**
 * Traces, newest first, some at a time. Zipkin knows names in lower case only, and whoever asks it may write them
 * so: where nothing is found, they are looked for once more whatever their case.
 */
export async function* findTraces(
  queries: TraceQueries,
  search: ZipkinSearch,
  options: QueryOptions,
): AsyncGenerator<readonly FoundTrace[]> {
  const { serviceName, spanName } = search;
  const asWritten = {
    services: serviceName === undefined ? [] : [serviceName],
    spanNames: spanName === undefined ? [] : [spanName],
  };
  let isFound = false;
  for await (const traces of streamFound(queries, search, asWritten, options)) {
    isFound = true;
    yield traces;
  }
  if (isFound || serviceName === undefined) return;
  const services = await findServices(queries, serviceName, options);
  if (services.length === 0) return;
  const spanNames =
    spanName === undefined ? [] : await findSpanNames(queries, services, spanName, options);
  if (spanName !== undefined && spanNames.length === 0) return;
  const names = { services, spanNames };
  if (JSON.stringify(names) === JSON.stringify(asWritten)) return;
  yield* streamFound(queries, search, names, options);
}

interface Names {
  readonly services: readonly string[];
  readonly spanNames: readonly string[];
}

function streamFound(
  queries: TraceQueries,
  { others, startUnixNano, endUnixNano, limit }: ZipkinSearch,
  { services, spanNames }: Names,
  options: QueryOptions,
): AsyncGenerator<readonly FoundTrace[]> {
  const conditions = [...others];
  if (spanNames.length > 0) conditions.unshift(conditionOfNames('spanName', spanNames));
  if (services.length > 0) conditions.unshift(conditionOfNames('service', services));
  const search = searchOfConditions(conditions);
  return queries.streamFoundTraces({ search, startUnixNano, endUnixNano, limit }, options);
}
