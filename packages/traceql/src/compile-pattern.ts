import { RE2JS } from 're2js';

/** Instructions of a compiled pattern: what it may cost at each character of a text. */
export const MAX_PATTERN_INSTRUCTIONS = 1000;

/** Undefined where the pattern is too large. Throws an `Error` of re2js, which says what is wrong, for what is no pattern. */
export function compilePattern(source: string): RE2JS | undefined {
  // Repetitions are counted before, because it takes long to compile many of them.
  if (sumOfRepetitions(source) > MAX_PATTERN_INSTRUCTIONS) return undefined;
  const pattern = RE2JS.compile(source);
  return pattern.programSize() > MAX_PATTERN_INSTRUCTIONS ? undefined : pattern;
}

/** Escapes, of which some have braces, and repetitions. */
const ESCAPE_OR_REPETITION = /\\(?:Q[\s\S]*?(?:\\E|$)|[xpP]\{[^}]*\}|[\s\S])|\{(\d+)(?:,(\d*))?\}/g;

function sumOfRepetitions(source: string): number {
  let sum = 0;
  for (const [, least, most] of source.matchAll(ESCAPE_OR_REPETITION)) {
    sum += Math.max(Number(least ?? 0), Number(most ?? 0));
  }
  return sum;
}
