import { expect, test } from 'vitest';
import { formatGoDuration, goDurationFault, parseGoDuration } from './go-duration.ts';

test.each([
  ['0', 0n],
  ['1ns', 1n],
  ['500us', 500_000n],
  ['500µs', 500_000n],
  ['100ms', 100_000_000n],
  ['1.5s', 1_500_000_000n],
  ['.5s', 500_000_000n],
  ['1.s', 1_000_000_000n],
  ['1h15m30.918s', 4_530_918_000_000n],
  ['+2m', 120_000_000_000n],
])('reads %s', (text, nanos) => {
  expect(parseGoDuration(text)).toBe(nanos);
});

test.each(['', '5', 's', '-1s', '1d', '1s ', 'abc', '1e3s', '999999999h', '.s'])(
  'refuses %j',
  (text) => {
    expect(parseGoDuration(text)).toBeUndefined();
  },
);

test.each([
  [0n, '0s'],
  [1n, '1ns'],
  [1100n, '1.1µs'],
  [2_030_000n, '2.03ms'],
  [20_000_000n, '20ms'],
  [-50_000_000n, '-50ms'],
  [-1_500_000n, '-1.5ms'],
  [1_000_000_000n, '1s'],
  [1_000_000_001n, '1.000000001s'],
  [90_000_000_000n, '1m30s'],
  [90_500_000_000n, '1m30.5s'],
  [7_200_000_000_000n, '2h0m0s'],
  [7_200_000_000_001n, '2h0m0.000000001s'],
])('writes %d ns as %s', (nanos, text) => {
  expect(formatGoDuration(nanos)).toBe(text);
});

test.each([
  ['5', 'time: missing unit in duration "5"'],
  ['1d', 'time: unknown unit "d" in duration "1d"'],
  ['abc', 'time: invalid duration "abc"'],
  ['', 'time: invalid duration ""'],
])('says what is wrong with %j', (text, fault) => {
  expect(goDurationFault(text)).toBe(fault);
});
