import type { Attributes, Context, Link, SpanKind, TraceState } from '@opentelemetry/api';
import { NOT_SAMPLED, SAMPLED } from './sampler.ts';
import type { SamplingDecision, SpanCandidate, SpanSampler } from './sampler.ts';

/** A sampler as OpenTelemetry's own packages have it, such as those of `@opentelemetry/sdk-trace-base`. */
export interface ForeignSampler {
  shouldSample(
    context: Context,
    traceId: string,
    spanName: string,
    spanKind: SpanKind,
    attributes: Attributes,
    links: Link[],
  ): {
    /** 0: not recorded, 1: recorded and not sent, 2: recorded and sent. */
    readonly decision: number;
    readonly attributes?: Readonly<Attributes>;
    readonly traceState?: TraceState;
  };
  /** What it does, for people. */
  toString(): string;
}

const RECORD_AND_SAMPLED = 2;

/** Decides as another library's sampler does. What that would record without sending it is not recorded. */
export class OpenTelemetrySampler implements SpanSampler {
  readonly description: string;
  readonly #sampler: ForeignSampler;

  constructor(sampler: ForeignSampler) {
    this.#sampler = sampler;
    this.description = describe(sampler);
  }

  decide(candidate: SpanCandidate): SamplingDecision {
    const { attributes, decision, traceState } = this.#sampler.shouldSample(
      candidate.context,
      candidate.trace.hex,
      candidate.name,
      candidate.kind,
      candidate.attributes ?? {},
      [...(candidate.links ?? [])],
    );
    const isSampled = decision === RECORD_AND_SAMPLED;
    const isChanged = traceState !== undefined && traceState !== candidate.traceState;
    if (attributes === undefined && !isChanged) return isSampled ? SAMPLED : NOT_SAMPLED;
    return { isSampled, ...(attributes && { attributes }), ...(isChanged && { traceState }) };
  }
}

/** A sampler of somebody else's may have no text, or one that fails. */
function describe(sampler: ForeignSampler): string {
  try {
    return String(sampler);
  } catch {
    return 'Unknown';
  }
}
