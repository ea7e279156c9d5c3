import { InvalidQueryError, parseTraceId, unixNano } from '@clew/model';
import { expect, test } from 'vitest';
import type { SearchCursor } from '../storage/span-store.ts';
import { formatCursor, parseCursor } from './search-cursor.ts';

const FINGERPRINT = '0123456789abcdef';

function cursor(rank: bigint, traceIdText: string, end?: bigint): SearchCursor {
  const traceId = parseTraceId(traceIdText);
  if (traceId === undefined) throw new Error(`not a trace id: ${traceIdText}`);
  return { rank, traceId, endUnixNano: end === undefined ? undefined : unixNano(end) };
}

test.each([
  cursor(0n, '1'),
  cursor(
    1_795_000_000_123_456_789n,
    '0af7651916cd43dd8448eb211c80319c',
    1_795_000_000_200_000_000n,
  ),
  cursor((1n << 64n) - 1n, 'f'.repeat(32), (1n << 64n) - 1n),
])('reads back what it wrote', (original) => {
  expect(parseCursor(formatCursor(original, FINGERPRINT), FINGERPRINT)).toEqual(original);
});

test('can stand in a URL as it is', () => {
  const text = formatCursor(cursor((1n << 64n) - 1n, 'f'.repeat(32)), FINGERPRINT);
  expect(encodeURIComponent(text)).toBe(text);
});

test.each(['', 'x', 'A'.repeat(54), 'A'.repeat(53), '!'.repeat(54), 'A'.repeat(400)])(
  'refuses %j',
  (text) => {
    expect(() => parseCursor(text, FINGERPRINT)).toThrow(InvalidQueryError);
  },
);

test('refuses a cursor of another search', () => {
  const text = formatCursor(cursor(7n, '1'), FINGERPRINT);
  expect(() => parseCursor(text, 'f'.repeat(16))).toThrow('the cursor is of another search');
});
