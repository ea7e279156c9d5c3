import { messages } from '../../messages/messages.ts';
import type { Lookback } from '../../state/search-state.ts';

const text = messages.search.lookback;

/** `Last hour`, `Last 15 minutes`. */
export function nameLookback(lookback: Lookback): string {
  const count = Number(lookback.slice(0, -1));
  const unit = text.units[lookback.slice(-1) as keyof typeof text.units];
  return count === 1 ? text.one(unit) : text.many(count, unit);
}
