import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanText, isUtf8 } from './utf8.ts';

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function isUtf8ToAnother(bytes: Uint8Array): boolean {
  try {
    strict.decode(bytes);
    return true;
  } catch {
    return false; // What the test asks for.
  }
}

function clean(bytes: Uint8Array, maxBytes: number) {
  const result = cleanText(bytes, { start: 0, end: bytes.length }, maxBytes);
  return { ...result, text: strict.decode(result.bytes) };
}

/** Bytes that are often nearly UTF-8. */
const nearlyText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 4 }).map((text) => Array.from(Buffer.from(text))),
      fc.constantFrom([0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe0, 0x9f]),
      fc.uint8Array({ maxLength: 3 }).map((bytes) => Array.from(bytes)),
    ),
  )
  .map((parts) => Uint8Array.from(parts.flat()));

describe('isUtf8', () => {
  test('agrees with the decoder of the platform', () => {
    fc.assert(
      fc.property(nearlyText, (bytes) => {
        expect(isUtf8(bytes, 0, bytes.length)).toBe(isUtf8ToAnother(bytes));
      }),
      { numRuns: 3000 },
    );
  });

  test('looks at the range it is given and not past it', () => {
    const bytes = Uint8Array.of(0xff, 0x61, 0xc3, 0xa4, 0xff);
    expect(isUtf8(bytes, 1, 4)).toBe(true);
    expect(isUtf8(bytes, 1, 3)).toBe(false);
    expect(isUtf8(bytes, 0, 4)).toBe(false);
  });
});

describe('cleanText', () => {
  test.each([
    ['fits', 'abc', 3, 'abc'],
    ['is too long', 'abcd', 3, 'abc'],
    ['would be cut inside a character', 'aäb', 2, 'a'],
    ['would be cut inside an emoji', 'a😀', 4, 'a'],
    ['has a NUL', 'a\0b', 9, 'a\0b'],
    ['has nothing left', '😀', 3, ''],
  ])('keeps what it can of a text that %s', (_, text, maxBytes, expected) => {
    expect(clean(new TextEncoder().encode(text), maxBytes)).toMatchObject({
      text: expected,
      isSanitized: false,
      isTruncated: text !== expected,
    });
  });

  test('gives UTF-8 within the limit for any bytes, and changes nothing that is right', () => {
    fc.assert(
      fc.property(nearlyText, fc.integer({ min: 0, max: 40 }), (bytes, maxBytes) => {
        const { bytes: kept, text, isSanitized, isTruncated } = clean(bytes, maxBytes);
        expect(kept.length).toBeLessThanOrEqual(maxBytes);
        if (!isTruncated)
          expect(text).toBe(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
        if (isUtf8ToAnother(bytes)) expect(isSanitized).toBe(false);
      }),
      { numRuns: 3000 },
    );
  });
});
