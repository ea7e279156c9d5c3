/** Spans to learn from what others of their kind have: the newest that answer. */
import type { Span } from '@clew/model';
import { searchOfConditions } from '@clew/traceql';
import type { SearchQuery } from '@clew/traceql';
import type { QueryOptions, TraceQueries } from '../../query/trace-queries.ts';
import type { TimeRange } from './parameters.ts';

const SAMPLE_SIZE = 1000;

export const ANYTHING: SearchQuery = searchOfConditions([]);

export async function sampleSpans(
  queries: TraceQueries,
  { search, time }: { readonly search: SearchQuery; readonly time: TimeRange },
  options: QueryOptions,
): Promise<readonly Span[]> {
  const asked = { search, ...time, limit: SAMPLE_SIZE };
  return (await queries.searchSpans(asked, options)).spans;
}
