import { OverloadedError } from '@clew/model';

/** How soon a sender that found the budget spent may come again. */
const RETRY_AFTER_MS = 1000;

/**
 * What all requests in flight may hold in memory together, whatever receiver they came through. The limit of one
 * request does not bound a thousand of them.
 */
export class ByteBudget {
  readonly #limitBytes: number;
  #usedBytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** Throws `OverloadedError` when there is not so much left. */
  take(sizeBytes: number): void {
    if (this.#usedBytes + sizeBytes > this.#limitBytes) {
      throw new OverloadedError('too many large requests at once', {
        retryAfterMs: RETRY_AFTER_MS,
      });
    }
    this.#usedBytes += sizeBytes;
  }

  giveBack(sizeBytes: number): void {
    this.#usedBytes -= sizeBytes;
  }
}

/** What one request has taken of the budget; given back whole, and once, when the request is over. */
export class BudgetShare {
  readonly #budget: ByteBudget;
  #heldBytes = 0;

  constructor(budget: ByteBudget) {
    this.#budget = budget;
  }

  /** Throws `OverloadedError` when there is not so much left. */
  take(sizeBytes: number): void {
    this.#budget.take(sizeBytes);
    this.#heldBytes += sizeBytes;
  }

  giveBack(): void {
    this.#budget.giveBack(this.#heldBytes);
    this.#heldBytes = 0;
  }
}
