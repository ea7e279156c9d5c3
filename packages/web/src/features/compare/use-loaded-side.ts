import { NotFoundError } from '@clew/model';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { ComparedTrace } from '../../state/compare-url.ts';
import type { TraceView } from '../../trace/trace-view.ts';
import type { CompareClient, LoadTrace } from './compare-client.ts';

/** One of the two traces: not named yet, on its way, there, or the reason why it is not. */
export interface LoadedSide {
  readonly trace: ComparedTrace | undefined;
  readonly client: CompareClient | undefined;
  readonly view: TraceView | undefined;
  readonly error: Error | undefined;
  readonly isLoading: boolean;
  readonly retry: () => void;
}

export interface SideSources {
  readonly client: CompareClient;
  /** Undefined when the file is not open (any more). */
  readonly findOpened: (traceId: string) => CompareClient | undefined;
  readonly loadTrace: LoadTrace;
}

/** `sources.findOpened` stays the same. */
export function useLoadedSide(sources: SideSources, trace: ComparedTrace | undefined): LoadedSide {
  const traceId = trace?.traceId;
  const isOfFile = trace?.source === 'file';
  const { findOpened } = sources;
  const opened = useMemo(
    () => (isOfFile && traceId !== undefined ? findOpened(traceId) : undefined),
    [isOfFile, traceId, findOpened],
  );
  const client = isOfFile ? opened : sources.client;
  const query = useQuery({
    // The store's answer is the trace page's, too; a file may have a trace of the same id.
    queryKey: isOfFile ? ['opened-trace', traceId] : ['trace', traceId],
    enabled: traceId !== undefined,
    queryFn: ({ signal }) => {
      if (traceId === undefined) throw new Error('no trace is named');
      if (client === undefined) throw new NotFoundError('file', traceId);
      return sources.loadTrace(client, traceId, signal);
    },
    structuralSharing: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return {
    trace,
    client,
    view: query.data,
    error: query.error ?? undefined,
    isLoading: query.isFetching,
    retry: () => void query.refetch(),
  };
}
