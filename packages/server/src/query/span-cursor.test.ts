import { InvalidQueryError, unixNano } from '@clew/model';
import { expect, test } from 'vitest';
import type { FoundSpan } from '../storage/span-store.ts';
import { formatSpanCursor, parseSpanCursor } from './span-cursor.ts';
import { spanId, traceId } from './testing/canned-trace-reader.ts';

const FINGERPRINT = '0123456789abcdef';

const usual: FoundSpan = {
  rank: 250_000_000n,
  traceId: traceId('0af7651916cd43dd8448eb211c80319c'),
  spanId: spanId('b7ad6b7169203331'),
  service: 'order-service',
  kind: 'server',
  startUnixNano: unixNano(1_795_000_000_123_456_789n),
};

test.each<FoundSpan>([
  usual,
  { ...usual, rank: (1n << 64n) - 1n },
  { ...usual, startUnixNano: unixNano(0n), kind: 'unspecified', service: '' },
  { ...usual, startUnixNano: unixNano((1n << 64n) - 1n), kind: 'consumer', service: 'é🦊\u0000' },
])('reads back what it wrote', (span) => {
  expect(parseSpanCursor(formatSpanCursor(span, FINGERPRINT), FINGERPRINT)).toEqual(span);
});

test('can stand in a URL as it is', () => {
  const text = formatSpanCursor({ ...usual, service: 'a/b?c+d é' }, FINGERPRINT);
  expect(encodeURIComponent(text)).toBe(text);
});

test.each([
  '',
  'x',
  'A'.repeat(55),
  formatSpanCursor(usual, FINGERPRINT).slice(0, 30),
  `${formatSpanCursor(usual, FINGERPRINT)}!`,
  Buffer.alloc(40, 255).toString('base64url'),
])('refuses %j', (text) => {
  expect(() => parseSpanCursor(text, FINGERPRINT)).toThrow(InvalidQueryError);
});

test('refuses a cursor of another search', () => {
  const text = formatSpanCursor(usual, FINGERPRINT);
  expect(() => parseSpanCursor(text, 'f'.repeat(16))).toThrow('the cursor is of another search');
});
