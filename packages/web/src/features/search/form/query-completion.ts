/** What the line of TraceQL offers at the cursor, with what is known of attributes. */
import type { AttributeKeyJson, KnownValueJson } from '@clew/api';
import {
  attributeField,
  completeQuery,
  literalOf,
  printExpression,
  printField,
} from '@clew/traceql';
import type { AttributeScope } from '@clew/traceql';
import { noteOfCount, rankKeys } from './rank-keys.ts';
import type {
  AttributeToComplete,
  KnownAttributes,
  Suggestion,
  Suggestions,
} from './completion.ts';

/** More than this makes no list a person reads. */
const MAX_SHOWN = 50;

/** What every span has and most queries ask about: offered before any attribute. */
const USUAL_WORDS: readonly string[] = ['name', 'status', 'duration', 'kind'];

/** The attribute whose values fit at the cursor. */
export function attributeToComplete(text: string, cursor: number): AttributeToComplete | undefined {
  const { valuesOf } = completeQuery(text, cursor);
  if (valuesOf?.kind !== 'attribute' || valuesOf.ofParent) return undefined;
  const { name: key, scope } = valuesOf;
  if (scope === 'any') return { key, scope: undefined };
  return scope === 'span' || scope === 'resource' ? { key, scope } : undefined;
}

export function suggest(text: string, cursor: number, known: KnownAttributes): Suggestions {
  const { range, typed, words, attributes, valuesOf } = completeQuery(text, cursor);
  const usual = attributes === undefined ? [] : USUAL_WORDS.filter((word) => words.includes(word));
  const others = words.filter((word) => !usual.includes(word));
  const shown = [
    ...usual.map(suggestWord),
    ...(valuesOf === undefined ? [] : suggestValues(typed, known.values)),
    ...(attributes === undefined ? [] : suggestKeys(typed, attributes, known.keys)),
    ...others.map(suggestWord),
  ];
  return { range, shown: shown.slice(0, MAX_SHOWN) };
}

function suggestWord(word: string): Suggestion {
  return { text: word, note: '' };
}

/**
 * Keys that contain what was typed behind its scope; where no scope was, each with a dot alone, except the service's name, which is
 * written with the scope that it always has.
 */
function suggestKeys(
  typed: string,
  scope: AttributeScope,
  keys: readonly AttributeKeyJson[],
): Suggestion[] {
  const wanted = typed.replace(/^(span|resource)?\./, '').toLowerCase();
  const fitting = keys.filter(
    (each) => (scope === 'any' || each.scope === scope) && each.key.toLowerCase().includes(wanted),
  );
  const byText = new Map<string, AttributeKeyJson[]>();
  for (const each of fitting) {
    const isService = each.scope === 'resource' && each.key === 'service.name';
    const written = isService && !typed.startsWith('.') ? 'resource' : scope;
    const text = printField(attributeField(written, each.key));
    if (text !== typed) byText.set(text, [...(byText.get(text) ?? []), each]);
  }
  return rankKeys(byText, (text) => text.includes(`.${wanted}`));
}

function suggestValues(typed: string, values: readonly KnownValueJson[]): Suggestion[] {
  const wanted = typed.replace(/^["`]/, '').toLowerCase();
  return values
    .filter(({ type, value }) => type !== 'complex' && value.toLowerCase().includes(wanted))
    .map(({ type, value, spanCount }) => ({
      text: printValue(type, value),
      note: noteOfCount(spanCount),
    }))
    .filter(({ text }) => text !== typed);
}

function printValue(type: string, value: string): string {
  if (type !== 'string') return value;
  return printExpression(literalOf({ type: 'string', value }));
}
