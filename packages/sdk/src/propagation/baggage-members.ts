import { propagation } from '@opentelemetry/api';
import type { BaggageMember } from '@clew/protocol';
import type { Context } from '@opentelemetry/api';

/** What a request is to carry of the baggage; values that are no texts, which JavaScript lets through, are made some. */
export function baggageMembers(context: Context): readonly BaggageMember[] {
  const entries = propagation.getBaggage(context)?.getAllEntries() ?? [];
  return entries.map(([key, { value, metadata }]) => ({
    key,
    value: toText(value),
    metadata: metadata?.toString() ?? '',
  }));
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : String(value);
}
