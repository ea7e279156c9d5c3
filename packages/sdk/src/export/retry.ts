/**
 * How a request that may be sent again is sent again: at most 5 tries with pauses of about 1, 2, 4 and 8 seconds. A receiver
 * that names a time is believed up to a minute, so that a wrong one does not silence the program.
 */
export const RETRY = { maxTries: 5, firstDelayMs: 1000, maxAfterMs: 60_000 };

/**
 * The pause after the given number of tries in a row: doubled each time up to `maxDelayMs`, and random in its upper half so
 * that clients spread.
 */
export function retryDelayMs(tries: number, maxDelayMs: number): number {
  const delayMs = Math.min(RETRY.firstDelayMs * 2 ** (tries - 1), maxDelayMs);
  return delayMs / 2 + (delayMs / 2) * Math.random();
}

/** Waits, without keeping the process alive, until the time is over or `signal` is aborted. */
export function sleep(delayMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted || delayMs <= 0) return Promise.resolve();
  return new Promise((resolve) => {
    const wake = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, delayMs).unref();
    signal.addEventListener('abort', wake, { once: true });
  });
}
