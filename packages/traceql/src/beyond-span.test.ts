import { expect, test } from 'vitest';
import { findBeyondSpan } from './beyond-span.ts';
import { parseQuery } from './parse-query.ts';
import type { TextRange } from './syntax-tree.ts';

function find(text: string): TextRange | undefined {
  const query = parseQuery(text);
  if (query.kind !== 'search') throw new Error(`not a search: ${text}`);
  return findBeyondSpan(query);
}

test.each([
  '{ }',
  '{ status = error && (.a = 1 || !(duration > 1s)) }',
  '{ event.name = "x" } | { link:traceID != nil }',
  '({ kind = server } | { trace:id = "a" }) || { resource.service.name = "a" }',
  '{ span:parentID = nil } | select(span.a, parent.b)',
  '{ instrumentation:name =~ "a.*" }',
])('a span alone answers %s', (text) => {
  expect(find(text)).toBeUndefined();
});

test.each([
  ['{ name = "a" } > { }', '{ name = "a" } > { }'],
  ['{ name = "a" } && { }', '{ name = "a" } && { }'],
  ['({ } >> { .a = 1 }) || { }', '{ } >> { .a = 1 }'],
  ['{ } | count() > 1', 'count() > 1'],
  ['{ } | by(.a)', 'by(.a)'],
  ['{ } | coalesce()', 'coalesce()'],
  ['{ .a = 1 && parent.b = 2 }', 'parent.b'],
  ['{ 1s < traceDuration }', 'traceDuration'],
  ['{ } | { !(rootName = "a") }', 'rootName'],
  ['{ parent = nil }', 'parent'],
  ['{ span:childCount = 0 }', 'span:childCount'],
])('in %s the whole trace is asked for by %s', (text, part) => {
  const { start = 0, end = 0 } = find(text) ?? {};
  expect(text.slice(start, end)).toBe(part);
});
