import type { ClewClient } from '@clew/api';
import type { TraceView } from '../../trace/trace-view.ts';
import { runJob } from './worker/run-job.ts';

/** Loads a trace as columns and builds its view. */
export async function loadTrace(
  client: Pick<ClewClient, 'readTraceColumns'>,
  traceId: string,
  signal: AbortSignal,
): Promise<TraceView> {
  const columns = await client.readTraceColumns(traceId, { signal });
  return runJob('view', columns, { signal, isLast: true });
}
