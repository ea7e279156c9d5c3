/** JSON as lines that can be looked at one by one. */
export interface JsonLines {
  readonly text: string;
  /** Where each line begins. */
  readonly lineStarts: Uint32Array<ArrayBuffer>;
  /** Characters of the longest line. */
  readonly longest: number;
}

/** Writes JSON out with a line per value. Throws `SyntaxError` for what is none. */
export function writeJson(json: string): JsonLines {
  const text = JSON.stringify(JSON.parse(json), undefined, 2);
  let count = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  const lineStarts = new Uint32Array(count);
  let longest = 0;
  let start = 0;
  for (let line = 1; line <= count; line++) {
    const end = line === count ? text.length : text.indexOf('\n', start);
    longest = Math.max(longest, end - start);
    start = end + 1;
    if (line < count) lineStarts[line] = start;
  }
  return { text, lineStarts, longest };
}

/** One line, without its end. */
export function lineOf({ text, lineStarts }: JsonLines, line: number): string {
  const next = lineStarts[line + 1];
  return text.slice(lineStarts[line], next === undefined ? undefined : next - 1);
}
