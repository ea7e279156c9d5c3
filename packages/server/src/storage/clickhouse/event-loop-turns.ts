import { setImmediate as nextTurn } from 'node:timers/promises';

/** Longer than nearly all traces take to be looked at, and too short for a sender to notice. */
const TURN_MS = 10;

/**
 * Shares the event loop with whoever else needs it while many things are computed: receiving spans, and hearing that a question
 * is not asked any more or took too long. `if (turns.isOver) await turns.next();` between two things.
 */
export class EventLoopTurns {
  readonly #signal: AbortSignal | undefined;
  #startMs = performance.now();

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  get isOver(): boolean {
    return performance.now() - this.#startMs > TURN_MS;
  }

  /** Rejects with the signal's reason when it is aborted. */
  async next(): Promise<void> {
    await nextTurn();
    this.#signal?.throwIfAborted();
    this.#startMs = performance.now();
  }
}
