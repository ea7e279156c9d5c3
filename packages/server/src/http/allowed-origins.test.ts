import { expect, test } from 'vitest';
import { createOriginMatcher } from './allowed-origins.ts';

test.each<[string, string, boolean]>([
  ['http://localhost:*', 'http://localhost:3000', true],
  ['http://localhost:*', 'http://localhost', true],
  ['http://localhost:*', 'https://localhost:3000', false],
  ['http://localhost:*', 'http://localhost.evil.example', false],
  ['http://localhost:*', 'http://evil.example?http://localhost:3000', false],
  ['http://[::1]:*', 'http://[::1]:8080', true],
  ['https://shop.example', 'https://shop.example', true],
  ['https://shop.example', 'HTTPS://SHOP.EXAMPLE', true],
  ['https://shop.example', 'https://shop.example:8443', false],
  ['https://shop.example', 'https://shopxexample', false],
  ['https://shop.example:8443', 'https://shop.example:8443', true],
  ['https://*.shop.example', 'https://eu.www.shop.example', true],
  ['https://*.shop.example', 'https://shop.example', false],
  ['https://*.shop.example', 'https://evilshop.example', false],
  ['*', 'https://anything.example', true],
  ['*', 'null', true],
  ['http://localhost:*', 'null', false],
])('%s and %s: %s', (pattern, origin, isAllowed) => {
  expect(createOriginMatcher([pattern])(origin)).toBe(isAllowed);
});

test('no pattern allows nothing, and one of several is enough', () => {
  expect(createOriginMatcher([])('http://localhost')).toBe(false);
  expect(createOriginMatcher(['https://a.example', 'https://b.example'])('https://b.example')).toBe(
    true,
  );
});
