import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lineOf, writeJson } from './write-json.ts';

test('any JSON is written out line by line, and is the same when read again', () => {
  fc.assert(
    fc.property(fc.json(), (json) => {
      const lines = writeJson(json);
      const all = Array.from(lines.lineStarts, (_, line) => lineOf(lines, line));
      expect(all.join('\n')).toBe(lines.text);
      expect(all.join('\n').split('\n')).toEqual(all);
      expect(Math.max(...all.map((line) => line.length))).toBe(lines.longest);
      expect(JSON.parse(lines.text)).toEqual(JSON.parse(json));
    }),
  );
});

test('what is no JSON is refused', () => {
  expect(() => writeJson('{"spans":[')).toThrow(SyntaxError);
});
