import type { ClewClient } from '@clew/api';
import type { TraceView } from '../../trace/trace-view.ts';

/** What is asked of each of the traces; a file that was opened answers it too. */
export type CompareClient = Pick<ClewClient, 'readTraceColumns' | 'readSpan'>;

/** Loads a trace as the trace page does, so that one that was looked at is there at once. */
export type LoadTrace = (
  client: CompareClient,
  traceId: string,
  signal: AbortSignal,
) => Promise<TraceView>;
