import { expect, test } from 'vitest';
import { readCompleteConditions } from './complete-conditions.ts';
import { printQuery } from './print-query.ts';

function read(text: string): string | undefined {
  const query = readCompleteConditions(text);
  return query === undefined ? undefined : printQuery(query);
}

test.each([
  ['{ resource.service.name = "cart" && name = }', '{ resource.service.name = "cart" }'],
  ['{ name = && resource.service.name = "cart"', '{ resource.service.name = "cart" }'],
  ['{ .a = 1 && .b = "unfinished', '{ .a = 1 }'],
  ['{ .a = 1 && span.', '{ .a = 1 }'],
  ['{ .a = 1 && .b = "" }', '{ .a = 1 }'],
  ['{ .a = "x && y" && .b =~ "(" }', '{ .a = "x && y" }'],
  ['{ .a = 1 } | rate()', '{ .a = 1 }'],
  ['{', '{ }'],
  ['{ }', '{ }'],
])('of %s the conditions that are whole count', (text, conditions) => {
  expect(read(text)).toBe(conditions);
});

test.each(['', 'cart', '{ .a = 1 || .b = }', '{ .a = 1 } >> { .b = }'])(
  'of "%s" nothing can be made',
  (text) => {
    expect(read(text)).toBeUndefined();
  },
);
