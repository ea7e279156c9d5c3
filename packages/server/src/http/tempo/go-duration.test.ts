import { expect, test } from 'vitest';
import { formatGoDuration } from './go-duration.ts';

test.each([
  [0n, '0s'],
  [1n, '1ns'],
  [1500n, '1.5\u00b5s'],
  [20_000_000n, '20ms'],
  [20_030_000n, '20.03ms'],
  [1_000_000_000n, '1s'],
  [1_000_000_001n, '1.000000001s'],
  [90_500_000_000n, '1m30.5s'],
  [7_200_000_000_000n, '2h0m0s'],
  [-1_500_000n, '-1.5ms'],
])('%d ns are written as %s', (nanos, text) => {
  expect(formatGoDuration(nanos)).toBe(text);
});
