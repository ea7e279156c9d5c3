/**
 * When spans happen. A duration must not change when somebody sets the clock, so time is read from the monotonic clock
 * and moved onto the calendar by an offset. A trace's local root takes the current offset and every span below it in
 * this process keeps that one, so that children always lie inside their parents; the next local root takes a fresh one
 * if the wall clock has moved meanwhile (NTP, a suspended laptop).
 */

/** Where the two times come from: the system, or a test. */
export interface TimeSource {
  /** Milliseconds since 1970; may jump. */
  wallMs(): number;
  /** Nanoseconds from some start; never goes back. */
  monotonicNano(): bigint;
}

export const systemTime: TimeSource = {
  wallMs: () => Date.now(),
  monotonicNano: () => process.hrtime.bigint(),
};

/** How far the two clocks may differ before the offset is taken anew; `Date.now()` itself is a millisecond coarse. */
const TOLERANCE_MS = 5;
const MAX_TRIES = 3;

export class SpanClock {
  readonly #time: TimeSource;
  #offsetNano: bigint;

  constructor(time: TimeSource = systemTime) {
    this.#time = time;
    this.#offsetNano = this.#measureOffset();
  }

  /** What to add to the monotonic clock in a new local root, in nanoseconds. */
  currentOffsetNano(): bigint {
    const wallMs = this.#time.wallMs();
    const anchoredMs = Number((this.#time.monotonicNano() + this.#offsetNano) / 1_000_000n);
    if (Math.abs(anchoredMs - wallMs) > TOLERANCE_MS) this.#offsetNano = this.#measureOffset();
    return this.#offsetNano;
  }

  /** Nanoseconds since 1970 under an offset that `currentOffsetNano` gave. */
  nowUnixNano(offsetNano: bigint): bigint {
    return this.#time.monotonicNano() + offsetNano;
  }

  /** Reads both clocks at one moment: a pause of the process between the two readings would become an error. */
  #measureOffset(): bigint {
    let offsetNano = 0n;
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const beforeNano = this.#time.monotonicNano();
      const wallNano = BigInt(Math.round(this.#time.wallMs() * 1000)) * 1000n;
      const tookNano = this.#time.monotonicNano() - beforeNano;
      offsetNano = wallNano - beforeNano - tookNano / 2n;
      if (tookNano < 100_000n) break;
    }
    return offsetNano;
  }
}
