import { expect, test } from 'vitest';
import { wholePatternLiteral, withoutFrame } from './pattern.ts';
import { textLiteral } from './sql.ts';

test.each([
  ['a.*', 'a.*'],
  [String.raw`\Qa.b`, String.raw`a\.b`],
  [String.raw`\Q(\E(a)\Q|\E*`, String.raw`\((a)\|*`],
  ['\\Qab\\', String.raw`ab\\`],
  [String.raw`\\Qa.b`, String.raw`\\Qa.b`],
  ['[]a]foo|[^]a]bar', String.raw`[\]a]foo|[^\]a]bar`],
  [String.raw`[a[]\[]a][[:alpha:][]]`, String.raw`[a\[]\[]a][[:alpha:]\[]]`],
  ['日本?é{0,2}[é*]é+', String.raw`日\x{672c}?\x{e9}{0,2}[é*]é+`],
  [String.raw`\Q日\E*`, String.raw`\x{65e5}*`],
])('%s is put to the engine as %s', (source, spelled) => {
  const whole = String.raw`\A(?-s:${spelled})\z`;
  expect(wholePatternLiteral(source)).toEqual(textLiteral(whole));
  expect(withoutFrame(whole)).toBe(spelled);
});
