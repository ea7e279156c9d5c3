import type { AttributeKeyJson } from '@clew/api';
import { messages } from '../../../messages/messages.ts';
import type { Suggestion } from './completion.ts';

/** Suggestions of keys: those that are wanted first before the others, and the common ones before the rare. */
export function rankKeys(
  byText: ReadonlyMap<string, readonly AttributeKeyJson[]>,
  isFirst: (text: string) => boolean,
): Suggestion[] {
  return [...byText]
    .map(([text, keys]) => ({
      text,
      types: [...new Set(keys.flatMap(({ types }) => types))],
      // Of spans and of resources: hardly ever both on one span.
      spanCount: keys.reduce((sum, { spanCount = 0 }) => sum + spanCount, 0),
    }))
    .sort(
      (a, b) =>
        Number(isFirst(b.text)) - Number(isFirst(a.text)) ||
        b.spanCount - a.spanCount ||
        (a.text < b.text ? -1 : 1),
    )
    .map(({ text, types, spanCount }) => ({
      text,
      note: [types.join(', '), noteOfCount(spanCount)].filter((part) => part !== '').join(' · '),
    }));
}

export function noteOfCount(spanCount: number | undefined): string {
  return spanCount === undefined || spanCount === 0
    ? ''
    : messages.search.form.inLastHour(spanCount);
}
