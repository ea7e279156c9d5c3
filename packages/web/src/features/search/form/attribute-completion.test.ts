import { expect, test } from 'vitest';
import { attributeAt, suggestCondition } from './attribute-completion.ts';
import type { KnownAttributes } from './completion.ts';

const known: KnownAttributes = {
  keys: [
    { scope: 'span', key: 'http.route', types: ['string'] },
    { scope: 'resource', key: 'route', types: ['string'] },
    { scope: 'span', key: 'route', types: ['int'] },
    { scope: 'span', key: 'two words', types: ['string'] },
  ],
  values: [
    { type: 'string', value: '/orders', spanCount: 12 },
    { type: 'string', value: 'two words', spanCount: 0 },
  ],
};

const offer = (text: string, cursor = text.length) =>
  suggestCondition(text, cursor, known).shown.map((each) => each.text);

test('keys come with what is typed at their beginning first, once for all scopes', () => {
  expect(offer('route')).toEqual(['route=', 'http.route=']);
  expect(suggestCondition('route', 5, known).shown[0]?.note).toBe('string, int');
  expect(offer('')).toEqual(['http.route=', 'route=']);
});

test('values are written so that they are read back, with how many spans have them', () => {
  expect(offer('route=')).toEqual(['/orders', '"two words"']);
  expect(offer('route="tw')).toEqual(['"two words"']);
  expect(suggestCondition('route=', 6, known).shown[0]?.note).toBe('12 in the last hour');
  expect(offer('route=/orders')).toEqual([]);
});

test('only the condition that the cursor is in is completed', () => {
  expect(attributeAt('a="x y" route=/o', 16)).toEqual({ key: 'route', scope: undefined });
  expect(attributeAt('a="x y" rou', 11)).toBeUndefined();
  expect(suggestCondition('a="x y" rou', 11, known).range).toEqual({ start: 8, end: 11 });
  expect(attributeAt('a="x y', 6)).toEqual({ key: 'a', scope: undefined });
  expect(suggestCondition('rou b=1', 3, known).range).toEqual({ start: 0, end: 3 });
});
