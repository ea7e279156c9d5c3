import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { samplingWeight } from './sampling-weight.ts';

describe('samplingWeight', () => {
  test.each([
    ['', 1],
    ['ot=th:0', 1],
    ['ot=th:8', 2],
    ['ot=th:c', 4],
    ['ot=th:fd70a3d70a3d71', 100],
    ['ot=rv:9b8233f7e3a151;th:c', 4],
    ['vendor=x,ot=th:c', 4],
    ['vendor=x , ot=th:c;p:8 , other=y', 4],
  ])('of %j is %d', (traceState, weight) => {
    expect(samplingWeight(traceState)).toBeCloseTo(weight, 6);
  });

  test.each([
    ['no threshold', 'ot=rv:9b8233f7e3a151'],
    ['a threshold of another vendor', 'vendor=th:c'],
    ['15 digits', 'ot=th:123456789abcdef'],
    ['no digits', 'ot=th:'],
    ['capital letters', 'ot=th:C'],
    ['a key that only ends like it', 'ot=xth:c'],
  ])('is 1 with %s', (_, traceState) => {
    expect(samplingWeight(traceState)).toBe(1);
  });

  test('is 2^56 / (2^56 - threshold) for every threshold, up to the rarest', () => {
    const thresholds = fc.bigInt({ min: 0n, max: (1n << 56n) - 1n });
    fc.assert(
      fc.property(thresholds, (threshold) => {
        const weight = samplingWeight(`ot=th:${threshold.toString(16).padStart(14, '0')}`);
        expect(weight / (2 ** 56 / Number((1n << 56n) - threshold))).toBeCloseTo(1, 9);
      }),
      { examples: [[(1n << 56n) - 1n], [(1n << 56n) - 5n]] },
    );
  });

  test('trailing zeros of a threshold may be left out', () => {
    expect(samplingWeight('ot=th:ab')).toBe(samplingWeight('ot=th:ab000000000000'));
  });

  test('is at least 1 for any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(samplingWeight(`ot=th:${text}`)).toBeGreaterThanOrEqual(1);
      }),
    );
  });
});
