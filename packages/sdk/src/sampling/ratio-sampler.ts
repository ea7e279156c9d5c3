import type { Attributes, TraceState } from '@opentelemetry/api';
import type { TraceBits } from '../trace/trace-bits.ts';
import { eraseThreshold, readRandomValue, withThreshold } from './ot-entry.ts';
import { NOT_SAMPLED } from './sampler.ts';
import type { SamplingDecision, SpanCandidate, SpanSampler } from './sampler.ts';
import { Threshold } from './threshold.ts';

/**
 * Records a share of all traces, chosen by their ids: the same traces in every process that samples like this, and all those
 * that another with a smaller share records. Below a parent it decides for itself.
 */
export class RatioSampler implements SpanSampler {
  readonly description: string;
  readonly #threshold: Threshold | undefined;
  /** For every span whose trace state says nothing: nearly all, so this is not made anew. */
  readonly #sampled: SamplingDecision;

  /** Of a probability between 0 and 1; the attributes are set on what is recorded. */
  constructor(probability: number, attributes?: Attributes) {
    this.description = `TraceIdRatioBased{${probability}}`;
    this.#threshold = Threshold.ofProbability(probability);
    this.#sampled = {
      isSampled: true,
      traceState: withThreshold(undefined, this.#threshold),
      ...(attributes && { attributes }),
    };
  }

  decide({ trace, traceState }: SpanCandidate): SamplingDecision {
    if (traceState === undefined) {
      return this.#admits(trace, undefined) ? this.#sampled : NOT_SAMPLED;
    }
    // The parent was decided here, by the same threshold.
    if (traceState === this.#sampled.traceState && this.#admits(trace, undefined)) {
      return this.#sampled;
    }
    return this.#decideBelow(traceState, trace);
  }

  #decideBelow(state: TraceState, trace: TraceBits): SamplingDecision {
    if (!this.#admits(trace, readRandomValue(state))) return eraseThreshold(NOT_SAMPLED, state);
    return { ...this.#sampled, traceState: withThreshold(state, this.#threshold) };
  }

  #admits(trace: TraceBits, randomValue: string | undefined): boolean {
    if (this.#threshold === undefined) return false;
    if (randomValue !== undefined) return this.#threshold.admitsDigits(randomValue);
    return this.#threshold.admits(trace.word2 & 0xff_ff_ff, trace.word3 >>> 0);
  }
}
