import { useQuery } from '@tanstack/react-query';
import type { AttributeValues, SpanAttribute } from '../../trace/span-attribute.ts';
import type { TraceView } from '../../trace/trace-view.ts';
import { readAttributeValues } from './read-attribute-values.ts';
import type { TraceClient } from './trace-client.ts';

export interface LoadedValues {
  /** Undefined while they are loaded, and when they could not be. */
  readonly values: AttributeValues | undefined;
  readonly error: Error | undefined;
  readonly retry: () => void;
}

/** The values of an attribute, which the columns do not know, on all spans: one question, asked once of each attribute. */
export function useAttributeValues(
  client: TraceClient,
  { traceId, spanCount, clock }: Pick<TraceView, 'traceId' | 'spanCount' | 'clock'>,
  attribute: SpanAttribute | undefined,
): LoadedValues {
  // Values come in the order of the spans.
  const isMoved = clock?.sentIndexes !== undefined;
  const { data, error, refetch } = useQuery({
    queryKey: ['trace-attribute', traceId, spanCount, isMoved, attribute?.scope, attribute?.key],
    enabled: attribute !== undefined,
    queryFn: async ({ signal }): Promise<AttributeValues> => {
      if (attribute === undefined) throw new Error('no attribute is asked for');
      return readAttributeValues(client, { traceId, spanCount, clock }, { attribute, signal });
    },
    structuralSharing: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return { values: data, error: error ?? undefined, retry: () => void refetch() };
}
