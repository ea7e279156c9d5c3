import { describe, expect, test } from 'vitest';
import { findAttribute } from './attributes.ts';
import type { Attribute } from './attributes.ts';

const attributes: readonly Attribute[] = [
  { key: 'http.route', value: { type: 'string', value: '/users/:id' } },
  { key: 'retry', value: { type: 'int', value: 1n } },
  { key: 'retry', value: { type: 'int', value: 2n } },
];

describe('findAttribute', () => {
  test('finds the last value of a key that is given twice', () => {
    expect(findAttribute(attributes, 'retry')).toEqual({ type: 'int', value: 2n });
  });

  test('finds nothing under a key that is not there, nor under a prefix of one', () => {
    expect(findAttribute(attributes, 'http')).toBeUndefined();
    expect(findAttribute([], 'http.route')).toBeUndefined();
  });
});
