import type { QueryOptions, TraceQueries } from '../../query/trace-queries.ts';
import type { ZipkinTimes } from './search-parameters.ts';

/** A call from one service to another, or to a database, a queue or a host that sends no spans. */
export interface DependencyLink {
  readonly parent: string;
  readonly child: string;
  readonly callCount: number;
  /** Absent when there are none. */
  readonly errorCount?: number;
}

/** Sorted by parent, then child; whole minutes that overlap the time. */
export async function readDependencies(
  queries: TraceQueries,
  times: ZipkinTimes,
  options: QueryOptions,
): Promise<readonly DependencyLink[]> {
  const edges = await queries.readServiceEdges({ ...times, stepNano: undefined }, options);
  const links = new Map<string, DependencyLink>();
  for (const { client, server, callCount, errorCount } of edges) {
    if (client === '' || server === '') continue;
    const key = JSON.stringify([client, server]);
    const before = links.get(key);
    const errors = (before?.errorCount ?? 0) + errorCount;
    links.set(key, {
      parent: client,
      child: server,
      callCount: (before?.callCount ?? 0) + callCount,
      ...(errors === 0 ? {} : { errorCount: errors }),
    });
  }
  return [...links.values()].sort(
    (a, b) => compare(a.parent, b.parent) || compare(a.child, b.child),
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
