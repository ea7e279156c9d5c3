import { useEffect, useMemo, useState } from 'react';
import { isSmallJob, runJob } from './run-job.ts';
import { doJob } from './worker-jobs.ts';
import type { JobInput, JobName, JobResult } from './worker-jobs.ts';

/** What is asked of a job. It is another question when its input is another object. */
export interface JobQuestion<Name extends JobName, Subject> {
  /** Undefined while it is not known yet. */
  readonly input: JobInput<Name> | undefined;
  /** What makes two questions be of one trace: a result of another one is not kept. */
  readonly trace: unknown;
  /** What was chosen, for who shows the result. */
  readonly subject: Subject;
}

export interface JobState<Name extends JobName, Subject> {
  /** The last result of the trace, with what it was asked for; undefined until there is one. */
  readonly done: { readonly result: JobResult<Name>; readonly subject: Subject } | undefined;
  /** Whether the result is of an earlier question, or there is none. */
  readonly isPending: boolean;
}

/**
 * Does a job as often as its question changes, at once where it is small. A large one leaves what was there until it is done, and ends
 * when there is another question. Throws what it failed with.
 */
export function useJob<Name extends JobName, Subject>(
  job: Name,
  { input, trace, subject }: JobQuestion<Name, Subject>,
): JobState<Name, Subject> {
  const isSmall = input === undefined || isSmallJob(job, input);
  const small = useMemo(
    () => (isSmall && input !== undefined ? { result: doJob(job, input), subject } : undefined),
    [isSmall, job, input, subject],
  );
  const [made, setMade] = useState<MadeResult<Name, Subject> | undefined>(undefined);
  const [error, setError] = useState<Error | undefined>(undefined);
  useEffect(() => {
    if (isSmall) return undefined;
    const controller = new AbortController();
    const { signal } = controller;
    void runJob(job, input, { signal }).then(
      (result) => signal.aborted || setMade({ result, input, trace, subject }),
      (cause: unknown) => signal.aborted || setError(toError(cause)),
    );
    return () => controller.abort();
  }, [isSmall, job, input, trace, subject]);
  if (error !== undefined) throw error;
  if (small !== undefined) return { done: small, isPending: false };
  const done = made?.trace === trace ? made : undefined;
  return { done, isPending: input !== undefined && done?.input !== input };
}

interface MadeResult<Name extends JobName, Subject> extends JobQuestion<Name, Subject> {
  readonly result: JobResult<Name>;
}

function toError(cause: unknown): Error {
  return cause instanceof Error ? cause : new Error(String(cause));
}
