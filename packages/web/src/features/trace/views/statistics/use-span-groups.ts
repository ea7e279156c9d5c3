import { useMemo } from 'react';
import type { GroupBy } from '../../../../state/view-options.ts';
import { groupByValue, groupSpans } from '../../../../trace/groups/group-spans.ts';
import type { SpanGroups } from '../../../../trace/groups/group-spans.ts';
import type { TraceView } from '../../../../trace/trace-view.ts';
import type { TraceClient } from '../../trace-client.ts';
import { useAttributeValues } from '../../use-attribute-values.ts';

export interface GroupedSpans {
  /** Undefined while they are loaded, and when they could not be. */
  readonly groups: SpanGroups | undefined;
  readonly error: Error | undefined;
  readonly retry: () => void;
}

/** The groups of the spans. */
export function useSpanGroups(
  client: TraceClient,
  view: TraceView,
  groupBy: GroupBy,
): GroupedSpans {
  const attribute = typeof groupBy === 'string' ? undefined : groupBy;
  const { values, error, retry } = useAttributeValues(client, view, attribute);
  const groups = useMemo(() => {
    if (typeof groupBy === 'string') return groupSpans(view, groupBy);
    return values === undefined ? undefined : groupByValue(values);
  }, [view, groupBy, values]);
  return { groups, error, retry };
}
