import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rankEntries } from './rank-entries.ts';

const find = (names: readonly string[], text: string) =>
  rankEntries(
    names.map((name) => ({ name })),
    text,
  ).map(({ entry }) => entry.name);

describe('rankEntries', () => {
  test('finds by the beginnings of words, and by letters in their order', () => {
    const names = ['Flame graph', 'Graph', 'Find in this trace', 'Theme: dark'];
    expect(find(names, 'fg')).toEqual(['Flame graph']);
    expect(find(names, 'thdark')).toEqual(['Theme: dark']);
    expect(find(names, 'xyz')).toEqual([]);
  });

  test('prefers a name that begins with the words to one that has them later', () => {
    const names = ['payment-gateway', 'gateway', 'api-gateway'];
    expect(find(names, 'gateway')).toEqual(['gateway', 'api-gateway', 'payment-gateway']);
  });

  test('wants every word, in whatever order', () => {
    const names = ['Next failed span', 'Previous failed span', 'Next span that was found'];
    expect(find(names, 'span failed')).toEqual(['Next failed span', 'Previous failed span']);
  });

  test('does not take letters that are scattered over a long name for a match', () => {
    expect(find(['Select the first span of what is shown in the tree'], 'error')).toEqual([]);
  });

  test('looks at notes too, for less than at names', () => {
    const entries = [
      { name: 'GET /', note: 'order-service' },
      { name: 'order-service', note: undefined },
    ];
    const names = rankEntries(entries, 'order').map(({ entry }) => entry.name);
    expect(names).toEqual(['order-service', 'GET /']);
  });

  test('leaves everything as it is when nothing is asked for', () => {
    expect(find(['a long name', 'a', 'b'], '  ').sort()).toEqual(['a', 'a long name', 'b']);
  });

  test('finds every name by itself, whatever characters it has', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }), (name) => {
        expect(find([name], name)).toEqual([name]);
      }),
    );
  });
});
