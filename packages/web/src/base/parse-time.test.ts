import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatDateTime } from './format-time.ts';
import { parseTime } from './parse-time.ts';

const now = Date.UTC(2026, 10, 22, 10, 30);
const read = (text: string) => {
  const unixMs = parseTime(text, 'utc', now);
  return unixMs === undefined ? undefined : new Date(unixMs).toISOString();
};

describe('parseTime', () => {
  test.each([
    ['2026-11-22 19:15', '2026-11-22T19:15:00.000Z'],
    ['2026-11-22T19:15:03.123', '2026-11-22T19:15:03.123Z'],
    ['2026-11-22T19:15:03Z', '2026-11-22T19:15:03.000Z'],
    ['2026-11-22 19:15:03 +01:00', '2026-11-22T18:15:03.000Z'],
    ['2026-11-22T19:15:03-0530', '2026-11-23T00:45:03.000Z'],
    ['2026-11-21', '2026-11-21T00:00:00.000Z'],
    [' 19:15 ', '2026-11-22T19:15:00.000Z'],
    ['1795374903', '2026-11-22T19:15:03.000Z'],
    ['1795374903123', '2026-11-22T19:15:03.123Z'],
    ['1795374903123456', '2026-11-22T19:15:03.123Z'],
    ['1795374903123456789', '2026-11-22T19:15:03.123Z'],
  ])('reads %s', (text, iso) => {
    expect(read(text)).toBe(iso);
  });

  test.each([
    '',
    'yesterday',
    '2026-02-31',
    '2026-11-22 25:00',
    '12',
    'Z',
    '2026-11-22 19:15 soon',
  ])('does not guess at "%s"', (text) => {
    expect(read(text)).toBeUndefined();
  });

  test('reads back what is shown, in either zone', () => {
    const inOurTime = fc.integer({ min: Date.UTC(2001, 0), max: Date.UTC(2100, 0) });
    fc.assert(
      fc.property(inOurTime, fc.constantFrom('utc' as const, 'local' as const), (unixMs, zone) => {
        const parsed = parseTime(formatDateTime(unixMs, zone), zone, now) ?? 0;
        expect(Math.round(parsed)).toBe(unixMs);
      }),
    );
  });
});
