import { NOT_SAMPLED } from './sampler.ts';
import type { SamplingDecision, SpanSampler } from './sampler.ts';

/** Records nothing. */
export class AlwaysOffSampler implements SpanSampler {
  readonly description = 'AlwaysOff';

  decide(): SamplingDecision {
    return NOT_SAMPLED;
  }
}
