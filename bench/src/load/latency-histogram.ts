/** How often each latency occurred, to half a percent, in a few kilobytes however many there were. */
export class LatencyHistogram {
  readonly #counts: number[];
  #maxMs: number;
  #total = 0;

  constructor({ counts, maxMs }: LatencyCounts = { counts: [], maxMs: 0 }) {
    this.#counts = [...counts];
    this.#maxMs = maxMs;
    for (const count of counts) this.#total += count ?? 0;
  }

  add(ms: number): void {
    const bucket = Math.max(0, Math.round(Math.log(ms / SHORTEST_MS) / LOG_STEP));
    while (this.#counts.length <= bucket) this.#counts.push(0);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#maxMs = Math.max(this.#maxMs, ms);
    this.#total++;
  }

  /** The latency that `share` of all did not exceed, 0 to 1; `NaN` when there was none. */
  quantileMs(share: number): number {
    if (this.#total === 0) return Number.NaN;
    if (share >= 1) return this.#maxMs;
    const rank = Math.floor(share * this.#total);
    let below = 0;
    for (const [bucket, count] of this.#counts.entries()) {
      below += count;
      if (below > rank) return Math.min(SHORTEST_MS * Math.exp(LOG_STEP * bucket), this.#maxMs);
    }
    return this.#maxMs;
  }

  /** For a message to another process. */
  toCounts(): LatencyCounts {
    return { counts: this.#counts, maxMs: this.#maxMs };
  }
}

/** A histogram as plain data. */
export interface LatencyCounts {
  readonly counts: readonly number[];
  readonly maxMs: number;
}

const SHORTEST_MS = 0.01;
/** Buckets are a hundredth apart, so a latency is off by half of that. */
const LOG_STEP = Math.log(1.01);
