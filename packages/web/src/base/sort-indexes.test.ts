import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allIndexes, sortIndexes } from './sort-indexes.ts';

const keys = (minLength: number) =>
  fc.array(fc.oneof(fc.double({ noNaN: true }), fc.integer({ min: -3, max: 3 })), {
    minLength,
    maxLength: minLength + 50,
  });

describe('sortIndexes', () => {
  test.each([0, 5_000])('orders as comparing does, from %i keys on', (minLength) => {
    fc.assert(
      fc.property(keys(minLength), fc.constantFrom(1, -1), (values, direction) => {
        const sorted = [...sortIndexes(allIndexes(values.length), values, direction)];
        const expected = values
          .map((value, index) => ({ value, index }))
          .sort(
            (a, b) =>
              (a.value === b.value ? 0 : a.value < b.value ? -direction : direction) ||
              a.index - b.index,
          )
          .map(({ index }) => index);
        expect(sorted).toEqual(expected);
      }),
      { numRuns: minLength === 0 ? 200 : 10 },
    );
  });

  test('keeps the order of equals, and sorts no more than it is given', () => {
    const values = Float64Array.from({ length: 10_000 }, (_, index) => index % 2);
    const some = allIndexes(10_000).filter((index) => index % 3 === 0);
    const sorted = sortIndexes(some, values);
    expect(sorted).toHaveLength(some.length);
    expect([...sorted.subarray(0, 3)]).toEqual([0, 6, 12]);
    expect(some[1]).toBe(3);
  });
});
