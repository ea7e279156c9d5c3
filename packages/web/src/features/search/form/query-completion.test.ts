import { expect, test } from 'vitest';
import { attributeToComplete, suggest } from './query-completion.ts';
import type { KnownAttributes } from './completion.ts';

const known: KnownAttributes = {
  keys: [
    { scope: 'resource', key: 'host.name', types: ['string'] },
    { scope: 'span', key: 'http.route', types: ['string'], spanCount: 345 },
    { scope: 'span', key: 'user id', types: ['int', 'string'], spanCount: 12 },
    { scope: 'resource', key: 'user id', types: ['bool'] },
  ],
  values: [
    { type: 'string', value: 'a "quoted" one' },
    { type: 'int', value: '42' },
    { type: 'complex', value: '' },
  ],
};

function offer(text: string): string[] {
  return suggest(text, text.length, known).shown.map((each) => each.text);
}

test('attributes come with the scope that was typed, or with a dot, with their types and how many spans have them', () => {
  expect(offer('{ span.')).toEqual(['span.http.route', 'span."user id"']);
  expect(offer('{ resource.user')).toEqual(['resource."user id"']);
  expect(offer('{ .route')).toEqual(['.http.route']);
  const { shown, range } = suggest('{ .user', 7, known);
  expect(shown).toEqual([{ text: '."user id"', note: 'int, string, bool · 12 in the last hour' }]);
  expect(range).toEqual({ start: 2, end: 7 });
});

test('what most queries ask about comes first, and what a program runs on last', () => {
  const spanCount = 100;
  const ofSpan = (key: string, count = spanCount) =>
    ({ scope: 'span', key, types: ['string'], spanCount: count }) as const;
  const ofResource = (key: string) =>
    ({ scope: 'resource', key, types: ['string'], spanCount }) as const;
  const keys = [
    ...['host.arch', 'os.type', 'process.pid', 'deployment.environment', 'service.name'].map(
      ofResource,
    ),
    ofSpan('user.id'),
    ofSpan('app.flag', 101),
    ofSpan('http.route'),
    ofSpan('db.query.text', 7),
  ];
  const { shown } = suggest('{ ', 2, { keys, values: [] });
  const offered = shown.map(({ text }) => text).slice(0, 13);
  expect(offered.join(' ')).toBe(
    'name status duration kind resource.service.name .http.route .db.query.text .app.flag .user.id ' +
      '.deployment.environment .host.arch .os.type .process.pid',
  );
  expect(suggest('{ .ser', 6, { keys, values: [] }).shown[0]?.text).toBe('.service.name');
});

test('values are written as the language writes them', () => {
  expect(offer('{ .a = ').slice(0, 2)).toEqual(['"a \\"quoted\\" one"', '42']);
  expect(offer('{ .a = 4')).toEqual(['&&', '||', '}']);
  expect(offer('{ .a = "qu')).toEqual(['"a \\"quoted\\" one"']);
});

test('values come with how many spans have them, where that is known', () => {
  const counted = {
    keys: [],
    values: [
      { type: 'string', value: 'a', spanCount: 345 },
      { type: 'string', value: 'b', spanCount: 0 },
    ],
  } as const;
  expect(suggest('{ .a = ', 7, counted).shown.slice(0, 2)).toEqual([
    { text: '"a"', note: '345 in the last hour' },
    { text: '"b"', note: '' },
  ]);
});

test('names the attribute whose values fit', () => {
  const ask = (text: string) => attributeToComplete(text, text.length);
  expect(ask('{ span.a = ')).toEqual({ key: 'a', scope: 'span' });
  expect(ask('{ .a = "x')).toEqual({ key: 'a', scope: undefined });
  expect(ask('{ name = ')).toBeUndefined();
  expect(ask('{ parent.a = ')).toBeUndefined();
  expect(ask('{ ')).toBeUndefined();
});

test('the words of the language are always there', () => {
  expect(offer('')).toEqual(['{', '(']);
  expect(offer('{ status = ')).toContain('error');
  expect(offer('{ dura')).toContain('duration');
});
