/**
 * Attribute conditions as one line of text: `http.route=/orders db.system=postgresql message="two words"`. A value with
 * spaces stands in double quotes, and inside them `\"` and `\\` stand for themselves.
 */

export type AttributeTextResult =
  | { readonly conditions: readonly string[] }
  /** What cannot be read. */
  | { readonly error: string };

const CONDITION = /\s*([^\s="]+)=("(?:[^"\\]|\\.)*"|[^\s"]\S*|(?=\s|$))(?=\s|$)/y;

/** Reads the line into conditions of the form `key=value`. */
export function parseAttributeText(text: string): AttributeTextResult {
  const conditions: string[] = [];
  const trimmed = text.trimEnd();
  CONDITION.lastIndex = 0;
  while (CONDITION.lastIndex < trimmed.length) {
    const at = CONDITION.lastIndex;
    const match = CONDITION.exec(trimmed);
    if (match === null) {
      const rest = trimmed.slice(at).trim();
      return { error: `expected key=value at ${rest.slice(0, 40)}` };
    }
    conditions.push(`${match[1] ?? ''}=${unquote(match[2] ?? '')}`);
  }
  return { conditions };
}

/** Writes conditions as a line that reads back as the same conditions. */
export function formatAttributeText(conditions: readonly string[]): string {
  return conditions.map(formatCondition).join(' ');
}

function formatCondition(condition: string): string {
  const at = condition.indexOf('=');
  const value = condition.slice(at + 1);
  if (!/[\s"]/.test(value)) return condition;
  return `${condition.slice(0, at)}="${value.replace(/["\\]/g, '\\$&')}"`;
}

function unquote(value: string): string {
  return value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/gs, '$1') : value;
}
