/** Regular expressions for the engine's `match`. */
import { textLiteral } from './sql.ts';
import type { Sql } from './sql.ts';

const START = '\\A(?-s:';
const END = ')\\z';

/** The pattern has to fit the whole text, in which a dot stands for anything but the end of a line. */
export function wholePatternLiteral(source: string): Sql {
  return textLiteral(START + spellOut(source) + END);
}

/** What stands between the parts that `wholePatternLiteral` adds, where they are there. */
export function withoutFrame(pattern: string): string {
  const isFramed = pattern.startsWith(START) && pattern.endsWith(END);
  return isFramed ? pattern.slice(START.length, -END.length) : pattern;
}

/**
 * Writes `\Q…\E` with an escape a sign. It need not be closed, and then would not end with the user's text; and what the
 * engine looks for in a text before it matches takes the signs in it for operators.
 */
function spellOut(source: string): string {
  const unquoted = source.replaceAll(
    /\\(?:Q([\s\S]*?)(?:\\E|$)|[\s\S])/g,
    (escape: string, quoted: string | undefined) =>
      quoted === undefined ? escape : quoted.replaceAll(/[\\.+*?()|[\]{}^$]/g, String.raw`\$&`),
  );
  return escapeMisread(unquoted);
}

/**
 * Escapes what the engine misreads when it looks for a text that every match has to contain: brackets in a set of
 * characters, which it takes for the end or for another set, and a sign that need not be there, of which it takes away the
 * last byte only.
 */
function escapeMisread(source: string): string {
  return source.replaceAll(ESCAPE_OR_SET_OR_QUANTIFIED, (found: string) => {
    if (found.startsWith('\\')) return found;
    if (found.startsWith('[')) return `[${escapeBrackets(found.slice(1, -1))}]`;
    return String.raw`\x{${(found.codePointAt(0) ?? 0).toString(16)}}`;
  });
}

function escapeBrackets(inSet: string): string {
  return inSet.replaceAll(/(\[:\^?\w+:\]|\\[\s\S])|[[\]]/g, (found: string, kept?: string) =>
    kept === undefined ? `\\${found}` : kept,
  );
}

/** An escape, a whole set of characters, or a sign of several bytes with a quantifier behind it. */
const ESCAPE_OR_SET_OR_QUANTIFIED =
  /\\[\s\S]|\[\^?\]?(?:\[:\^?\w+:\]|\\[\s\S]|[^\]\\])*\]|[\u0080-\uD7FF\uE000-\u{10FFFF}](?=[*?{])/gu;
