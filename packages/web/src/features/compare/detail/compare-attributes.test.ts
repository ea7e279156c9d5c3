import type { AttributeJson } from '@clew/api';
import { describe, expect, test } from 'vitest';
import { int, text } from '../../../testing/trace-fixtures.ts';
import { compareAttributes } from './compare-attributes.ts';

const map = (...value: AttributeJson[]): AttributeJson => ({
  key: 'k',
  value: { type: 'map', value },
});

describe('compareAttributes', () => {
  test('lists each key once, in order, with what either span has', () => {
    const pairs = compareAttributes(
      [text('b', '1'), text('a', 'x')],
      [text('b', '2'), int('c', 3)],
    );
    expect(pairs.map(({ key, isDifferent }) => [key, isDifferent])).toEqual([
      ['a', true],
      ['b', true],
      ['c', true],
    ]);
    expect(pairs[0]).toMatchObject({ a: { value: 'x' }, b: undefined });
  });

  test.each([
    ['a text', text('k', '1'), text('k', '1'), false],
    ['a number and its text', int('k', 1), text('k', '1'), true],
    ['a map in another order', map(int('a', 1), int('b', 2)), map(int('b', 2), int('a', 1)), false],
    ['a map with another value', map(int('a', 1)), map(int('a', 2)), true],
  ])('%s', (_, a, b, isDifferent) => {
    expect(compareAttributes([a], [b])[0]?.isDifferent).toBe(isDifferent);
  });
});
