/** What the field of attribute conditions (`key=value other="two words" span.size>=5`) offers at the cursor. */
import type { AttributeKeyJson, KnownValueJson } from '@clew/api';
import { attributeField, parseFieldName, printField } from '@clew/traceql';
import { QuerySyntaxError } from '@clew/model';
import { formatKey, isFieldName, unquote } from '../../../state/attribute-text.ts';
import type {
  AttributeToComplete,
  KnownAttributes,
  Suggestion,
  Suggestions,
} from './completion.ts';
import { formatKnownValue } from './condition-text.ts';
import { noteOfCount, rankKeys } from './rank-keys.ts';

/** More than this makes no list a person reads. */
const MAX_SHOWN = 50;

/** The condition that the cursor is in, up to the cursor. */
const CONDITION =
  /(?:^|\s)(?:((?:"(?:[^"\\]|\\.)*"|[^\s="!<>~])+)(=~|!~|!=|>=|<=|=|>|<))?("(?:[^"\\]|\\.)*|[^\s"]*)$/;

interface Place {
  /** With its quotes; undefined where a key is being typed. */
  readonly key: string | undefined;
  readonly operator: string;
  readonly typed: string;
}

function placeOf(text: string, cursor: number): Place {
  const [, key, operator = '', typed = ''] = CONDITION.exec(text.slice(0, cursor)) ?? [];
  return { key, operator, typed };
}

/** The attribute whose values fit at the cursor. */
export function attributeAt(text: string, cursor: number): AttributeToComplete | undefined {
  const { key } = placeOf(text, cursor);
  if (key === undefined) return undefined;
  return isFieldName(key) ? attributeNamed(key) : { key: unquote(key), scope: undefined };
}

/** Undefined for other fields, whose values are not kept. */
function attributeNamed(name: string): AttributeToComplete | undefined {
  try {
    const field = parseFieldName(name);
    if (field.kind !== 'attribute' || field.ofParent) return undefined;
    const { name: key, scope } = field;
    if (scope === 'any') return { key, scope: undefined };
    return scope === 'span' || scope === 'resource' ? { key, scope } : undefined;
  } catch (error) {
    if (error instanceof QuerySyntaxError) return undefined;
    throw error;
  }
}

export function suggestCondition(
  text: string,
  cursor: number,
  known: KnownAttributes,
): Suggestions {
  const place = placeOf(text, cursor);
  const range = { start: cursor - place.typed.length, end: cursor };
  const shown =
    place.key === undefined
      ? suggestKeys(place.typed, known.keys)
      : suggestValues(place.key, place, known.values);
  return { range, shown: shown.slice(0, MAX_SHOWN) };
}

/** Keys that contain what was typed, those that begin with it first; each with an `=` to go on from. */
function suggestKeys(typed: string, keys: readonly AttributeKeyJson[]): Suggestion[] {
  const [prefix = '', owner] = /^(span|resource)?\./.exec(typed) ?? [];
  const wanted = typed.slice(prefix.length).replace(/^"/, '').toLowerCase();
  const byText = new Map<string, AttributeKeyJson[]>();
  for (const each of keys) {
    if (owner !== undefined && each.scope !== owner) continue;
    if (!each.key.toLowerCase().includes(wanted)) continue;
    const scope = owner === undefined ? 'any' : each.scope;
    const name = prefix === '' ? formatKey(each.key) : printField(attributeField(scope, each.key));
    byText.set(`${name}=`, [...(byText.get(`${name}=`) ?? []), each]);
  }
  return rankKeys(byText, (text) => text.toLowerCase().startsWith(prefix + wanted));
}

function suggestValues(
  key: string,
  { operator, typed }: Place,
  values: readonly KnownValueJson[],
): Suggestion[] {
  const wanted = typed.replace(/^"/, '').toLowerCase();
  return values
    .filter(({ type, value }) => type !== 'complex' && value.toLowerCase().includes(wanted))
    .map((each) => ({
      text: formatKnownValue({ key, operator }, each),
      note: noteOfCount(each.spanCount),
    }))
    .filter(({ text }) => text !== typed);
}
