/** What is to be sent before the process ends. Nothing of it throws or rejects. */
export interface Drainable {
  /** Sends what there is, and waits for it at most so long. */
  flush(timeoutMs: number): Promise<void>;
  /** The same in a hurry; what is not sent by then is given up. */
  drain(timeoutMs: number): Promise<void>;
  /** Gives up what there is, in this very turn. */
  abandon(): void;
}

/** A program that has nothing left to do should not have to wait long for a receiver that hangs. */
const BEFORE_EXIT_TIMEOUT_MS = 2000;

/** Who sends a signal waits for the process to be gone. */
const SIGNAL_TIMEOUT_MS = 500;

/**
 * Drains at the end of the process: when it has nothing left to do, and on SIGTERM, which is then raised again and ends the
 * process as it would have without us. When the application listens to that signal itself, it goes on, and we only flush. After `process.exit()`
 * nothing can be sent; what is left is abandoned. Answers with how to undo it.
 */
export function flushAtExit(drainable: Drainable): () => void {
  const onBeforeExit = (): void => void drainable.drain(BEFORE_EXIT_TIMEOUT_MS);
  const onExit = (): void => drainable.abandon();
  const stopListening = drainAtSigterm(drainable);
  process.on('beforeExit', onBeforeExit);
  process.on('exit', onExit);
  return () => {
    process.off('beforeExit', onBeforeExit);
    process.off('exit', onExit);
    stopListening();
  };
}

function drainAtSigterm(drainable: Drainable): () => void {
  let isOver = false;
  const onSigterm = (): void => void end();
  const end = async (): Promise<void> => {
    const isAlone = process.listenerCount('SIGTERM') === 1;
    // A second signal is not held up. And whoever raises the signal again when nobody else listens finds nobody.
    process.off('SIGTERM', onSigterm);
    if (isAlone) {
      await drainable.drain(SIGNAL_TIMEOUT_MS);
      process.kill(process.pid, 'SIGTERM');
    } else await drainable.flush(SIGNAL_TIMEOUT_MS);
    // Still here: the application goes on, or the process is the first of a container, which the signal does not end.
    if (!isOver) listen();
  };
  // Before others, to see those that remove themselves when they are called.
  const listen = (): void => void process.prependListener('SIGTERM', onSigterm);
  listen();
  return () => {
    isOver = true;
    process.off('SIGTERM', onSigterm);
  };
}
