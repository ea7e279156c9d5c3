import type { AttributeValueJson } from '@clew/api';
import { useQuery } from '@tanstack/react-query';
import { messages } from '../../messages/messages.ts';
import type { AttributeValues, SpanAttribute } from '../../trace/span-attribute.ts';
import type { TraceView } from '../../trace/trace-view.ts';
import { plainText } from './details/attribute-value.ts';
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
  { traceId, spanCount }: Pick<TraceView, 'traceId' | 'spanCount'>,
  attribute: SpanAttribute | undefined,
): LoadedValues {
  const { data, error, refetch } = useQuery({
    queryKey: ['trace-attribute', traceId, spanCount, attribute?.scope, attribute?.key],
    enabled: attribute !== undefined,
    queryFn: async ({ signal }): Promise<AttributeValues> => {
      if (attribute === undefined) throw new Error('no attribute is asked for');
      const answer = await client.readTraceAttribute(traceId, attribute, { signal });
      // Spans are told apart by their order: those that came meanwhile have moved the others.
      if (answer.valueIndexes.length !== spanCount) {
        throw new Error(messages.trace.statistics.changed);
      }
      return { texts: nameValues(answer.values), indexes: Int32Array.from(answer.valueIndexes) };
    },
    structuralSharing: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return { values: data, error: error ?? undefined, retry: () => void refetch() };
}

/** Values of different types may read the same: those say which is which. */
function nameValues(values: readonly AttributeValueJson[]): readonly string[] {
  const texts = values.map(plainText);
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const text of texts) (seen.has(text) ? twice : seen).add(text);
  return texts.map((text, at) => (twice.has(text) ? `${text} (${values[at]?.type ?? ''})` : text));
}
