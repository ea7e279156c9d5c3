import type { AttributeValueJson } from '@clew/api';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { GroupBy } from '../../../../state/view-options.ts';
import { groupByValue, groupSpans } from '../../../../trace/groups/group-spans.ts';
import type { SpanGroups } from '../../../../trace/groups/group-spans.ts';
import type { TraceView } from '../../../../trace/trace-view.ts';
import { messages } from '../../../../messages/messages.ts';
import { plainText } from '../../../../attributes/attribute-value.ts';
import type { TraceClient } from '../../trace-client.ts';

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
      const answer = await client.readTraceAttribute(traceId, attribute, { signal });
      // Spans are told apart by their order: those that came meanwhile have moved the others.
      if (answer.valueIndexes.length !== spanCount) {
        throw new Error(messages.trace.statistics.changed);
      }
      return {
        texts: nameValues(answer.values),
        indexes: Int32Array.from(answer.valueIndexes),
      };
    },
    structuralSharing: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const { data } = values;
  const groups = useMemo(() => {
    if (typeof groupBy === 'string') return groupSpans(view, groupBy);
    return data === undefined ? undefined : groupByValue(data.texts, data.indexes);
  }, [view, groupBy, data]);
  return { groups, error: values.error ?? undefined, retry: () => void values.refetch() };
}

/** Values of different types may read the same: those say which is which. */
function nameValues(values: readonly AttributeValueJson[]): readonly string[] {
  const texts = values.map(plainText);
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const text of texts) (seen.has(text) ? twice : seen).add(text);
  return texts.map((text, at) => (twice.has(text) ? `${text} (${values[at]?.type ?? ''})` : text));
}
