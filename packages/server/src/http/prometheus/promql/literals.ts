/** PromQL's numbers, durations and texts. */

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};

const DURATION = /^(?:\d+(?:ms|[smhdwy]))+$/;

/** `5m`, `1h30m`, or seconds as a number; `undefined` for anything else. */
export function parseDurationMs(text: string): number | undefined {
  if (!DURATION.test(text)) {
    const seconds = parseNumber(text);
    return seconds === undefined ? undefined : seconds * 1000;
  }
  let total = 0;
  for (const [, count = '', unit = ''] of text.matchAll(/(\d+)(ms|[smhdwy])/g)) {
    total += Number(count) * (UNIT_MS[unit] ?? 0);
  }
  return total;
}

/** A number, or a duration in seconds. */
export function parseNumber(text: string): number | undefined {
  const sign = text.startsWith('-') ? -1 : 1;
  const digits = text.replace(/^[+-]/, '').toLowerCase();
  if (digits === 'inf') return sign * Infinity;
  if (digits === 'nan') return NaN;
  if (DURATION.test(digits)) return (sign * (parseDurationMs(digits) ?? 0)) / 1000;
  const plain = digits.replaceAll('_', '');
  const number = plain === '' ? NaN : Number(plain);
  return Number.isNaN(number) ? undefined : sign * number;
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

const ESCAPE = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{3})|([\s\S]))/g;

/** What is between the quotes: of backquotes as it stands, of others with Go's escapes. */
export function parseText(literal: string): string {
  const inner = literal.slice(1, -1);
  if (literal.startsWith('`')) return inner;
  return inner.replace(ESCAPE, (...groups: (string | undefined)[]) => {
    const [, x, u, long, octal, single = ''] = groups;
    const hex = x ?? u ?? long;
    if (hex !== undefined) return fromCodePoint(Number.parseInt(hex, 16));
    if (octal !== undefined) return fromCodePoint(Number.parseInt(octal, 8));
    return ESCAPES[single] ?? single;
  });
}

function fromCodePoint(code: number): string {
  return code <= 0x10_ff_ff ? String.fromCodePoint(code) : '\uFFFD';
}
