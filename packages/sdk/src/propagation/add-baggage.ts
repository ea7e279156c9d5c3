import { propagation } from '@opentelemetry/api';
import type { BaggageEntry, Context } from '@opentelemetry/api';

/**
 * The context with these entries added to its baggage; one whose key it has already replaces that. All at once, because each
 * change of a baggage copies it.
 */
export function addBaggage(
  context: Context,
  added: readonly (readonly [key: string, entry: BaggageEntry])[],
): Context {
  const before = propagation.getBaggage(context)?.getAllEntries() ?? [];
  const entries = Object.fromEntries([...before, ...added]);
  return propagation.setBaggage(context, propagation.createBaggage(entries));
}
