import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatAttribute, isSameAttribute, parseAttribute } from './span-attribute.ts';

test('any key of either scope reads as it was written', () => {
  const anyAttribute = fc.record({
    scope: fc.constantFrom('span' as const, 'resource' as const),
    key: fc.string({ minLength: 1, unit: 'grapheme' }),
  });
  fc.assert(
    fc.property(anyAttribute, (attribute) => {
      expect(parseAttribute(formatAttribute(attribute))).toEqual(attribute);
    }),
  );
});

test.each(['', 'span', 'span.', 'http.route', 'event.name'])('%j names no attribute', (text) => {
  expect(parseAttribute(text)).toBeUndefined();
});

test('attributes of one key and another scope are two', () => {
  const host = { scope: 'span', key: 'host.name' } as const;
  expect(isSameAttribute(host, { ...host })).toBe(true);
  expect(isSameAttribute(host, { ...host, scope: 'resource' })).toBe(false);
});
