/** Milliseconds of a clock that never goes backwards. */
export type MonotonicMs = () => number;

export const monotonicMs: MonotonicMs = () => performance.now();

/** Lets through so many a second on average, and at once what has been saved up while fewer came. */
export class TokenBucket {
  readonly #perMs: number;
  readonly #capacity: number;
  readonly #nowMs: MonotonicMs;
  #tokens: number;
  #filledMs: number;

  /** Full at first. The capacity is what can be saved up. */
  constructor(perSecond: number, capacity: number, nowMs: MonotonicMs) {
    this.#perMs = perSecond / 1000;
    this.#capacity = perSecond > 0 ? capacity : 0;
    this.#nowMs = nowMs;
    this.#tokens = this.#capacity;
    this.#filledMs = nowMs();
  }

  /** Whether there was a token. */
  take(): boolean {
    const nowMs = this.#nowMs();
    const gained = Math.max(nowMs - this.#filledMs, 0) * this.#perMs;
    this.#tokens = Math.min(this.#tokens + gained, this.#capacity);
    this.#filledMs = nowMs;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}
