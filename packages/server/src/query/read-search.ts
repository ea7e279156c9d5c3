import { QuerySyntaxError } from '@clew/model';
import { checkQuery, parseQuery, searchOfMetrics } from '@clew/traceql';
import type { MetricsQuery, SearchQuery } from '@clew/traceql';

/** Reads TraceQL that asks for traces. Throws `QuerySyntaxError` for anything else, of metrics with the search for their spans. */
export function readSearch(text: string): SearchQuery {
  const query = parseQuery(text);
  checkQuery(query, text);
  if (query.kind === 'search') return query;
  throw new QuerySyntaxError('expected a search, and this computes metrics', {
    text,
    position: query.range.start,
    suggestion: searchOfMetrics(query, text),
  });
}

/** Reads TraceQL that computes series. Throws `QuerySyntaxError` for anything else. */
export function readMetricsQuery(text: string): MetricsQuery {
  const query = parseQuery(text);
  checkQuery(query, text);
  if (query.kind === 'metrics') return query;
  throw new QuerySyntaxError('expected metrics such as "| rate()", and this is a search', {
    text,
    position: query.range.end,
  });
}
