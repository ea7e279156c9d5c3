/** Texts in quotes: `"…"` with the escapes of Go's, and `…` between backticks as it stands. */
import { QuerySyntaxError } from '@clew/model';
import type { TextRange } from './syntax-tree.ts';

export interface QuotedText {
  readonly value: string;
  /** The quotes included. */
  readonly range: TextRange;
}

const PLAIN = /[^"\\\n]+/y;
const ESCAPE =
  /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|([abfnrtv\\"']))/y;
const LETTERS: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** Reads the text whose opening quote is at `start`. */
export function readQuoted(text: string, start: number): QuotedText {
  let value = '';
  let at = start + 1;
  while (text[at] !== '"') {
    PLAIN.lastIndex = at;
    ESCAPE.lastIndex = at;
    const plain = PLAIN.exec(text);
    const escape = plain === null ? ESCAPE.exec(text) : null;
    if (plain !== null) value += plain[0];
    else if (escape !== null) value += unescape(escape);
    else throw notQuoted(text, start, at);
    at += (plain ?? escape)?.[0].length ?? 0;
  }
  return { value, range: { start, end: at + 1 } };
}

/** Reads the text whose opening backtick is at `start`. */
export function readRaw(text: string, start: number): QuotedText {
  const end = text.indexOf('`', start + 1);
  if (end < 0) {
    throw new QuerySyntaxError('the text that begins here has no closing `', {
      text,
      position: start,
      expected: '`',
    });
  }
  return { value: text.slice(start + 1, end), range: { start, end: end + 1 } };
}

/** A text in quotes that `readQuoted` reads as `value`. */
export function formatQuoted(value: string): string {
  const escaped = value.replaceAll(/["\\\p{Cc}]/gu, (character) => {
    if (character === '"' || character === '\\') return `\\${character}`;
    const letter = Object.entries(LETTERS).find(([, each]) => each === character)?.[0];
    const code = character.codePointAt(0) ?? 0;
    return letter === undefined ? `\\x${code.toString(16).padStart(2, '0')}` : `\\${letter}`;
  });
  return `"${escaped}"`;
}

function unescape([, hex, short, long, octal, letter = '']: RegExpExecArray): string {
  if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
  const code = hex ?? short ?? long;
  if (code === undefined) return LETTERS[letter] ?? letter;
  const point = Number.parseInt(code, 16);
  return point > 0x10_ff_ff ? '\ufffd' : String.fromCodePoint(point);
}

function notQuoted(text: string, start: number, at: number): QuerySyntaxError {
  if (text[at] === '\\' && at + 1 < text.length) {
    const found = text.slice(at, at + 2);
    return new QuerySyntaxError(`unknown escape ${found}`, { text, position: at });
  }
  const message = 'the text that begins here has no closing "';
  return new QuerySyntaxError(message, { text, position: start, expected: '"' });
}
