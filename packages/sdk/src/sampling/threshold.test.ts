import * as fc from 'fast-check';
import { samplingWeight } from '@clew/model';
import { expect, test } from 'vitest';
import { Threshold } from './threshold.ts';

// From the specification's own table.
test.each([
  [1, '0'],
  [1 / 2, '8'],
  [1 / 3, 'aaab'],
  [1 / 4, 'c'],
  [1 / 5, 'cccd'],
  [1 / 8, 'e'],
  [1 / 10, 'e666'],
  [1 / 16, 'f'],
  [1 / 100, 'fd70a'],
  [1 / 1000, 'ffbe77'],
  [1 / 10_000, 'fff9724'],
  [1 / 100_000, 'ffff583a'],
  [1 / 1_000_000, 'ffffef39'],
])('of the probability %d is %s', (probability, digits) => {
  expect(Threshold.ofProbability(probability)?.digits).toBe(digits);
});

test.each([0, -1, Number.NaN, 2 ** -57])('there is none of the probability %d', (probability) => {
  expect(Threshold.ofProbability(probability)).toBeUndefined();
});

test.each(['', '123456789abcdef', 'C', 'xyz', '8 '])('there is none in the text %j', (text) => {
  expect(Threshold.parse(text)).toBeUndefined();
});

test('tells the receiver the probability, to four digits', () => {
  fc.assert(
    fc.property(fc.double({ min: 2 ** -40, max: 1, noNaN: true }), (probability) => {
      const digits = Threshold.ofProbability(probability)?.digits ?? '';
      const told = 1 / samplingWeight(`ot=th:${digits}`);
      expect(told / probability).toBeGreaterThan(1 - 2 ** -12);
      expect(told / probability).toBeLessThan(1 + 2 ** -12);
      expect(Threshold.parse(digits)?.digits).toBe(digits);
    }),
    { numRuns: 1000, examples: [[2 ** -56], [1 - 2 ** -53]] },
  );
});

test('admits exactly the numbers from it up, in all 56 bits', () => {
  const numbers = fc.bigInt({ min: 0n, max: (1n << 56n) - 1n });
  fc.assert(
    fc.property(numbers, numbers, (threshold, random) => {
      const digits = (number: bigint): string => number.toString(16).padStart(14, '0');
      const admits = Threshold.parse(digits(threshold))?.admitsDigits(digits(random));
      expect(admits).toBe(random >= threshold);
      expect(Threshold.parse(digits(random))?.admitsDigits(digits(random))).toBe(true);
    }),
  );
});
