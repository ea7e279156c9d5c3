import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ByteColumn } from './byte-column.ts';

/** A range of some source, and whether it goes in with its length in front. */
const piece = fc.record({
  source: fc.uint8Array({ maxLength: 300 }),
  start: fc.nat(20),
  hasLength: fc.boolean(),
});

describe('ByteColumn', () => {
  test('holds what was pushed, however it grew', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const column = new ByteColumn();
        const expected: number[] = [];
        for (const { source, start, hasLength } of pieces) {
          const from = Math.min(start, source.length);
          const bytes = [...source.subarray(from)];
          if (hasLength) {
            column.pushString(source, from, source.length);
            expected.push(...leb128(bytes.length), ...bytes);
          } else {
            column.pushBytes(source, from, source.length);
            expected.push(...bytes);
          }
        }
        expect([...column.bytes]).toEqual(expected);
        expect(column.length).toBe(expected.length);
      }),
    );
  });

  test('takes ranges of every length from a source that is itself a part of something', () => {
    const whole = Uint8Array.from({ length: 600 }, (_, i) => i);
    const source = whole.subarray(100, 500);
    for (let length = 0; length <= 300; length++) {
      const column = new ByteColumn(1);
      column.pushByte(9);
      column.pushBytes(source, 7, 7 + length);
      expect(Buffer.compare(column.bytes.subarray(1), source.subarray(7, 7 + length))).toBe(0);
    }
  });

  test('takes from several sources in turn', () => {
    const column = new ByteColumn();
    const a = Uint8Array.of(1, 2, 3, 4, 5);
    const b = Uint8Array.of(6, 7, 8, 9, 10);
    column.pushBytes(a, 0, 5);
    column.pushBytes(b, 0, 5);
    column.pushBytes(a, 1, 5);
    expect([...column.bytes]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 2, 3, 4, 5]);
  });

  test('sees a source that was changed in place', () => {
    const column = new ByteColumn();
    const source = Uint8Array.of(1, 2, 3, 4);
    column.pushBytes(source, 0, 4);
    source.fill(9);
    column.pushBytes(source, 0, 4);
    expect([...column.bytes]).toEqual([1, 2, 3, 4, 9, 9, 9, 9]);
  });

  test('takes another column as one string', () => {
    const column = new ByteColumn();
    const inner = new ByteColumn();
    column.pushColumn(inner);
    inner.pushBytes(Uint8Array.of(1, 2, 3, 4, 5), 0, 5);
    column.pushColumn(inner);
    inner.truncate(0);
    expect([...column.bytes]).toEqual([0, 5, 1, 2, 3, 4, 5]);
  });

  test('forgets what is truncated, and zeros are zeros where something was', () => {
    const column = new ByteColumn();
    column.pushBytes(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), 0, 8);
    column.truncate(2);
    column.pushZeros(3);
    expect([...column.bytes]).toEqual([1, 2, 0, 0, 0]);
  });

  test.each([0, 127, 128, 16_383, 16_384, 2_097_152, 2 ** 31 - 1])('writes the length %i', (n) => {
    const column = new ByteColumn();
    column.pushLength(n);
    expect([...column.bytes]).toEqual(leb128(n));
  });
});

function leb128(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb128(value >>> 7)];
}
