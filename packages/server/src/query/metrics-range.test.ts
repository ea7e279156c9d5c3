import { InvalidQueryError } from '@clew/model';
import { expect, test } from 'vitest';
import { toInstantRange, toMetricsRange } from './metrics-range.ts';

const SECOND = 1_000_000_000n;
const NOW = 1_795_000_007n * SECOND;
const nothing = { startUnixNano: undefined, endUnixNano: undefined, stepNano: undefined };

test('looks at the last hour, in intervals that begin at whole multiples of their length', () => {
  expect(toMetricsRange(nothing, NOW)).toEqual({
    startUnixNano: 1_794_996_405n * SECOND,
    stepNano: 15n * SECOND,
    binCount: 241,
    bounds: { startUnixNano: NOW - 3600n * SECOND, endUnixNano: NOW },
  });
});

test.each([
  [60n, 1n],
  [86_400n, 900n],
  [7n * 86_400n, 3600n],
  [3650n * 86_400n, 1_314_000n],
])('a time of %i s is cut into intervals of %i s', (seconds, step) => {
  const asked = { ...nothing, startUnixNano: NOW - seconds * SECOND };
  expect(toMetricsRange(asked, NOW).stepNano).toBe(step * SECOND);
});

test('covers the whole time with the step that was asked for', () => {
  const asked = { startUnixNano: 25n, endUnixNano: 41n, stepNano: 10n };
  expect(toMetricsRange(asked, NOW)).toEqual({
    startUnixNano: 20n,
    stepNano: 10n,
    binCount: 3,
    bounds: { startUnixNano: 25n, endUnixNano: 41n },
  });
});

test('is one interval for one number', () => {
  expect(toInstantRange({ startUnixNano: 25n, endUnixNano: 41n }, NOW)).toEqual({
    startUnixNano: 25n,
    stepNano: 16n,
    binCount: 1,
  });
});

test.each([
  ['step', { ...nothing, stepNano: 1n }],
  ['step', { ...nothing, stepNano: 0n }],
  ['start', { ...nothing, startUnixNano: NOW }],
])('refuses a wrong %s', (parameter, asked) => {
  const range = () => toMetricsRange(asked, NOW);
  expect(range).toThrow(InvalidQueryError);
  expect(range).toThrow(parameter);
});
