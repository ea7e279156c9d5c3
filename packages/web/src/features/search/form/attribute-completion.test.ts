import { expect, test } from 'vitest';
import { attributeAt, suggestCondition } from './attribute-completion.ts';
import type { KnownAttributes } from './completion.ts';

const known: KnownAttributes = {
  keys: [
    { scope: 'span', key: 'http.method', types: ['string'], spanCount: 2 },
    { scope: 'span', key: 'http.route', types: ['string'], spanCount: 7 },
    { scope: 'resource', key: 'route', types: ['string'], spanCount: 3 },
    { scope: 'span', key: 'route', types: ['int'] },
    { scope: 'span', key: 'two words', types: ['string'], spanCount: 0 },
  ],
  values: [
    { type: 'string', value: '/orders', spanCount: 12 },
    { type: 'string', value: 'two words', spanCount: 0 },
  ],
};

const offer = (text: string, cursor = text.length) =>
  suggestCondition(text, cursor, known).shown.map((each) => each.text);

test('keys come with what is typed at their beginning first, then what says what a span did, the common before the rare, with how many spans have them', () => {
  expect(offer('route')).toEqual(['route=', 'http.route=']);
  expect(suggestCondition('route', 5, known).shown[0]?.note).toBe(
    'string, int · 3 in the last hour',
  );
  expect(offer('')).toEqual(['http.route=', 'http.method=', 'route=', '"two words"=']);
  expect(suggestCondition('two', 3, known).shown[0]?.note).toBe('string');
});

test('keys with an owner are those it has, as TraceQL names them', () => {
  expect(offer('resource.')).toEqual(['resource.route=']);
  expect(offer('span.two')).toEqual(['span."two words"=']);
  expect(offer('.rou')).toEqual(['.route=', '.http.route=']);
});

test('values behind a field of TraceQL are exact', () => {
  const numbers: KnownAttributes = {
    keys: [],
    values: [
      { type: 'int', value: '500' },
      { type: 'string', value: '500' },
    ],
  };
  expect(suggestCondition('span.code=', 10, numbers).shown.map(({ text }) => text)).toEqual([
    '500',
    '"500"',
  ]);
  expect(attributeAt('span.code>=', 11)).toEqual({ key: 'code', scope: 'span' });
  expect(attributeAt('"span.code"=', 12)).toEqual({ key: 'span.code', scope: undefined });
  expect(attributeAt('event.code=', 11)).toBeUndefined();
  expect(attributeAt('span:kind=', 10)).toBeUndefined();
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
