/** Which spans of one trace are meant by somebody who looks at it, in the order of their starts. */
import { createTextMatcher } from '@clew/model';
import type { SpanId, TraceId } from '@clew/model';
import type { SearchQuery } from '@clew/traceql';
import type { QueryOptions, TraceQueries } from './trace-queries.ts';

/** Those in which all words of a text occur (`createTextMatcher`). The trace may have any size. Throws `NotFoundError` when it is not stored. */
export async function findText(
  queries: TraceQueries,
  traceId: TraceId,
  text: string,
  options: QueryOptions,
): Promise<readonly SpanId[]> {
  const matches = createTextMatcher(text);
  const found: SpanId[] = [];
  for await (const spans of queries.streamTrace(traceId, options)) {
    for (const span of spans) if (matches(span)) found.push(span.spanId);
  }
  return found;
}

/** Those of the spansets that a search yields. Of a trace that is not stored, and of one that does not answer, there are none. */
export async function findAnswers(
  queries: TraceQueries,
  traceId: TraceId,
  search: SearchQuery,
  options: QueryOptions,
): Promise<readonly SpanId[]> {
  const request = { search, traceIds: [traceId], shownCount: Number.POSITIVE_INFINITY, fields: [] };
  const spansets = (await queries.readSpansets(request, options)).get(traceId) ?? [];
  const spanIds = spansets.flatMap(({ spans }) => spans.map(({ spanId }) => spanId));
  return spansets.length > 1 ? [...new Set(spanIds)] : spanIds;
}
