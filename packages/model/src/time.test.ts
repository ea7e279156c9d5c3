import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { durationNano, unixMsFromNano, unixNano, unixNanoFromMs } from './time.ts';

const MAX_UINT64 = 18_446_744_073_709_551_615n;

describe('time', () => {
  test('a moment keeps its nanoseconds', () => {
    expect(unixNano(1_700_000_000_123_456_789n)).toBe(1_700_000_000_123_456_789n);
  });

  test('what 64 bits cannot hold is clamped to what they can', () => {
    expect(unixNano(-1n)).toBe(0n);
    expect(unixNano(MAX_UINT64 + 1n)).toBe(MAX_UINT64);
  });

  test('a negative duration is 0', () => {
    expect(durationNano(-5n)).toBe(0n);
  });

  test('milliseconds survive the way there and back', () => {
    fc.assert(
      fc.property(fc.nat({ max: 18_446_744_073_709 }), (milliseconds) => {
        expect(unixMsFromNano(unixNanoFromMs(milliseconds))).toBe(milliseconds);
      }),
    );
  });

  test('milliseconds lose what is below them', () => {
    expect(unixMsFromNano(unixNano(1_999_999n))).toBe(1);
  });
});
