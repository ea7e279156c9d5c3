import { TraceFlags } from '@opentelemetry/api';
import type { SpanContext } from '@opentelemetry/api';

/** Decides at its start whether a span is recorded. */
export interface SpanSampler {
  isSampled(parent: SpanContext | undefined, traceId: string): boolean;
}

/** Follows the parent's decision, here or in another process; records every trace that begins here. */
export const parentBasedAlwaysOn: SpanSampler = {
  isSampled: (parent) => parent === undefined || (parent.traceFlags & TraceFlags.SAMPLED) !== 0,
};
