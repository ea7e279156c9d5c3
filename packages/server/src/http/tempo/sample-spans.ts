/** Spans to learn from what others of their kind have: the newest that answer. */
import type { Span } from '@clew/model';
import type { SearchQuery } from '@clew/traceql';
import { ALL_SPANS, NOWHERE } from '../../query/metrics-query.ts';
import type { QueryOptions, TraceQueries } from '../../query/trace-queries.ts';
import type { TimeRange } from './parameters.ts';

const SAMPLE_SIZE = 1000;

export const ANYTHING: SearchQuery = {
  kind: 'search',
  pipeline: { stages: [ALL_SPANS], range: NOWHERE },
  order: undefined,
  hints: [],
  range: NOWHERE,
};

export async function sampleSpans(
  queries: TraceQueries,
  { search, time }: { readonly search: SearchQuery; readonly time: TimeRange },
  options: QueryOptions,
): Promise<readonly Span[]> {
  const asked = { search, ...time, limit: SAMPLE_SIZE };
  return (await queries.searchSpans(asked, options)).spans;
}
