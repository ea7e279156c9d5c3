/**
 * A text without the spaces and tabs around it: W3C's "optional white space". `String.trim` would take line breaks as well, and a
 * regular expression takes quadratic time for a long run of blanks inside.
 */
export function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
