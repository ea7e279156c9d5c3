import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ByteColumn } from './byte-column.ts';
import { DictionaryColumn } from './dictionary-column.ts';
import { StringDictionary } from './string-dictionary.ts';

const words = fc.array(fc.string({ unit: 'binary', maxLength: 12 }), { maxLength: 200 });

describe('StringDictionary', () => {
  test('numbers distinct strings in the order they were first seen, after the empty one', () => {
    fc.assert(
      fc.property(words, (texts) => {
        const dictionary = new StringDictionary();
        const expected = [...new Set(['', ...texts])];
        expect(texts.map((text) => dictionary.internText(text))).toEqual(
          texts.map((text) => expected.indexOf(text)),
        );
        expect(expected.map((_, i) => dictionary.text(i))).toEqual(expected);
        expect(dictionary.count).toBe(expected.length);
      }),
    );
  });

  test('takes ranges of one source in any order', () => {
    const letters = fc.uint8Array({ min: 97, max: 98, minLength: 40, maxLength: 40 });
    const range = fc
      .tuple(fc.nat(40), fc.nat(40))
      .map(([a, b]) => [Math.min(a, b), Math.max(a, b)]);
    fc.assert(
      fc.property(letters, fc.array(range, { maxLength: 100 }), (source, ranges) => {
        const dictionary = new StringDictionary();
        for (const [start = 0, end = 0] of ranges) {
          const text = new TextDecoder().decode(source.subarray(start, end));
          expect(dictionary.text(dictionary.intern(source, start, end))).toBe(text);
        }
      }),
    );
  });

  test('tells strings apart that differ in any one byte', () => {
    for (let length = 1; length <= 40; length++) {
      const dictionary = new StringDictionary();
      const source = new Uint8Array(length).fill(7);
      dictionary.intern(source, 0, length);
      for (let at = 0; at < length; at++) {
        source[at] = 8;
        expect(dictionary.intern(source, 0, length)).toBe(at + 2);
        source[at] = 7;
      }
      expect(dictionary.intern(source, 0, length)).toBe(1);
    }
  });

  test('finds keys again whose order changes', () => {
    const dictionary = new StringDictionary();
    const orders = ['a b c d', 'a c b d', 'd c b a', 'a b c d'];
    const entries = orders.map((order) =>
      order.split(' ').map((key) => dictionary.internText(key)),
    );
    expect(entries).toEqual([
      [1, 2, 3, 4],
      [1, 3, 2, 4],
      [4, 3, 2, 1],
      [1, 2, 3, 4],
    ]);
  });

  test('holds a hundred thousand strings', () => {
    const dictionary = new StringDictionary();
    for (let i = 1; i <= 100_000; i++) dictionary.internText(`user-${i}`);
    expect(dictionary.count).toBe(100_001);
    expect(dictionary.internText('user-77777')).toBe(77_777);
    expect(dictionary.text(100_000)).toBe('user-100000');
  });

  test('takes over the entries of another', () => {
    const from = new StringDictionary();
    const to = new StringDictionary();
    to.internText('first');
    const entry = from.internText('service');
    expect(to.internFrom(from, entry)).toBe(2);
    expect(to.internFrom(from, entry)).toBe(2);
    expect(to.internFrom(from, 0)).toBe(0);
    expect(to.text(2)).toBe('service');
  });

  test('reads bytes that are not UTF-8 with U+FFFD, and keeps a byte order mark', () => {
    const dictionary = new StringDictionary();
    expect(dictionary.text(dictionary.intern(Uint8Array.of(0x61, 0xff), 0, 2))).toBe('a\ufffd');
    expect(dictionary.text(dictionary.internText('\ufeffa'))).toBe('\ufeffa');
  });

  test('writes its entries with their lengths in front', () => {
    const dictionary = new StringDictionary();
    dictionary.internText('ab');
    dictionary.internText('c');
    const target = new ByteColumn();
    dictionary.writeTo(target);
    expect([...target.bytes]).toEqual([0, 2, 0x61, 0x62, 1, 0x63]);
  });
});

describe('DictionaryColumn', () => {
  test('has a row for each push and an entry for each distinct string', () => {
    const column = new DictionaryColumn();
    for (const text of ['b', 'a', '', 'b']) column.pushText(text);
    column.pushIndex(2);
    expect([0, 1, 2, 3, 4].map((row) => column.text(row))).toEqual(['b', 'a', '', 'b', 'a']);
    expect(column.length).toBe(5);
    expect(column.dictionary.count).toBe(3);
  });

  test('forgets truncated rows and keeps their strings', () => {
    const column = new DictionaryColumn();
    for (const text of ['a', 'b']) column.pushText(text);
    column.truncate(1);
    column.pushText('b');
    expect([...column.indexes.values]).toEqual([1, 2]);
  });

  test('takes over a row of another column', () => {
    const from = new DictionaryColumn();
    const to = new DictionaryColumn();
    from.pushText('x');
    from.pushText('shop');
    to.pushIndex(to.internFrom(from, 1));
    expect(to.text(0)).toBe('shop');
  });
});
