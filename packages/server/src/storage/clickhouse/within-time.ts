import { StorageError } from '@clew/model';

/**
 * Answers a question that takes several statements within the time that one may take. Rejects with what the signal was aborted
 * with, or with `StorageError` of code `deadline_exceeded`; the statement that is being answered is stopped.
 */
export async function withinTime<Answer>(
  limitMs: number,
  signal: AbortSignal | undefined,
  ask: (signal: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  const tooLate = new AbortController();
  const timer = setTimeout(() => {
    const message = `the query took longer than --query-timeout allows, which is ${limitMs / 1000} s`;
    tooLate.abort(new StorageError(message, { code: 'deadline_exceeded' }));
  }, limitMs);
  try {
    return await ask(
      signal === undefined ? tooLate.signal : AbortSignal.any([signal, tooLate.signal]),
    );
  } finally {
    clearTimeout(timer);
  }
}
