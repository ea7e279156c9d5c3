import type { TraceColumns } from '@clew/model';
import { gainInsight } from '../../../trace/trace-insight.ts';
import { buildTraceView } from '../../../trace/trace-view.ts';

/** What is computed of a trace, here or in a worker. */
export const JOBS = { view: buildTraceView, insight: gainInsight } as const;

export type JobName = keyof typeof JOBS;
export type JobResult<Name extends JobName> = ReturnType<(typeof JOBS)[Name]>;

export interface JobRequest {
  readonly job: JobName;
  readonly columns: TraceColumns;
}

export type JobAnswer =
  | { readonly result: JobResult<JobName> }
  /** What went wrong, in words. */
  | { readonly failure: string };

/** The memory below a value, each once: handed over to another thread instead of being copied. */
export function buffersOf(value: unknown, found = new Set<ArrayBuffer>()): Set<ArrayBuffer> {
  if (typeof value !== 'object' || value === null) return found;
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer) found.add(value.buffer);
  } else if (!Array.isArray(value)) {
    for (const part of Object.values(value)) buffersOf(part, found);
  }
  return found;
}
