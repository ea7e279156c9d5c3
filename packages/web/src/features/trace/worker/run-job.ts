/**
 * Runs a job of `worker-jobs.ts` where it disturbs least. A worker of its own for each: it takes some 30 ms to start, less than the
 * job it is started for, and ends with it, so that a job that nobody waits for any more can be stopped.
 */
import { buffersOf } from '../../../base/buffers-of.ts';
import { doJob } from './worker-jobs.ts';
import type { JobAnswer, JobInput, JobName, JobRequest, JobResult } from './worker-jobs.ts';

/**
 * Larger traces take over 50 ms (measured: some 6 µs a span for an insight of a small trace, 1 µs for one of a large one, 0.3 µs to
 * 0.7 µs for a view, 0.1 µs to 0.35 µs for groups and for a graph).
 */
const MAX_SPANS_HERE: Readonly<Record<JobName, number>> = {
  view: 120_000,
  sentView: 120_000,
  insight: 2_000,
  groups: 120_000,
  graph: 120_000,
};

export interface JobOptions {
  readonly signal?: AbortSignal | undefined;
  /** Whether the input is given away: it need not be copied, and cannot be read here any more. */
  readonly isLast?: boolean;
}

export function isSmallJob(job: JobName, { spanCount }: JobInput<JobName>): boolean {
  return spanCount <= MAX_SPANS_HERE[job] || typeof Worker === 'undefined';
}

/** Rejects when the job fails, or is stopped by the signal. */
export function runJob<Name extends JobName>(
  job: Name,
  input: JobInput<Name>,
  { signal, isLast = false }: JobOptions = {},
): Promise<JobResult<Name>> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    if (isSmallJob(job, input)) {
      resolve(doJob(job, input));
      return;
    }
    const worker = new Worker(new URL('./trace-worker.ts', import.meta.url), { type: 'module' });
    const end = (settle: () => void) => {
      worker.terminate();
      signal?.removeEventListener('abort', onAbort);
      settle();
    };
    const onAbort = () => end(() => reject(signal?.reason as Error));
    signal?.addEventListener('abort', onAbort);
    worker.addEventListener('message', ({ data }: MessageEvent<JobAnswer>) =>
      end(() => {
        if ('failure' in data) reject(new Error(data.failure));
        else resolve(data.result as JobResult<Name>);
      }),
    );
    worker.addEventListener('error', ({ message }) =>
      end(() => reject(new Error(`the worker failed: ${message}`))),
    );
    const request: JobRequest = { job, input };
    worker.postMessage(request, isLast ? [...buffersOf(input)] : []);
  });
}
