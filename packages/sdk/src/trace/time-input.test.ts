import { expect, test } from 'vitest';
import { parseTimeInput } from './time-input.ts';
import type { UnixTime } from './time-input.ts';

test('reads every form in which the API takes a time', () => {
  expect(parseTimeInput([1_700_000_000, 123])).toEqual(at(1_700_000_000, 123));
  expect(parseTimeInput([1_700_000_000, 2_000_000_123])).toEqual(at(1_700_000_002, 123));
  expect(parseTimeInput(new Date(1_900_000_000_000))).toEqual(at(1_900_000_000, 0));
  expect(parseTimeInput(1_900_000_000_999.5)).toEqual(at(1_900_000_000, 999_500_000));
});

test('takes a small number as time since the process began, and a date in the past as that date', () => {
  const { seconds, nanoseconds } = parseTimeInput(performance.now()) ?? at(0, 0);
  expect(Math.abs(seconds * 1000 + nanoseconds / 1e6 - Date.now())).toBeLessThan(100);
  expect(parseTimeInput(new Date(0))).toEqual(at(0, 0));
});

test('has no answer to what is no time, or none that OTLP can say', () => {
  const never = [Number.NaN, Number.POSITIVE_INFINITY, new Date('never'), new Date(-1), 1e300];
  for (const odd of never) expect(parseTimeInput(odd)).toBeUndefined();
  expect(parseTimeInput([Number.NaN, 0])).toBeUndefined();
  expect(parseTimeInput([0, Number.NaN])).toBeUndefined();
});

function at(seconds: number, nanoseconds: number): UnixTime {
  return { seconds, nanoseconds };
}
