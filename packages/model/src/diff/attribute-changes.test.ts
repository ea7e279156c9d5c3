import { describe, expect, test } from 'vitest';
import type { Attribute, AttributeValue } from '../attributes.ts';
import { findAttributeChanges } from './attribute-changes.ts';

function isChange(base: AttributeValue, other: AttributeValue): boolean {
  return findAttributeChanges([{ key: 'k', value: base }], [{ key: 'k', value: other }]).length > 0;
}

const entry = (key: string, value: bigint): Attribute => ({ key, value: { type: 'int', value } });

describe('findAttributeChanges', () => {
  test.each<[string, AttributeValue, AttributeValue]>([
    ['a text', { type: 'string', value: 'a' }, { type: 'string', value: 'a' }],
    ['not a number', { type: 'double', value: Number.NaN }, { type: 'double', value: Number.NaN }],
    ['a zero', { type: 'double', value: 0 }, { type: 'double', value: -0 }],
    [
      'bytes',
      { type: 'bytes', value: Uint8Array.of(1) },
      { type: 'bytes', value: Uint8Array.of(1) },
    ],
    ['nothing', { type: 'empty' }, { type: 'empty' }],
    [
      'a list',
      { type: 'array', value: [{ type: 'bool', value: true }] },
      { type: 'array', value: [{ type: 'bool', value: true }] },
    ],
    [
      'a map in another order',
      { type: 'map', value: [entry('a', 1n), entry('b', 2n)] },
      { type: 'map', value: [entry('b', 2n), entry('a', 1n)] },
    ],
  ])('%s is no change to itself', (_, base, other) => {
    expect(isChange(base, other)).toBe(false);
  });

  test.each<[string, AttributeValue, AttributeValue]>([
    ['a number and its text', { type: 'int', value: 5n }, { type: 'string', value: '5' }],
    ['a whole number and a decimal', { type: 'int', value: 5n }, { type: 'double', value: 5 }],
    ['an empty text and nothing', { type: 'string', value: '' }, { type: 'empty' }],
    [
      'bytes',
      { type: 'bytes', value: Uint8Array.of(1) },
      { type: 'bytes', value: Uint8Array.of(2) },
    ],
    [
      'a list and the same with one more',
      { type: 'array', value: [] },
      { type: 'array', value: [{ type: 'empty' }] },
    ],
    [
      'a map and the same with another value',
      { type: 'map', value: [entry('a', 1n)] },
      { type: 'map', value: [entry('a', 2n)] },
    ],
  ])('%s are a change, either way', (_, base, other) => {
    expect(isChange(base, other)).toBe(true);
    expect(isChange(other, base)).toBe(true);
  });

  test('of a key that comes twice the last value counts', () => {
    const twice = [entry('a', 1n), entry('a', 2n)];
    expect(findAttributeChanges(twice, [entry('a', 2n)])).toEqual([]);
    expect(findAttributeChanges(twice, [entry('a', 1n)])).toHaveLength(1);
  });
});
