import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { findJsonValue } from './find-json-value.ts';

type Path = readonly (string | number)[];

test.each<readonly [string, Path, number]>([
  ['{"a":1}', ['a'], 5],
  ['{"a":1}', [], 0],
  [' { "a" : [ 1 , {"b": "x"} ] }', ['a', 1, 'b'], 21],
  ['{"a":"{\\"b\\":1}","b":2}', ['b'], 21],
  ['{"a":1,"a":2}', ['a'], 11],
  ['{"\\u0061":true}', ['a'], 10],
  ['{"a":[]}', ['a', 0], 5],
  ['{"a":5}', ['a', 'b'], 5],
  ['{"b":[[1],{"c":[]}],"a":null}', ['a'], 24],
])('in %s, %j is at %d', (text, path, expected) => {
  expect(findJsonValue(text, path)).toBe(expected);
});

test('what is found is the value that parsing finds', () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(2), fc.infiniteStream(fc.nat()), (text, indent, choices) => {
      const value: unknown = JSON.parse(text);
      const spaced = JSON.stringify(value, undefined, indent);
      const path: (string | number)[] = [];
      let inner = value;
      while (typeof inner === 'object' && inner !== null) {
        const entries = Object.entries(inner as Record<string, unknown>);
        const entry = entries[(choices.next().value ?? 0) % Math.max(entries.length, 1)];
        if (entry === undefined) break;
        path.push(Array.isArray(inner) ? Number(entry[0]) : entry[0]);
        inner = entry[1];
      }
      const at = findJsonValue(spaced, path);
      expect(spaced.slice(at).startsWith(JSON.stringify(inner))).toBe(true);
    }),
    { numRuns: 1000 },
  );
});
