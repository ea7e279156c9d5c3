/** Where the time comes from: the system, or a test. */
export interface Clock {
  /** Milliseconds since 1970, with fractions where the system has them. */
  nowMs(): number;
}

export const systemClock: Clock = { nowMs: () => Date.now() };
