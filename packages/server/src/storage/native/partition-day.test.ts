import { Uint64Column } from '@clew/model';
import { describe, expect, test } from 'vitest';
import { NOW_MS } from '../testing/spans.ts';
import { dayOfUnixNano, fileByDay, keptDays } from './partition-day.ts';

const DAY_MS = 86_400_000;
const NANOS_PER_DAY = 86_400_000_000_000n;
const TODAY = Math.floor(NOW_MS / DAY_MS);

function file(starts: readonly bigint[]): { days: number[]; clamped: number[] } {
  const column = new Uint64Column();
  for (const start of starts) column.pushBigint(start);
  const target = {
    days: new Uint16Array(starts.length),
    clamped: new Uint8Array(starts.length),
  };
  fileByDay(column, keptDays(NOW_MS, 7 * DAY_MS), target);
  return { days: [...target.days], clamped: [...target.clamped] };
}

describe('filing spans by day', () => {
  test('takes the day a span started', () => {
    const start = BigInt(NOW_MS) * 1_000_000n;
    expect(file([start, start - NANOS_PER_DAY])).toEqual({
      days: [TODAY, TODAY - 1],
      clamped: [0, 0],
    });
  });

  test('is exact at the nanosecond around midnight', () => {
    const midnight = BigInt(TODAY) * NANOS_PER_DAY;
    expect(file([midnight - 1n, midnight, midnight + 1n]).days).toEqual([TODAY - 1, TODAY, TODAY]);
  });

  test('moves starts outside of what is kept to its ends, and marks them', () => {
    const year2500 = BigInt(Date.UTC(2500, 0, 1)) * 1_000_000n;
    expect(file([0n, year2500, (1n << 64n) - 1n])).toEqual({
      days: [TODAY - 7, TODAY + 1, TODAY + 1],
      clamped: [1, 1, 1],
    });
  });

  test('counts days for the whole range of a start', () => {
    expect(dayOfUnixNano(0n)).toBe(0);
    expect(dayOfUnixNano((1n << 64n) - 1n)).toBe(213_503);
  });
});
