/**
 * How long regular expressions may keep a query busy. re2js takes time in proportion to the text, but by what factor depends on
 * the pattern: mostly nothing (one look-up a character), at worst all instructions of its program at each character. So the time that
 * matches took is measured, and of one that is still to come the worst is expected. Measured with 17,000 random patterns:
 * a usual match takes a microsecond; the worst 40 ns an instruction and character in long texts, 1 µs in short ones.
 */
import { LimitError, shorten } from '@clew/model';
import type { RE2JS } from 're2js';

/** Node's and browsers', whose types this package does without. */
declare const performance: { now(): number };

/** For all matches of a query together, without the quick ones. */
const MAX_MATCHING_MS = 2000;
/** Matches that take less cost nothing: there may be millions of them. */
const QUICK_MS = 0.01;
/** At worst, of an instruction and a character: in texts that are long enough to matter, and in any. */
const EXPECTED_STEP_MS = 40e-6;
const MAX_STEP_MS = 1e-3;

export class MatchBudget {
  readonly #nowMs: () => number;
  #leftMs = MAX_MATCHING_MS;

  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /** Whether the whole text fits. Throws `LimitError` where that might take longer than is left. */
  matches(pattern: RE2JS, text: string): boolean {
    const stepCount = pattern.programSize() * text.length;
    const expectedMs = stepCount * EXPECTED_STEP_MS;
    if (expectedMs > this.#leftMs) {
      throw new LimitError(
        `regular expressions would take longer than the ${MAX_MATCHING_MS / 1000} s that a query has for them: "${shorten(pattern.pattern())}"`,
        {
          limit: MAX_MATCHING_MS,
          actual: Math.ceil(MAX_MATCHING_MS - this.#leftMs + expectedMs),
        },
      );
    }
    const startMs = this.#nowMs();
    const isMatch = pattern.matches(text);
    const tookMs = this.#nowMs() - startMs;
    // A pause of the process is not the pattern's fault.
    if (tookMs > QUICK_MS) this.#leftMs -= Math.min(tookMs, stepCount * MAX_STEP_MS);
    return isMatch;
  }
}
