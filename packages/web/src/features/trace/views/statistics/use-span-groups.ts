import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { GroupBy } from '../../../../state/view-options.ts';
import { groupSpans } from '../../../../trace/groups/group-spans.ts';
import type { SpanGroups } from '../../../../trace/groups/group-spans.ts';
import type { TraceView } from '../../../../trace/trace-view.ts';
import type { TraceClient } from '../../trace-client.ts';
import { readAttributeGroups } from './read-attribute-groups.ts';

export interface GroupedSpans {
  /** Undefined while they are loaded, and when they could not be. */
  readonly groups: SpanGroups | undefined;
  readonly error: Error | undefined;
  readonly retry: () => void;
}

/** The groups of the spans. What the columns do not know, the values of an attribute, is read from the server for all spans. */
export function useSpanGroups(
  client: TraceClient,
  view: TraceView,
  groupBy: GroupBy,
): GroupedSpans {
  const attribute = typeof groupBy === 'string' ? undefined : groupBy;
  const { traceId, spanCount } = view;
  const values = useQuery({
    queryKey: ['trace-attribute', traceId, spanCount, attribute?.scope, attribute?.key],
    enabled: attribute !== undefined,
    queryFn: async ({ signal }) => {
      if (attribute === undefined) throw new Error('no attribute is asked for');
      return readAttributeGroups(client, { traceId, spanCount }, { attribute, signal });
    },
    structuralSharing: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const { data } = values;
  const groups = useMemo(() => {
    if (typeof groupBy === 'string') return groupSpans(view, groupBy);
    return data;
  }, [view, groupBy, data]);
  return { groups, error: values.error ?? undefined, retry: () => void values.refetch() };
}
