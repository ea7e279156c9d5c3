import type { AttributeKeyJson } from '@clew/api';
import { messages } from '../../../messages/messages.ts';
import type { Suggestion } from './completion.ts';

/** Attributes of spans in OpenTelemetry's semantic conventions, and their older names, that say what a span did. */
const TELLING =
  /^(?:http\.(?:route|method|status_code|request\.method|response\.status_code)$|url\.path$|error\.type$|(?:db|rpc|messaging)\.)/;
/** Attributes of resources that say what a program runs on, and hardly ever which spans are looked for. */
const OF_MACHINE = /^(?:host|os|process|container|telemetry)\./;

/**
 * Suggestions of keys: those that are wanted first before the others, then what is asked for most: the service, what a span did, what else
 * spans have, what resources have, and the machine last; of each the common ones before the rare.
 */
export function rankKeys(
  byText: ReadonlyMap<string, readonly AttributeKeyJson[]>,
  isFirst: (text: string) => boolean,
): Suggestion[] {
  return [...byText]
    .map(([text, keys]) => ({
      text,
      rank: Math.min(...keys.map(rankOf)),
      types: [...new Set(keys.flatMap(({ types }) => types))],
      // Of spans and of resources: hardly ever both on one span.
      spanCount: keys.reduce((sum, { spanCount = 0 }) => sum + spanCount, 0),
    }))
    .sort(
      (a, b) =>
        Number(isFirst(b.text)) - Number(isFirst(a.text)) ||
        a.rank - b.rank ||
        b.spanCount - a.spanCount ||
        (a.text < b.text ? -1 : 1),
    )
    .map(({ text, types, spanCount }) => ({
      text,
      note: [types.join(', '), noteOfCount(spanCount)].filter((part) => part !== '').join(' · '),
    }));
}

function rankOf({ scope, key }: AttributeKeyJson): number {
  if (scope === 'resource') {
    if (key === 'service.name') return 0;
    return OF_MACHINE.test(key) ? 4 : 3;
  }
  return TELLING.test(key) ? 1 : 2;
}

export function noteOfCount(spanCount: number | undefined): string {
  return spanCount === undefined || spanCount === 0
    ? ''
    : messages.search.form.inLastHour(spanCount);
}
