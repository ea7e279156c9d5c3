/** What the field of attribute conditions (`key=value other="two words"`) offers at the cursor. */
import { messages } from '../../../messages/messages.ts';
import { formatAttributeText } from '../../../state/attribute-text.ts';
import type {
  AttributeToComplete,
  KnownAttributes,
  Suggestion,
  Suggestions,
} from './completion.ts';

/** More than this makes no list a person reads. */
const MAX_SHOWN = 50;

/** The condition that the cursor is in, up to the cursor. */
const CONDITION = /(?:^|\s)(?:([^\s="]+)=)?("(?:[^"\\]|\\.)*|[^\s"]*)$/;

interface Place {
  /** Undefined where a key is being typed. */
  readonly key: string | undefined;
  readonly typed: string;
}

function placeOf(text: string, cursor: number): Place {
  const match = CONDITION.exec(text.slice(0, cursor));
  return { key: match?.[1], typed: match?.[2] ?? '' };
}

/** The attribute whose values fit at the cursor. */
export function attributeAt(text: string, cursor: number): AttributeToComplete | undefined {
  const { key } = placeOf(text, cursor);
  return key === undefined ? undefined : { key, scope: undefined };
}

export function suggestCondition(
  text: string,
  cursor: number,
  known: KnownAttributes,
): Suggestions {
  const { key, typed } = placeOf(text, cursor);
  const range = { start: cursor - typed.length, end: cursor };
  const shown = key === undefined ? suggestKeys(typed, known) : suggestValues(key, typed, known);
  return { range, shown: shown.slice(0, MAX_SHOWN) };
}

/** Keys that contain what was typed, those that begin with it first; each with an `=` to go on from. */
function suggestKeys(typed: string, { keys }: KnownAttributes): Suggestion[] {
  const wanted = typed.toLowerCase();
  const types = new Map<string, Set<string>>();
  for (const each of keys) {
    // A key with such a sign cannot be written here; TraceQL has quotes for it.
    if (/[\s="]/.test(each.key) || !each.key.toLowerCase().includes(wanted)) continue;
    const known = types.get(each.key) ?? new Set();
    for (const type of each.types) known.add(type);
    types.set(each.key, known);
  }
  const rank = (key: string) => (key.toLowerCase().startsWith(wanted) ? 0 : 1);
  return [...types]
    .sort(([a], [b]) => rank(a) - rank(b))
    .map(([key, known]) => ({ text: `${key}=`, note: [...known].join(', ') }));
}

function suggestValues(key: string, typed: string, { values }: KnownAttributes): Suggestion[] {
  const wanted = typed.replace(/^"/, '').toLowerCase();
  return values
    .filter(({ type, value }) => type !== 'complex' && value.toLowerCase().includes(wanted))
    .map(({ value, spanCount = 0 }) => ({
      text: formatAttributeText([`${key}=${value}`]).slice(key.length + 1),
      note: spanCount === 0 ? '' : messages.search.form.inLastHour(spanCount),
    }))
    .filter(({ text }) => text !== typed);
}
