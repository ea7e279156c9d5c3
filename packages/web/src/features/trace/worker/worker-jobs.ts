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
