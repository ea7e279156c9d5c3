import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatBase64, parseBase64 } from './base64.ts';

describe('parseBase64', () => {
  test('reads both alphabets, with and without padding', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const text = Buffer.from(bytes).toString('base64');
        const urlText = Buffer.from(bytes).toString('base64url');
        expect(parseBase64(text)).toEqual(bytes);
        expect(parseBase64(text.replaceAll('=', ''))).toEqual(bytes);
        expect(parseBase64(urlText)).toEqual(bytes);
      }),
    );
  });

  test.each(['a', 'ab*d', 'ab=d', 'ab c', 'äbcd'])('refuses %j', (text) => {
    expect(parseBase64(text)).toBeUndefined();
  });

  test('takes megabytes', () => {
    expect(parseBase64('A'.repeat(8_000_000))?.length).toBe(6_000_000);
  });
});

test('formatBase64 writes what Node writes', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(formatBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
    }),
  );
});
