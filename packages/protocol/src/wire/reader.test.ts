import { DecodeError } from '@clew/model';
import * as fc from 'fast-check';
import protobuf from 'protobufjs';
import { describe, expect, test } from 'vitest';
import { WireReader } from './reader.ts';

function createReader(bytes: readonly number[] | Uint8Array): WireReader {
  return new WireReader(Uint8Array.from(bytes), { format: 'test', path: () => 'somewhere' });
}

function readUint64(reader: WireReader): bigint {
  reader.readVarint(reader.bytes.length);
  return (BigInt(reader.high >>> 0) << 32n) | BigInt(reader.low >>> 0);
}

/** The shortest form of a number, written with nothing but its definition. */
function leb128(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return [...bytes, Number(rest)];
}

const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });

describe('WireReader', () => {
  test('reads every number of 64 bits', () => {
    fc.assert(
      fc.property(uint64, (value) => {
        const reader = createReader(leb128(value));
        expect(readUint64(reader)).toBe(value);
        expect(reader.position).toBe(reader.bytes.length);
      }),
    );
  });

  test('reads what another implementation writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), (value) => {
        const reader = createReader(protobuf.Writer.create().int32(value).finish());
        expect(BigInt.asIntN(64, readUint64(reader))).toBe(BigInt(value));
      }),
    );
  });

  test('reads numbers in longer form than needed, up to 10 bytes', () => {
    expect(readUint64(createReader([0x81, 0x80, 0x00]))).toBe(1n);
    expect(readUint64(createReader([...Array(9).fill(0xff), 0x7f]))).toBe(2n ** 64n - 1n);
  });

  test.each([
    ['a number of 11 bytes', [...Array<number>(10).fill(0x80), 0x00], 'longer than 10 bytes'],
    ['a number that stops', [0x80, 0x80], 'truncated'],
    ['no number at all', [], 'truncated'],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => readUint64(createReader(bytes))).toThrow(message);
  });

  test.each([
    ['field number 0', [0x02], 'field number 0'],
    ['field number 0 in long form', [0x82, 0x00], 'field number 0'],
    ['a field number over 29 bits', leb128(2n ** 32n), 'field number over 2^29 - 1'],
  ])('refuses a tag with %s', (_, bytes, message) => {
    expect(() => createReader(bytes).readTag(bytes.length)).toThrow(message);
  });

  test.each([
    ['by one byte', [0x03, 1, 2]],
    ['with a length in two bytes', [0x80, 0x01, 1, 2]],
    ['by more than memory has', leb128(2n ** 63n)],
  ])('refuses a length that runs past the end %s', (_, bytes) => {
    expect(() => createReader(bytes).readEnd(bytes.length)).toThrow('length runs past the end');
  });

  test('keeps to the end of the message it is told, not of the bytes', () => {
    expect(() => createReader([0x03, 1, 2, 3]).readEnd(3)).toThrow(DecodeError);
    expect(() => createReader([1, 2, 3, 4, 5, 6, 7, 8]).readFixed64(7)).toThrow('8 bytes expected');
    expect(() => createReader([1, 2, 3, 4]).readFixed32(3)).toThrow('4 bytes expected');
  });

  test('says where it stopped', () => {
    const reader = createReader([0x01, 0x80]);
    reader.readVarint(2);
    expect(() => reader.readVarint(2)).toThrow(
      expect.objectContaining({ format: 'test', offset: 1, path: 'somewhere' }),
    );
  });

  test.each([
    ['a number', [0x80, 0x01], 0],
    ['8 bytes', [1, 2, 3, 4, 5, 6, 7, 8], 1],
    ['a text', [0x02, 0x61, 0x62], 2],
    ['4 bytes', [1, 2, 3, 4], 5],
    ['a group with a field and a group inside', [0x08, 0x01, 0x13, 0x14, 0x8c, 0x01], 3],
  ])('skips the unknown field that holds %s', (_, bytes, wireType) => {
    const reader = createReader(bytes);
    reader.skipUnknown((17 << 3) | wireType, bytes.length, 16);
    expect(reader.position).toBe(bytes.length);
  });

  test.each([
    ['that is known under another wire type', (3 << 3) | 0, [0x01], 'field 3 has wire type 0'],
    ['that ends a group nobody began', (20 << 3) | 4, [], 'group 20 ends and never began'],
    ['of a wire type that does not exist', (20 << 3) | 7, [], 'wire type 7 does not exist'],
    ['with a group that ends as another', (20 << 3) | 3, [0x0c], 'group 20 ends as group 1'],
    ['with a group that does not end', (20 << 3) | 3, [0x08, 0x01], 'truncated'],
    ['with groups without end', (20 << 3) | 3, Array<number>(99).fill(0x0b), 'inside each other'],
    ['with 8 bytes that are 3', (20 << 3) | 1, [1, 2, 3], 'truncated: 8 bytes expected'],
  ])('refuses a field %s', (_, tag, bytes, message) => {
    expect(() => createReader(bytes).skipUnknown(tag, bytes.length, 16)).toThrow(message);
  });

  test('moves on or fails with a decode error, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const reader = createReader(bytes);
        try {
          while (reader.position < bytes.length) {
            const before = reader.position;
            reader.skip(reader.readTag(bytes.length), bytes.length);
            expect(reader.position).toBeGreaterThan(before);
          }
          expect(reader.position).toBe(bytes.length);
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
