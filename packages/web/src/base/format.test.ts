import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatCounted,
  formatDuration,
  formatDurationShort,
  formatShare,
} from './format.ts';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');

describe('formatDuration', () => {
  test.each([
    [0, '0 ns'],
    [870, '870 ns'],
    [1_240, '1.24 µs'],
    [12_345_000, '12.3 ms'],
    [999_499_999, '999 ms'],
    [999_500_000, '1.00 s'],
    [59_940_000_000, '59.9 s'],
    [59_960_000_000, '1 min 00 s'],
    [245_000_000_000, '4 min 05 s'],
    [3_599_600_000_000, '1 h 00 min'],
    [8_040_000_000_000, '2 h 14 min'],
    [90_000_000_000_000, '1 d 1 h'],
    [-5_000_000, '-5.00 ms'],
  ])('writes %d ns as %s', (nanos, text) => {
    expect(plain(formatDuration(nanos))).toBe(text);
  });

  test('takes the bigints of the model', () => {
    expect(plain(formatDuration(1_500_000n))).toBe('1.50 ms');
  });

  test('never shows more than three digits of a decimal number, nor a wrong one', () => {
    const factors: Readonly<Record<string, number>> = { ns: 1, µs: 1e3, ms: 1e6, s: 1e9 };
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 59_000_000_000 }), (nanos) => {
        const [digits = '', unit = ''] = plain(formatDuration(nanos)).split(' ');
        expect(digits.replace('.', '').length).toBeLessThanOrEqual(3);
        const shown = Number(digits) * (factors[unit] ?? 0);
        expect(Math.abs(shown - nanos)).toBeLessThanOrEqual(nanos * 0.0051);
      }),
    );
  });
});

test('axes leave zeros out', () => {
  expect(
    [1e6, 2.5e9, 3e10, 60e9, 3600e9, 100].map((nanos) => plain(formatDurationShort(nanos))),
  ).toEqual(['1 ms', '2.5 s', '30 s', '1 min', '1 h', '100 ns']);
});

test('counts are exact below a thousand and have three digits above', () => {
  expect(
    [0, 999, 1000, 3_140, 12_345, 999_499, 999_500, 3e9].map((count) => plain(formatCount(count))),
  ).toEqual(['0', '999', '1 k', '3.14 k', '12.3 k', '999 k', '1 M', '3 G']);
  expect(formatCounted(1, 'span')).toBe('1 span');
  expect(plain(formatCounted(2_000, 'entry', 'entries'))).toBe('2 k entries');
});

describe('formatShare and formatBytes', () => {
  test.each([
    [0, '0 %'],
    [0.0001, '<0.1 %'],
    [0.1234, '12.3 %'],
    [0.99949, '99.9 %'],
    [1, '100 %'],
  ])('writes the share %d as %s', (share, text) => expect(plain(formatShare(share))).toBe(text));

  test.each([
    [12, '12 B'],
    [3_400, '3.4 kB'],
    [999_600, '1 MB'],
    [23_456_789, '23.5 MB'],
    [4_000_000_000, '4 GB'],
  ])('writes %d bytes as %s', (bytes, text) => expect(plain(formatBytes(bytes))).toBe(text));
});
