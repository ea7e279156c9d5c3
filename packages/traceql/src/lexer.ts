/**
 * Text to tokens. The one thing that is unlike other languages: an attribute's name goes on to the next blank or one of
 * `{}()=~!<>&|^,`, so `.a-b` and `.a/b` are names, and arithmetic needs blanks around its signs. What is not so simple is put
 * in quotes: `span."a b"`.
 */
import { QuerySyntaxError } from '@clew/model';
import type { AttributeScope } from './syntax-tree.ts';
import { parseDuration } from './duration.ts';
import { readQuoted, readRaw } from './quoted-text.ts';
import { SYMBOLS } from './token.ts';
import type { Token } from './token.ts';

const BLANK = /\s/;
const WORD = /[A-Za-z_][\w:]*/y;
const NUMBER = /(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const DURATION = /(?:(?:\d+(?:\.\d+)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h|d|w|y))+(?!\w)/y;
/** A number or a duration without digits in front; what goes on otherwise is the name of an attribute. */
const FRACTION = /\.\d+(?:[eE][+-]?\d+|ns|us|µs|μs|ms|s|m|h|d|w|y)?(?![^\s{}()=~!<>&|^,])/y;
const NAME_PART = /[^\s{}()=~!<>&|^,"]+/y;
export const MAX_INT64: bigint = (1n << 63n) - 1n;

const SCOPES: Readonly<Record<string, AttributeScope>> = {
  span: 'span',
  resource: 'resource',
  event: 'event',
  link: 'link',
  instrumentation: 'instrumentation',
};

/** The last token is of type `end`. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    while (at < text.length && BLANK.test(text[at] ?? '')) at++;
    const token = readToken(text, at);
    tokens.push(token);
    if (token.type === 'end') return tokens;
    at = token.range.end;
  }
}

function readToken(text: string, start: number): Token {
  const first = text[start];
  if (first === undefined) return { type: 'end', range: { start, end: start } };
  if (first === '.' && match(FRACTION, text, start) === undefined) {
    return readAttribute(text, start, start);
  }
  if (first === '"') return { type: 'string', ...readQuoted(text, start) };
  if (first === '`') return { type: 'string', ...readRaw(text, start) };
  if (/[.\d]/.test(first)) return readNumber(text, start);
  const word = match(WORD, text, start);
  if (word !== undefined) return readWord(text, start, word);
  const symbol = SYMBOLS.find((each) => text.startsWith(each, start));
  if (symbol !== undefined) return { type: symbol, range: { start, end: start + symbol.length } };
  const message =
    first === "'" ? 'texts stand in double quotes' : `unexpected ${JSON.stringify(first)}`;
  throw new QuerySyntaxError(message, { text, position: start });
}

/** Whether a dot and a name are read as a number. */
export function isFraction(name: string): boolean {
  return match(FRACTION, `.${name}`, 0) !== undefined;
}

function readWord(text: string, start: number, word: string): Token {
  const end = start + word.length;
  const isScope = word === 'parent' || Object.hasOwn(SCOPES, word);
  if (isScope && text[end] === '.') return readAttribute(text, start, end);
  return { type: 'word', text: word, range: { start, end } };
}

/** `dotAt` is where the name's dot is, behind the scope. */
function readAttribute(text: string, start: number, dotAt: number): Token {
  let scope = text.slice(start, dotAt);
  let nameAt = dotAt + 1;
  const ofParent = scope === 'parent';
  if (ofParent) {
    const inner = /(span|resource)\./y;
    scope = match(inner, text, nameAt)?.slice(0, -1) ?? '';
    if (scope !== '') nameAt += scope.length + 1;
  }
  const { name, end } = readName(text, nameAt);
  return {
    type: 'attribute',
    scope: SCOPES[scope] ?? 'any',
    ofParent,
    name,
    range: { start, end },
  };
}

function readName(text: string, start: number): { readonly name: string; readonly end: number } {
  let name = '';
  let end = start;
  for (;;) {
    const part = match(NAME_PART, text, end);
    if (part !== undefined) {
      name += part;
      end += part.length;
    } else if (text[end] === '"') {
      const quoted = readQuoted(text, end);
      name += quoted.value;
      end = quoted.range.end;
    } else break;
  }
  if (end === start) {
    const expected = 'the name of an attribute';
    throw new QuerySyntaxError(`expected ${expected}`, { text, position: start, expected });
  }
  return { name, end };
}

function readNumber(text: string, start: number): Token {
  const duration = match(DURATION, text, start);
  if (duration !== undefined) {
    const range = { start, end: start + duration.length };
    const nanos = parseDuration(duration);
    if (nanos === undefined || nanos > MAX_INT64) throw tooLarge(text, start, duration);
    return { type: 'duration', nanos, range };
  }
  const digits = match(NUMBER, text, start) ?? '';
  const range = { start, end: start + digits.length };
  if (!/^\d+$/.test(digits)) return { type: 'float', value: Number(digits), range };
  const value = BigInt(digits);
  if (value > MAX_INT64) throw tooLarge(text, start, digits);
  return { type: 'int', value, range };
}

function tooLarge(text: string, position: number, found: string): QuerySyntaxError {
  return new QuerySyntaxError(`${found} is more than 64 bits hold`, { text, position });
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
