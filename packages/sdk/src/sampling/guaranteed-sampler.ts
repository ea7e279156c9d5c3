import { eraseThreshold } from './ot-entry.ts';
import type { RatioSampler } from './ratio-sampler.ts';
import type { SamplingDecision, SpanCandidate } from './sampler.ts';
import type { TokenBucket } from './token-bucket.ts';

/** Records a share of an operation's spans, and so many a second even when the share would be less. */
export class GuaranteedSampler {
  readonly bucket: TokenBucket;
  readonly #ratio: RatioSampler;
  readonly #lowerBound: SamplingDecision;

  /** `lowerBound` is the decision for spans that the share alone would leave out. */
  constructor(ratio: RatioSampler, bucket: TokenBucket, lowerBound: SamplingDecision) {
    this.#ratio = ratio;
    this.bucket = bucket;
    this.#lowerBound = lowerBound;
  }

  decide(candidate: SpanCandidate): SamplingDecision {
    const decision = this.#ratio.decide(candidate);
    // What the share records counts towards the lower bound.
    const isBelowBound = this.bucket.take();
    if (decision.isSampled || !isBelowBound) return decision;
    return eraseThreshold(this.#lowerBound, candidate.traceState);
  }
}
