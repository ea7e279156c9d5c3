import type { ClewClient, TraceJson } from '@clew/api';
import { useQuery } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';

/**
 * Loads a trace. The last answer stays while a newer one is on its way, and is never compared with it part by part: a trace
 * may have a hundred thousand spans.
 */
export function useTrace(
  client: Pick<ClewClient, 'readTrace'>,
  traceId: string,
): UseQueryResult<TraceJson> {
  return useQuery({
    queryKey: ['trace', traceId],
    queryFn: ({ signal }) => client.readTrace(traceId, { signal }),
    structuralSharing: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
