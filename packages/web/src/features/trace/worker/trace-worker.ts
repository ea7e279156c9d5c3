/** Computes of a trace, off the main thread, what would make a page stand still. */
import { buffersOf } from '../../../base/buffers-of.ts';
import { doJob } from './worker-jobs.ts';
import type { JobAnswer, JobRequest } from './worker-jobs.ts';

/** The part of the worker's scope that is used; the library of the page does not declare it. */
interface WorkerScope {
  addEventListener(type: 'message', listener: (event: MessageEvent<JobRequest>) => void): void;
  postMessage(answer: JobAnswer, transfer: readonly ArrayBuffer[]): void;
}

const scope = globalThis as unknown as WorkerScope;

scope.addEventListener('message', ({ data: { job, input } }) => {
  try {
    const result = doJob(job, input);
    scope.postMessage({ result }, [...buffersOf(result)]);
  } catch (error) {
    scope.postMessage({ failure: String(error) }, []);
  }
});
