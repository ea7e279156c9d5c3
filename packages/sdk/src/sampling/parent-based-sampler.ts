import type { TraceState } from '@opentelemetry/api';
import type { TraceBits } from '../trace/trace-bits.ts';
import { eraseThreshold, readRandomValue, readThreshold } from './ot-entry.ts';
import { NOT_SAMPLED, SAMPLED } from './sampler.ts';
import type { SamplingDecision, SpanCandidate, SpanSampler } from './sampler.ts';

/** Who decides for which spans; who is left out does as the parent does. */
export interface ParentBasedOptions {
  /** For the first span of a trace. */
  readonly root: SpanSampler;
  readonly remoteParentSampled?: SpanSampler;
  readonly remoteParentNotSampled?: SpanSampler;
  readonly localParentSampled?: SpanSampler;
  readonly localParentNotSampled?: SpanSampler;
}

/** Follows what was decided of the parent, here or in another process, so that traces are whole. */
export class ParentBasedSampler implements SpanSampler {
  readonly description: string;
  readonly #options: ParentBasedOptions;

  constructor(options: ParentBasedOptions) {
    this.description = `ParentBased{${describe(options)}}`;
    this.#options = options;
  }

  decide(candidate: SpanCandidate): SamplingDecision {
    if (candidate.parent === 'none') return this.#options.root.decide(candidate);
    const chosen = this.#samplerFor(candidate);
    if (chosen !== undefined) return chosen.decide(candidate);
    if (!candidate.parentIsSampled) return NOT_SAMPLED;
    return candidate.parent === 'local' ? SAMPLED : decideBelowRemote(candidate);
  }

  close(): void {
    for (const sampler of samplersOf(this.#options)) sampler.close?.();
  }

  #samplerFor({ parent, parentIsSampled }: SpanCandidate): SpanSampler | undefined {
    const options = this.#options;
    if (parent === 'local') {
      return parentIsSampled ? options.localParentSampled : options.localParentNotSampled;
    }
    return parentIsSampled ? options.remoteParentSampled : options.remoteParentNotSampled;
  }
}

/** Another process's threshold is handed on, unless its own decision contradicts it. */
function decideBelowRemote({ trace, traceState }: SpanCandidate): SamplingDecision {
  if (traceState === undefined || isConsistent(traceState, trace)) return SAMPLED;
  return eraseThreshold(SAMPLED, traceState);
}

/** Whether a trace that is sampled has passed the threshold that it says it has. */
function isConsistent(state: TraceState, trace: TraceBits): boolean {
  const threshold = readThreshold(state);
  if (threshold === undefined) return false;
  const random = readRandomValue(state);
  if (random !== undefined) return threshold.admitsDigits(random);
  return threshold.admits(trace.word2 & 0xff_ff_ff, trace.word3 >>> 0);
}

function describe(options: ParentBasedOptions): string {
  return Object.entries(options)
    .flatMap(([name, sampler]: [string, SpanSampler | undefined]) =>
      sampler === undefined ? [] : [`${name}=${sampler.description}`],
    )
    .join(',');
}

function samplersOf(options: ParentBasedOptions): readonly SpanSampler[] {
  return Object.values(options).filter((sampler) => sampler !== undefined);
}
