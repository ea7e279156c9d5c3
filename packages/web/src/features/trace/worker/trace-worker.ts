/** Computes of a trace, off the main thread, what would make a page stand still. */
import { buffersOf } from '../../../base/buffers-of.ts';
import { JOBS } from './worker-jobs.ts';
import type { JobAnswer, JobRequest } from './worker-jobs.ts';

/** The part of the worker's scope that is used; the library of the page does not declare it. */
interface WorkerScope {
  addEventListener(type: 'message', listener: (event: MessageEvent<JobRequest>) => void): void;
  postMessage(answer: JobAnswer, transfer: readonly ArrayBuffer[]): void;
}

const scope = globalThis as unknown as WorkerScope;

scope.addEventListener('message', ({ data: { job, columns } }) => {
  try {
    const result = JOBS[job](columns);
    scope.postMessage({ result }, [...buffersOf(result)]);
  } catch (error) {
    scope.postMessage({ failure: String(error) }, []);
  }
});
