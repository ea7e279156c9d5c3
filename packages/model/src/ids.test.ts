import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatHex, parseSpanId, parseTraceId, writeHex } from './ids.ts';

const nonZeroBytes = (length: number) =>
  fc
    .uint8Array({ minLength: length, maxLength: length })
    .filter((bytes) => bytes.some((byte) => byte !== 0));

describe('parseTraceId', () => {
  test('reads 32 digits in any case as lower case', () => {
    expect(parseTraceId('0AF7651916CD43DD8448EB211C80319C')).toBe(
      '0af7651916cd43dd8448eb211c80319c',
    );
  });

  test('fills in the leading zeros that Jaeger and Zipkin leave out', () => {
    expect(parseTraceId('8448eb211c80319c')).toBe('00000000000000008448eb211c80319c');
    expect(parseTraceId('1')).toBe('00000000000000000000000000000001');
  });

  test.each([
    ['nothing', ''],
    ['33 digits', '0'.repeat(32) + '1'],
    ['zero', '0'.repeat(32)],
    ['a short zero', '0'],
    ['a letter beyond f', '8448eb211c80319g'],
    ['a sign', '-1'],
    ['a prefix', '0x1'],
    ['surrounding spaces', ' 1 '],
    ['digits of another script', '１２３'],
  ])('refuses %s', (_, text) => {
    expect(parseTraceId(text)).toBeUndefined();
  });
});

describe('parseSpanId', () => {
  test('reads 1 to 16 digits', () => {
    expect(parseSpanId('B7AD6B7169203331')).toBe('b7ad6b7169203331');
    expect(parseSpanId('ff')).toBe('00000000000000ff');
  });

  test('refuses 17 digits and zero', () => {
    expect(parseSpanId('00000000000000001')).toBeUndefined();
    expect(parseSpanId('0000000000000000')).toBeUndefined();
  });
});

describe('hexadecimal digits', () => {
  test('an id formatted from bytes parses to itself', () => {
    fc.assert(
      fc.property(nonZeroBytes(16), (bytes) => {
        const text = formatHex(bytes);
        expect(parseTraceId(text)).toBe(text);
      }),
    );
  });

  test('written and formatted again are the same, at any place of a buffer', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.nat({ max: 9 }), (bytes, at) => {
        const target = new Uint8Array(at + bytes.length);
        writeHex(formatHex(bytes), target, at);
        expect(target.subarray(at)).toEqual(bytes);
        expect(formatHex(target, at)).toBe(formatHex(bytes));
      }),
    );
  });

  test('a range formats only its own bytes', () => {
    expect(formatHex(new Uint8Array([1, 2, 0xab, 4]), 1, 3)).toBe('02ab');
  });
});
