import { describe, expect, test } from 'vitest';
import {
  formatClock,
  formatDateTime,
  formatMoment,
  formatRelative,
  formatTimeRange,
  formatUtcOffset,
} from './format-time.ts';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');
const at = Date.UTC(2026, 10, 22, 19, 15, 3, 123);

describe('in UTC', () => {
  test('a point in time is year first, 24 hours, to the millisecond', () => {
    expect(formatDateTime(at, 'utc')).toBe('2026-11-22 19:15:03.123');
    expect(formatClock(at, 'utc')).toBe('19:15:03.123');
    expect(formatUtcOffset(at, 'utc')).toBe('UTC');
  });

  test('a moment has its day only when that is not today', () => {
    expect(formatMoment(at, at + 60_000, 'utc')).toBe('19:15:03');
    expect(formatMoment(at, at + 86_400_000, 'utc')).toBe('2026-11-22 19:15:03');
  });

  test('a range says the second day only when it is another one', () => {
    expect(formatTimeRange(at, at + 3_600_000, 'utc')).toBe('2026-11-22 19:15:03 – 20:15:03');
    expect(formatTimeRange(at, at + 6 * 3_600_000, 'utc')).toBe(
      '2026-11-22 19:15:03 – 2026-11-23 01:15:03',
    );
  });
});

test('the local clock is the one of the reader', () => {
  const date = new Date(at);
  expect(formatClock(at, 'local').slice(0, 2)).toBe(String(date.getHours()).padStart(2, '0'));
});

test('a start time that no date can hold is shown as the nearest one', () => {
  expect(formatDateTime(1e20, 'utc')).toMatch(/^\+275760/);
});

test('relative times name the largest whole unit', () => {
  expect(
    [200, 12_000, 185_000, 7_200_000, 90_000_000, -300_000].map((agoMs) =>
      plain(formatRelative(at - agoMs, at)),
    ),
  ).toEqual(['now', '12 s ago', '3 min ago', '2 h ago', '1 d ago', 'in 5 min']);
});
