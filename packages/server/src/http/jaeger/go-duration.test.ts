import { expect, test } from 'vitest';
import { parseGoDuration } from './go-duration.ts';

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
