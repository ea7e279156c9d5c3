import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { IdNumbers } from './id-numbers.ts';

describe('IdNumbers', () => {
  test('gives one number for each id, from 0 up in the order they come, and the id back', () => {
    const half = fc.oneof(fc.constantFrom(0, 1, 0xffff_ffff), fc.nat({ max: 0xffff_ffff }));
    fc.assert(
      fc.property(fc.array(fc.tuple(half, half), { maxLength: 500 }), (ids) => {
        const numbers = new IdNumbers();
        const known = new Map<bigint, number>();
        for (const [low, high] of ids) {
          const id = (BigInt(high) << 32n) | BigInt(low);
          if (!known.has(id)) known.set(id, known.size);
          // Halves come signed, too.
          expect(numbers.numberOf(low | 0, high | 0)).toBe(known.get(id));
        }
        expect(numbers.count).toBe(known.size);
        for (const [id, number] of known) expect(numbers.at(number)).toBe(id);
      }),
      { numRuns: 200 },
    );
  });

  test('reads an id from its digits', () => {
    const numbers = new IdNumbers();
    const number = numbers.numberOfHex('0123456789abcdef');
    expect(numbers.at(number)).toBe(0x0123_4567_89ab_cdefn);
    expect(numbers.numberOf(0x89ab_cdef, 0x0123_4567)).toBe(number);
    expect(numbers.at(numbers.numberOfHex('ffffffff00000001'))).toBe(0xffff_ffff_0000_0001n);
  });

  test('numbers a million ids that count up', () => {
    const numbers = new IdNumbers();
    for (let i = 0; i < 1_000_000; i++) numbers.numberOf(7, i);
    expect(numbers.count).toBe(1_000_000);
    expect(numbers.numberOf(7, 999_999)).toBe(999_999);
  });
});
