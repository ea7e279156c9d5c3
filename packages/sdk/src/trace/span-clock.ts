/**
 * When spans happen. A duration must not change when somebody sets the clock, so time is read from the monotonic clock and moved
 * onto the calendar by an anchor. A trace's local root takes the current anchor and every span below it in this process keeps
 * that one, so that children always lie inside their parents; the next local root takes a fresh one if the wall clock has moved
 * meanwhile (NTP, a suspended laptop).
 */

/** Where the two times come from: the system, or a test. In milliseconds, with fractions. */
export interface TimeSource {
  /** Since 1970; may jump. */
  wallMs(): number;
  /** From some start; never goes back. */
  monotonicMs(): number;
}

// What tests of applications put in the place of these clocks later is not what happens.
const dateNow = Date.now.bind(Date);
const performanceNow = performance.now.bind(performance);

export const systemTime: TimeSource = { wallMs: dateNow, monotonicMs: performanceNow };

/** What the calendar said when the monotonic clock stood at zero. */
export interface ClockAnchor {
  readonly seconds: number;
  readonly nanoseconds: number;
}

/** How far the two clocks may differ before the anchor is taken anew; `Date.now()` itself is a millisecond coarse. */
const TOLERANCE_MS = 5;
/** How often that is looked at: reading the wall clock costs as much as a small span. */
const CHECK_INTERVAL_MS = 100;
const MAX_TRIES = 3;
const NANO_PER_SECOND = 1e9;

export class SpanClock {
  /** Of the last reading, since 1970. Two fields, because a pair would be an object for each reading. */
  seconds = 0;
  nanoseconds = 0;

  readonly #time: TimeSource;
  #anchor: ClockAnchor;
  #checkedMs: number;

  constructor(time: TimeSource = systemTime) {
    this.#time = time;
    this.#checkedMs = time.monotonicMs();
    this.#anchor = this.#measureAnchor();
  }

  /** Reads the time under an anchor. */
  read(anchor: ClockAnchor): void {
    this.#set(anchor, this.#time.monotonicMs());
  }

  /** Reads the time in a new local root and answers with the anchor for it and everything below it. */
  readInRoot(): ClockAnchor {
    const nowMs = this.#time.monotonicMs();
    if (nowMs - this.#checkedMs >= CHECK_INTERVAL_MS) this.#check(nowMs);
    this.#set(this.#anchor, nowMs);
    return this.#anchor;
  }

  #set(anchor: ClockAnchor, nowMs: number): void {
    const seconds = Math.floor(nowMs / 1000);
    const nanoseconds = Math.round((nowMs - seconds * 1000) * 1e6) + anchor.nanoseconds;
    const carry = nanoseconds >= NANO_PER_SECOND ? 1 : 0;
    this.seconds = anchor.seconds + seconds + carry;
    this.nanoseconds = nanoseconds - carry * NANO_PER_SECOND;
  }

  #check(nowMs: number): void {
    this.#checkedMs = nowMs;
    const { seconds, nanoseconds } = this.#anchor;
    const anchoredMs = seconds * 1000 + nanoseconds / 1e6 + nowMs;
    if (Math.abs(anchoredMs - this.#time.wallMs()) > TOLERANCE_MS) {
      this.#anchor = this.#measureAnchor();
    }
  }

  /** Reads both clocks at one moment: a pause of the process between the two readings would become an error. */
  #measureAnchor(): ClockAnchor {
    let zeroMs = 0;
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const beforeMs = this.#time.monotonicMs();
      const wallMs = this.#time.wallMs();
      const tookMs = this.#time.monotonicMs() - beforeMs;
      zeroMs = wallMs - beforeMs - tookMs / 2;
      if (tookMs < 0.1) break;
    }
    const seconds = Math.floor(zeroMs / 1000);
    return { seconds, nanoseconds: Math.floor((zeroMs - seconds * 1000) * 1e6) };
  }
}
