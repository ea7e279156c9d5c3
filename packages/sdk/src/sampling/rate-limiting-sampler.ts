import { eraseThreshold } from './ot-entry.ts';
import { NOT_SAMPLED } from './sampler.ts';
import type { SamplingDecision, SpanCandidate, SpanSampler } from './sampler.ts';
import { TokenBucket, monotonicMs } from './token-bucket.ts';
import type { MonotonicMs } from './token-bucket.ts';

export interface RateLimitingOptions {
  /** How many may come at once after a pause. As many as come in a second, and at least one. */
  readonly burst?: number;
  readonly nowMs?: MonotonicMs;
}

/**
 * Records at most so many spans a second. Meant for the first spans of traces, inside `ParentBasedSampler`. How likely a span was
 * to be recorded cannot be said, so it counts as one.
 */
export class RateLimitingSampler implements SpanSampler {
  readonly description: string;
  readonly #bucket: TokenBucket;
  readonly #sampled: SamplingDecision;

  constructor(maxPerSecond: number, options: RateLimitingOptions = {}) {
    this.description = `RateLimiting{${maxPerSecond}}`;
    const burst = options.burst ?? Math.max(maxPerSecond, 1);
    this.#bucket = new TokenBucket(maxPerSecond, burst, options.nowMs ?? monotonicMs);
    const attributes = { 'sampler.type': 'ratelimiting', 'sampler.param': maxPerSecond };
    this.#sampled = { isSampled: true, attributes };
  }

  decide({ traceState }: SpanCandidate): SamplingDecision {
    return this.#bucket.take() ? eraseThreshold(this.#sampled, traceState) : NOT_SAMPLED;
  }
}
