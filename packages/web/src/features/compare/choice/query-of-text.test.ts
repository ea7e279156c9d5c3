import { parseQuery } from '@clew/traceql';
import { expect, test } from 'vitest';
import { queryOfText } from './query-of-text.ts';

test('words are looked for in the names of spans and services, whatever signs they have', () => {
  expect(queryOfText(' get user ')).toBe(
    '{ name =~ "(?is).*get user.*" || resource.service.name =~ "(?is).*get user.*" }',
  );
  for (const text of ['GET /a?b=*', '"', '[x', 'a\\', ')', '$1 | {']) {
    expect(() => parseQuery(queryOfText(text))).not.toThrow();
  }
  expect(queryOfText('a.b')).toContain('a\\\\.b');
});

test('TraceQL is taken as it is', () => {
  expect(queryOfText(' { status = error } ')).toBe('{ status = error }');
});
