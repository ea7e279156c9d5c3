import type { AttributeJson, SpanJson } from '@clew/api';
import { useQuery } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import { rankAmongTwins } from '../../../trace/span-key.ts';
import { spanIdOf } from '../../../trace/trace-view.ts';
import type { WorkSide } from '../work/side-of-work.ts';

/** What the columns do not hold of a span. */
export interface SpanOfSide {
  readonly span: SpanJson;
  readonly resource: readonly AttributeJson[];
}

/** Loads a span of one of the traces; asks nothing while `index` is -1. */
export function useSpanOf(
  { view, client }: WorkSide,
  index: number,
  isOfFile: boolean,
): UseQueryResult<SpanOfSide> {
  const spanId = index < 0 ? '' : spanIdOf(view, index);
  // Looks at the ids of all spans before it.
  const rank = useMemo(() => (index < 0 ? 0 : rankAmongTwins(view, index)), [view, index]);
  return useQuery({
    queryKey: [isOfFile ? 'opened-span' : 'compared-span', view.traceId, spanId, rank],
    enabled: index >= 0,
    queryFn: async ({ signal }) => {
      const { spans, resources } = await client.readSpan(view.traceId, spanId, { signal });
      const span = spans[rank];
      if (span === undefined) throw new Error('the span is not stored any more');
      return { span, resource: resources[span.resource]?.attributes ?? [] };
    },
    structuralSharing: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
