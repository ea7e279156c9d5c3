/** Which service calls which, from the edges that are found of what spans say of their own side of a call. */
import type { UnixNano } from '@clew/model';
import type { QueryOptions, TraceQueries } from '../../query/trace-queries.ts';

export interface DependencyLink {
  readonly parent: string;
  readonly child: string;
  readonly callCount: number;
}

export interface DependencyQuery {
  readonly startUnixNano: UnixNano;
  readonly endUnixNano: UnixNano;
  /** On either side; any when it is undefined or empty. */
  readonly service?: string | undefined;
}

/** Each pair once, sorted. */
export async function readDependencies(
  queries: TraceQueries,
  { startUnixNano, endUnixNano, service = '' }: DependencyQuery,
  options: QueryOptions,
): Promise<readonly DependencyLink[]> {
  const request = { startUnixNano, endUnixNano, withoutLatency: true };
  const edges = await queries.readServiceEdges(request, options);
  const links = new Map<string, DependencyLink>();
  for (const { client: parent, server: child, callCount } of edges) {
    if (service !== '' && parent !== service && child !== service) continue;
    const key = JSON.stringify([parent, child]);
    const earlier = links.get(key)?.callCount ?? 0;
    links.set(key, { parent, child, callCount: earlier + callCount });
  }
  return [...links.values()].sort(
    (a, b) => compareTexts(a.parent, b.parent) || compareTexts(a.child, b.child),
  );
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
