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
  return source.replaceAll(
    /\\(?:Q([\s\S]*?)(?:\\E|$)|[\s\S])/g,
    (escape: string, quoted: string | undefined) =>
      quoted === undefined ? escape : quoted.replaceAll(/[\\.+*?()|[\]{}^$]/g, String.raw`\$&`),
  );
}
