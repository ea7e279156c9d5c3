import { InvalidQueryError, parseTraceId } from '@clew/model';
import { expect, test } from 'vitest';
import type { SearchCursor } from '../storage/span-store.ts';
import { formatCursor, parseCursor } from './search-cursor.ts';

function cursor(rank: bigint, traceIdText: string): SearchCursor {
  const traceId = parseTraceId(traceIdText);
  if (traceId === undefined) throw new Error(`not a trace id: ${traceIdText}`);
  return { rank, traceId };
}

test.each([
  cursor(0n, '1'),
  cursor(1_795_000_000_123_456_789n, '0af7651916cd43dd8448eb211c80319c'),
  cursor((1n << 64n) - 1n, 'f'.repeat(32)),
])('reads back what it wrote', (original) => {
  expect(parseCursor(formatCursor(original))).toEqual(original);
});

test('can stand in a URL as it is', () => {
  const text = formatCursor(cursor((1n << 64n) - 1n, 'f'.repeat(32)));
  expect(encodeURIComponent(text)).toBe(text);
});

test.each(['', 'x', 'A'.repeat(32), 'A'.repeat(31), '!'.repeat(32), 'A'.repeat(400)])(
  'refuses %j',
  (text) => {
    expect(() => parseCursor(text)).toThrow(InvalidQueryError);
  },
);
