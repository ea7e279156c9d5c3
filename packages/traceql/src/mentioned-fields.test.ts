import { expect, test } from 'vitest';
import { mentionedFields } from './mentioned-fields.ts';
import { parseQuery } from './parse-query.ts';
import { printField } from './print-query.ts';

function mentionedIn(text: string): readonly string[] {
  const query = parseQuery(text);
  return query.kind === 'search' ? mentionedFields(query).map(printField) : [];
}

test.each([
  ['{ }', []],
  ['{ .a = 1 && span.b != nil || !(status = error) }', ['.a', 'span.b', 'status']],
  ['{ .a = 1 } >> { .a = 2 && name = "x" }', ['.a', 'name']],
  ['({ .a = 1 } | { .b = 2 }) && { .c = 3 }', ['.a', '.b', '.c']],
  [
    '{ .a = 1 } | by(resource.x) | avg(.n) > 2 | select(.d, kind)',
    ['.a', 'resource.x', '.n', '.d', 'kind'],
  ],
  ['({ .a = 1 } | count()) > ({ .b = 1 } | max(.n))', ['.a', '.b', '.n']],
])('%s mentions %j', (text, fields) => {
  expect(mentionedIn(text)).toEqual(fields);
});
