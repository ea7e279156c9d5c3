import { diag } from '@opentelemetry/api';
import { CachedTraceState } from '../trace/cached-trace-state.ts';
import { checkTraceState } from '../trace/check-span-context.ts';
import { exceptionMessage } from '../trace/exception.ts';
import { AlwaysOnSampler } from './always-on-sampler.ts';
import { ParentBasedSampler } from './parent-based-sampler.ts';
import type { SamplingDecision, SpanCandidate, SpanSampler } from './sampler.ts';

/** A sampler of the application's own. When it throws, or answers with no decision, parents decide, and that is said once. */
export class GuardedSampler implements SpanSampler {
  readonly description: string;
  readonly #sampler: SpanSampler;
  readonly #fallback = new ParentBasedSampler({ root: new AlwaysOnSampler() });
  #hasFailed = false;

  constructor(sampler: SpanSampler) {
    this.description = sampler.description;
    this.#sampler = sampler;
  }

  decide(candidate: SpanCandidate): SamplingDecision {
    try {
      const decision: unknown = this.#sampler.decide(candidate);
      if (isDecision(decision)) return checkState(decision);
      this.#tell('it answers with no decision');
    } catch (thrown) {
      this.#tell(exceptionMessage(thrown));
    }
    return this.#fallback.decide(candidate);
  }

  close(): void {
    try {
      this.#sampler.close?.();
    } catch (thrown) {
      this.#tell(exceptionMessage(thrown));
    }
  }

  #tell(why: string): void {
    if (!this.#hasFailed) diag.error(`clew: the sampler fails, parents decide: ${why}`);
    this.#hasFailed = true;
  }
}

function checkState(decision: SamplingDecision): SamplingDecision {
  const { traceState } = decision;
  if (traceState === undefined || traceState instanceof CachedTraceState) return decision;
  return { ...decision, traceState: checkTraceState(traceState) };
}

function isDecision(value: unknown): value is SamplingDecision {
  return typeof value === 'object' && value !== null && 'isSampled' in value;
}
