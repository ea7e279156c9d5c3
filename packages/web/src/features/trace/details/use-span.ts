import type { ClewClient, SpanJson, TraceJson } from '@clew/api';
import { useQuery } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import { rankAmongTwins } from '../../../trace/span-key.ts';
import { spanIdOf } from '../../../trace/trace-view.ts';
import type { TraceView } from '../../../trace/trace-view.ts';

/** A span with all that it carries, and the answer whose resources and scopes it names. */
export interface LoadedSpan {
  readonly answer: TraceJson;
  readonly span: SpanJson;
}

/** Loads what the columns of a trace do not hold of a span. Spans do not change once they are stored. */
export function useSpan(
  client: Pick<ClewClient, 'readSpan'>,
  view: TraceView,
  spanIndex: number,
): UseQueryResult<LoadedSpan> {
  const { traceId } = view;
  const spanId = spanIdOf(view, spanIndex);
  // Looks at the ids of all spans before it, which is too much for each time that the details are rendered.
  const rank = useMemo(() => rankAmongTwins(view, spanIndex), [view, spanIndex]);
  return useQuery({
    queryKey: ['span', traceId, spanId, rank],
    queryFn: async ({ signal }) => {
      const answer = await client.readSpan(traceId, spanId, { signal });
      const span = answer.spans[rank];
      if (span === undefined) throw new Error('the span is not stored any more');
      return { answer, span };
    },
    structuralSharing: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
