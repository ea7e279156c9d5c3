import type { ClewClient } from '@clew/api';
import { useQuery } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';
import type { TraceView } from '../../trace/trace-view.ts';
import { loadTrace } from './load-trace.ts';

/**
 * The trace as it is drawn. The last answer stays while a newer one is on its way, and is never compared with
 * it part by part: a trace may have a million spans.
 */
export function useTrace(
  client: Pick<ClewClient, 'readTraceColumns'>,
  traceId: string,
): UseQueryResult<TraceView> {
  return useQuery({
    queryKey: ['trace', traceId],
    queryFn: ({ signal }) => loadTrace(client, traceId, signal),
    structuralSharing: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
