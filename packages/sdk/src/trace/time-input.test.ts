import { expect, test } from 'vitest';
import { parseTimeInput } from './time-input.ts';

test('reads every form in which the API takes a time', () => {
  expect(parseTimeInput([1_700_000_000, 123])).toBe(1_700_000_000_000_000_123n);
  expect(parseTimeInput(new Date(1_900_000_000_000))).toBe(1_900_000_000_000_000_000n);
  expect(parseTimeInput(1_900_000_000_000.5)).toBe(1_900_000_000_000_500_000n);
});

test('takes a small number as time since the process began, and a date in the past as that date', () => {
  const nowNano = parseTimeInput(performance.now()) ?? 0n;
  expect(Math.abs(Number(nowNano / 1_000_000n) - Date.now())).toBeLessThan(100);
  expect(parseTimeInput(new Date(0))).toBe(0n);
});

test('has no answer to what is no time', () => {
  for (const odd of [Number.NaN, Number.POSITIVE_INFINITY, new Date('never')]) {
    expect(parseTimeInput(odd)).toBeUndefined();
  }
  expect(parseTimeInput([Number.NaN, 0])).toBeUndefined();
});
