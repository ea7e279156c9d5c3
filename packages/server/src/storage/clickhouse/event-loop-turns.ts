import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Pausable } from '@clew/traceql';

/** Longer than nearly all traces take to be looked at, and too short for a sender to notice. */
const TURN_MS = 10;
/** Looked at without asking for the time. */
const ITEMS_AT_ONCE = 256;

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

  /** Computes what can pause: others have their turns before it and whenever it pauses. */
  async run<Result>(steps: Pausable<Result>): Promise<Result> {
    for (;;) {
      if (this.isOver) await this.next();
      const step = steps.next();
      if (step.done === true) return step.value;
    }
  }

  async forEach<Item>(items: readonly Item[], visit: (item: Item) => void): Promise<void> {
    for (const [i, item] of items.entries()) {
      if (i % ITEMS_AT_ONCE === 0 && this.isOver) await this.next();
      visit(item);
    }
  }

  /** Rejects with the signal's reason when it is aborted. */
  async next(): Promise<void> {
    await nextTurn();
    this.#signal?.throwIfAborted();
    this.#startMs = performance.now();
  }
}
