/**
 * Conditions on attributes as one line of text: `http.route=/orders db.system=postgresql message="two words"`. What has blanks or
 * looks like something else stands in double quotes, and inside them `\"` and `\\` stand for themselves. Besides `=` there are the
 * other comparisons of TraceQL; what a key and a value mean is for `condition-text.ts` to say.
 */

/** A condition as it is written. */
export interface WrittenCondition {
  /** With its quotes. */
  readonly key: string;
  readonly operator: string;
  /** With its quotes; empty while none is typed. */
  readonly value: string;
}

export type AttributeTextResult =
  | { readonly conditions: readonly WrittenCondition[] }
  /** What cannot be read. */
  | { readonly error: string };

const CONDITION =
  /\s*((?:"(?:[^"\\]|\\.)*"|[^\s="!<>~])+)(=~|!~|!=|>=|<=|=|>|<)("(?:[^"\\]|\\.)*"|[^\s"]\S*|(?=\s|$))(?=\s|$)/y;

/** Splits the line into its conditions. */
export function parseAttributeText(text: string): AttributeTextResult {
  const conditions: WrittenCondition[] = [];
  const trimmed = text.trimEnd();
  CONDITION.lastIndex = 0;
  while (CONDITION.lastIndex < trimmed.length) {
    const at = CONDITION.lastIndex;
    const match = CONDITION.exec(trimmed);
    if (match === null) {
      const rest = trimmed.slice(at).trim();
      return { error: `expected key=value at ${rest.slice(0, 40)}` };
    }
    const [, key = '', operator = '', value = ''] = match;
    conditions.push({ key, operator, value });
  }
  return { conditions };
}

/** Writes `key=value` each, such as the address has them. */
export function formatAttributeText(conditions: readonly string[]): string {
  return conditions.map(formatCondition).join(' ');
}

function formatCondition(condition: string): string {
  const at = condition.indexOf('=');
  return `${formatKey(condition.slice(0, at))}=${formatValue(condition.slice(at + 1))}`;
}

/** `span.http.route`, `.code`, `span:kind`. */
const LOOKS_LIKE_FIELD =
  /^(?:\.|(?:span|resource|event|link|instrumentation|parent)\.|(?:span|trace|event|link|instrumentation):)/;

/** A key that may have any owner. */
export function formatKey(key: string): string {
  return key === '' || /[\s="!<>~]/.test(key) || LOOKS_LIKE_FIELD.test(key) ? quote(key) : key;
}

/** Whether a key as written is TraceQL's name of a field: `span.http.route`, `span:kind`. */
export function isFieldName(key: string): boolean {
  return LOOKS_LIKE_FIELD.test(key);
}

/** A text, in quotes where it would be read otherwise. */
export function formatValue(value: string): string {
  return value === '' || /[\s"]|^[~=]/.test(value) ? quote(value) : value;
}

export function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

export function unquote(text: string): string {
  if (!/^"(?:[^"\\]|\\.)*"$/s.test(text)) return text;
  return text.slice(1, -1).replace(/\\(["\\])/g, '$1');
}
