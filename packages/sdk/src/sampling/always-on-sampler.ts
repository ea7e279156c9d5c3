import { readThreshold, withThreshold } from './ot-entry.ts';
import { SAMPLED } from './sampler.ts';
import type { SamplingDecision, SpanCandidate, SpanSampler } from './sampler.ts';
import { Threshold } from './threshold.ts';

/** Records every span, whatever was decided of its parent. */
export class AlwaysOnSampler implements SpanSampler {
  readonly description = 'AlwaysOn';
  readonly #threshold: Threshold | undefined = Threshold.ofProbability(1);

  decide({ traceState }: SpanCandidate): SamplingDecision {
    if (traceState === undefined) return SAMPLED;
    const parents = readThreshold(traceState);
    // The parent stands for many, this one for itself.
    if (parents === undefined || parents.digits === this.#threshold?.digits) return SAMPLED;
    return { isSampled: true, traceState: withThreshold(traceState, this.#threshold) };
  }
}
