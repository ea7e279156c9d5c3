import type { Attributes, Context, Link, SpanKind, TraceState } from '@opentelemetry/api';
import type { TraceBits } from '../trace/trace-bits.ts';

/**
 * A span that wants to begin, as far as samplers may decide by it. One object is used again for every span, so that deciding
 * costs no allocation: read it, do not keep it.
 */
export interface SpanCandidate {
  readonly name: string;
  readonly kind: SpanKind;
  /** Those given at the start. */
  readonly attributes: Attributes | undefined;
  readonly links: readonly Link[] | undefined;
  readonly context: Context;
  readonly trace: TraceBits;
  /** What is known of the parent; `none` for the first span of a trace. */
  readonly parent: 'none' | 'local' | 'remote';
  /** Of the parent; false without one. */
  readonly parentIsSampled: boolean;
  /** Of the parent; undefined without one, or when it has none. */
  readonly traceState: TraceState | undefined;
}

export interface SamplingDecision {
  /** Whether the span is recorded and sent. */
  readonly isSampled: boolean;
  /** The span's `tracestate` in place of its parent's; left out when it is the parent's. */
  readonly traceState?: TraceState | undefined;
  /** Set on the span, beside its own. */
  readonly attributes?: Attributes;
}

/** Decides at its start whether a span is recorded. Never throws. */
export interface SpanSampler {
  /** What it does, for people: `ParentBased{root=AlwaysOn}`. */
  readonly description: string;
  decide(candidate: SpanCandidate): SamplingDecision;
  /** Stops whatever it does in the background. */
  close?(): void;
}

export const SAMPLED: SamplingDecision = { isSampled: true };
export const NOT_SAMPLED: SamplingDecision = { isSampled: false };
