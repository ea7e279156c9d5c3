/** How a request that may be sent again is sent again: 5 tries within about 15 seconds, unless the receiver asks for more. */
export const RETRY = { maxTries: 5, firstDelayMs: 1000, maxDelayMs: 8000, maxAfterMs: 30_000 };

/** The pause after the given number of tries: doubled each time, and random in its upper half so that clients spread. */
export function retryDelayMs(tries: number, afterMs: number | undefined): number {
  const delayMs = Math.min(RETRY.firstDelayMs * 2 ** (tries - 1), RETRY.maxDelayMs);
  const spread = delayMs / 2 + (delayMs / 2) * Math.random();
  return afterMs === undefined ? spread : Math.min(afterMs, RETRY.maxAfterMs);
}

/** Waits, without keeping the process alive, until the time is over or `signal` is aborted. */
export function sleep(delayMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
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
