import type { FoundTrace, QueryOptions, TraceQueries } from '../../query/trace-queries.ts';
import { toTraceSearches } from './search-terms.ts';
import type { SearchTerms } from './search-terms.ts';

/** What a search finds, newest first. */
export async function findTraces(
  queries: TraceQueries,
  terms: SearchTerms,
  options: QueryOptions,
): Promise<readonly FoundTrace[]> {
  const [first, second] = toTraceSearches(terms);
  const { traces } = await queries.searchTraces(first, options);
  if (second === undefined) return traces;
  // What is older than all that was found would not be among the newest.
  const oldest = traces.length < first.limit ? undefined : traces.at(-1)?.matchedStartUnixNano;
  const startUnixNano = oldest ?? second.startUnixNano;
  const others = await queries.searchTraces({ ...second, startUnixNano }, options);
  return mergeFound(traces, others.traces).slice(0, first.limit);
}

/** Each trace once, where its newest match is. */
function mergeFound(
  first: readonly FoundTrace[],
  second: readonly FoundTrace[],
): readonly FoundTrace[] {
  if (second.length === 0) return first;
  const newest = new Map<string, FoundTrace>();
  for (const found of [...first, ...second]) {
    const other = newest.get(found.traceId);
    if (other === undefined || other.matchedStartUnixNano < found.matchedStartUnixNano) {
      newest.set(found.traceId, found);
    }
  }
  return [...newest.values()].sort(
    (a, b) =>
      compare(b.matchedStartUnixNano, a.matchedStartUnixNano) || compare(b.traceId, a.traceId),
  );
}

function compare<Value extends bigint | string>(a: Value, b: Value): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
