/** Names as they were sent, for one that may be written in another case. */
import type { QueryOptions, TraceQueries } from '../../query/trace-queries.ts';

/** Sorted. */
export async function findServices(
  queries: TraceQueries,
  name: string,
  options: QueryOptions,
): Promise<readonly string[]> {
  const wanted = name.toLowerCase();
  const services = await queries.listServices(options);
  return services.filter((service) => service.toLowerCase() === wanted);
}

/** Those of several services, each once. */
export async function findSpanNames(
  queries: TraceQueries,
  services: readonly string[],
  name: string,
  options: QueryOptions,
): Promise<readonly string[]> {
  const wanted = name.toLowerCase();
  const names = await listSpanNames(queries, services, options);
  return names.filter((each) => each.toLowerCase() === wanted);
}

/** Those of several services, each once, sorted. */
export async function listSpanNames(
  queries: TraceQueries,
  services: readonly string[],
  options: QueryOptions,
): Promise<readonly string[]> {
  const names = new Set<string>();
  for (const service of services) {
    for (const { spanName } of await queries.listOperations(service, options)) names.add(spanName);
  }
  return [...names].sort();
}
