import { buildCallGraph } from '../../../trace/graph/build-call-graph.ts';
import { tabulateGroups } from '../../../trace/groups/tabulate-groups.ts';
import { gainInsight } from '../../../trace/trace-insight.ts';
import { buildCorrectedView, buildSentView } from '../../../trace/trace-view.ts';

/** What is computed of a trace, here or in a worker. */
export const JOBS = {
  view: buildCorrectedView,
  sentView: buildSentView,
  insight: gainInsight,
  groups: tabulateGroups,
  graph: buildCallGraph,
} as const;

export type JobName = keyof typeof JOBS;
export type JobInput<Name extends JobName> = Parameters<(typeof JOBS)[Name]>[0];
export type JobResult<Name extends JobName> = ReturnType<(typeof JOBS)[Name]>;

export interface JobRequest {
  readonly job: JobName;
  readonly input: JobInput<JobName>;
}

export type JobAnswer =
  | { readonly result: JobResult<JobName> }
  /** What went wrong, in words. */
  | { readonly failure: string };

/** Does a job on this thread. */
export function doJob<Name extends JobName>(job: Name, input: JobInput<Name>): JobResult<Name> {
  const compute = JOBS[job] as (input: JobInput<Name>) => JobResult<Name>;
  return compute(input);
}
