import { DecodeError } from '@clew/model';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { writeThrift } from '../testing/thrift-oracle.ts';
import type { ThriftEncoding, ThriftValue } from '../testing/thrift-oracle.ts';
import { ThriftBinaryReader } from './thrift-binary.ts';
import { ThriftCompactReader } from './thrift-compact.ts';
import { THRIFT_TYPE } from './thrift-reader.ts';
import type { ThriftReader } from './thrift-reader.ts';

const ENCODINGS: readonly ThriftEncoding[] = ['compact', 'binary'];

function createReader(
  encoding: ThriftEncoding,
  bytes: Uint8Array | readonly number[],
): ThriftReader {
  const context = { format: 'test', path: () => 'somewhere' };
  return encoding === 'compact'
    ? new ThriftCompactReader(Uint8Array.from(bytes), context)
    : new ThriftBinaryReader(Uint8Array.from(bytes), context);
}

/** Reads a value of any type with the reader under test. */
function readValue(reader: ThriftReader, type: number): ThriftValue {
  switch (type) {
    case THRIFT_TYPE.bool:
      return { type: 'bool', value: reader.readBool() };
    case THRIFT_TYPE.byte:
      return { type: 'byte', value: reader.readByte() };
    case THRIFT_TYPE.i16:
      return { type: 'i16', value: reader.readI16() };
    case THRIFT_TYPE.i32:
      return { type: 'i32', value: reader.readI32() };
    case THRIFT_TYPE.i64:
      return { type: 'i64', value: reader.readI64() };
    case THRIFT_TYPE.double:
      return { type: 'double', value: reader.readDouble() };
    case THRIFT_TYPE.string:
      return { type: 'string', value: Uint8Array.from(reader.readBytes()) };
    case THRIFT_TYPE.list: {
      const size = reader.readListSize();
      const { elementType } = reader;
      const elements = Array.from({ length: size }, () => readValue(reader, elementType));
      return { type: 'list', elementType: typeName(elementType), elements };
    }
    case THRIFT_TYPE.map: {
      const size = reader.readMapSize();
      const { keyType, elementType } = reader;
      const entries = Array.from(
        { length: size },
        () => [readValue(reader, keyType), readValue(reader, elementType)] as const,
      );
      return {
        type: 'map',
        keyType: typeName(keyType),
        valueType: typeName(elementType),
        entries,
      };
    }
    default: {
      const fields: { id: number; value: ThriftValue }[] = [];
      reader.beginStruct();
      while (reader.readField()) {
        const id = reader.fieldId;
        fields.push({ id, value: readValue(reader, reader.fieldType) });
      }
      return { type: 'struct', fields };
    }
  }
}

function typeName(number: number): ThriftValue['type'] {
  const entry = Object.entries(THRIFT_TYPE).find(([, value]) => value === number);
  return (entry?.[0] ?? 'struct') as ThriftValue['type'];
}

const int = (bits: number) => fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 });
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

const scalars = {
  bool: fc.boolean().map((value): ThriftValue => ({ type: 'bool', value })),
  byte: int(8).map((value): ThriftValue => ({ type: 'byte', value })),
  i16: int(16).map((value): ThriftValue => ({ type: 'i16', value })),
  i32: int(32).map((value): ThriftValue => ({ type: 'i32', value })),
  i64: int64.map((value): ThriftValue => ({ type: 'i64', value })),
  // Apache's writer of the compact protocol loses the sign of zero.
  double: fc
    .double({ noNaN: true })
    .map((value): ThriftValue => ({ type: 'double', value: value === 0 ? 0 : value })),
  string: fc
    .uint8Array({ maxLength: 200 })
    .map((value): ThriftValue => ({ type: 'string', value })),
};

const { struct } = fc.letrec<{ struct: ThriftValue; value: ThriftValue }>((tie) => {
  const list = fc
    .constantFrom(...(Object.keys(scalars) as (keyof typeof scalars)[]))
    .chain((type) =>
      fc
        .array(scalars[type], { maxLength: 20 })
        .map((elements): ThriftValue => ({ type: 'list', elementType: type, elements })),
    );
  const structs = fc
    .array(tie('struct'), { maxLength: 3 })
    .map((elements): ThriftValue => ({ type: 'list', elementType: 'struct', elements }));
  const map = fc
    .array(fc.tuple(scalars.string, scalars.i64), { minLength: 1, maxLength: 4 })
    .map((entries): ThriftValue => ({ type: 'map', keyType: 'string', valueType: 'i64', entries }));
  const field = fc.record({
    id: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 32_767 })),
    value: tie('value'),
  });
  return {
    value: fc.oneof({ maxDepth: 3 }, ...Object.values(scalars), list, map, structs, tie('struct')),
    struct: fc
      .array(field, { maxLength: 6 })
      .map((fields): ThriftValue => ({ type: 'struct', fields })),
  };
});

describe.each(ENCODINGS)('thrift reader, %s', (encoding) => {
  test('reads what another implementation writes', () => {
    fc.assert(
      fc.property(struct, (value) => {
        const bytes = writeThrift(encoding, value);
        const reader = createReader(encoding, bytes);
        expect(readValue(reader, THRIFT_TYPE.struct)).toEqual(value);
        expect(reader.position).toBe(bytes.length);
      }),
      { numRuns: 500 },
    );
  });

  test('skips what another implementation writes', () => {
    fc.assert(
      fc.property(struct, (value) => {
        const bytes = writeThrift(encoding, value);
        const reader = createReader(encoding, bytes);
        reader.skipValue(THRIFT_TYPE.struct);
        expect(reader.position).toBe(bytes.length);
      }),
      { numRuns: 200 },
    );
  });

  test('reads ids as digits', () => {
    fc.assert(
      fc.property(int64, (value) => {
        const fields = [{ id: 1, value: { type: 'i64' as const, value } }];
        const reader = createReader(encoding, writeThrift(encoding, { type: 'struct', fields }));
        reader.beginStruct();
        reader.readField();
        const digits = BigInt.asUintN(64, value).toString(16).padStart(16, '0');
        expect(reader.readI64Hex()).toBe(digits);
      }),
    );
  });

  test('reads the header of a message', () => {
    const bytes = writeThrift(encoding, { type: 'struct', fields: [] }, 'emitBatch');
    const message = createReader(encoding, bytes).readMessage();
    expect(message).toEqual({ name: 'emitBatch', type: 4, sequenceId: 7 });
  });

  test('skips any bytes or fails with a decode error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const reader = createReader(encoding, bytes);
        try {
          reader.readMessage();
          reader.skipValue(THRIFT_TYPE.struct);
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError);
        }
      }),
      { numRuns: 5000 },
    );
  });

  test('refuses structs inside each other without end', () => {
    const header = encoding === 'compact' ? [0x1c] : [THRIFT_TYPE.struct, 0, 1];
    const bytes = Array.from({ length: 100_000 }, () => header).flat();
    expect(() => createReader(encoding, bytes).skipValue(THRIFT_TYPE.struct)).toThrow(
      'more than 32 structs and collections inside each other',
    );
  });

  test('refuses lists inside each other without end', () => {
    const header = encoding === 'compact' ? [0x19] : [THRIFT_TYPE.list, 0, 0, 0, 1];
    const bytes = Array.from({ length: 100_000 }, () => header).flat();
    expect(() => createReader(encoding, bytes).skipValue(THRIFT_TYPE.list)).toThrow(
      'more than 32 structs and collections inside each other',
    );
  });
});

describe('thrift reader, binary', () => {
  test('reads messages without a version', () => {
    const bytes = writeThrift('binary not strict', { type: 'struct', fields: [] }, 'emitBatch');
    const message = createReader('binary', bytes).readMessage();
    expect(message).toEqual({ name: 'emitBatch', type: 4, sequenceId: 7 });
  });

  test.each([
    ['a text of 2^31 - 1 bytes', [0x7f, 0xff, 0xff, 0xff, 1], 'truncated: 2147483647 bytes'],
    ['a text of negative length', [0xff, 0xff, 0xff, 0xff], 'length -1 is negative'],
    ['a text that stops', [0, 0, 0, 4, 1], 'truncated: 4 bytes expected, 1 left'],
    ['a length that stops', [0, 0], 'truncated: 4 bytes expected, 2 left'],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => createReader('binary', bytes).readText()).toThrow(message);
  });

  test.each([
    ['2^31 - 1 elements', [12, 0x7f, 0xff, 0xff, 0xff, 0], 'collection of 2147483647 elements'],
    ['a negative size', [12, 0x80, 0, 0, 0, 0], 'collection size -2147483648 is negative'],
    [
      'numbers that cannot all be there',
      [10, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8],
      '2 elements in 8',
    ],
  ])('refuses a list of %s', (_, bytes, message) => {
    expect(() => createReader('binary', bytes).readListSize()).toThrow(message);
  });

  test('refuses a message of another version', () => {
    const bytes = [0x80, 0x02, 0, 1, 0, 0, 0, 0];
    expect(() => createReader('binary', bytes).readMessage()).toThrow('version 0x8002');
  });

  test('says where it stopped', () => {
    const reader = createReader('binary', [0, 0, 0, 9]);
    expect(() => reader.readBytes()).toThrow(
      expect.objectContaining({ format: 'test', offset: 4, path: 'somewhere' }),
    );
  });
});

describe('thrift reader, compact', () => {
  test.each([
    ['a text of 2^31 - 1 bytes', [0xff, 0xff, 0xff, 0xff, 0x07], 'truncated: 2147483647 bytes'],
    ['a text of 2^32 - 1 bytes', [0xff, 0xff, 0xff, 0xff, 0x0f], 'length -1 is negative'],
    ['a length of six bytes', [0x80, 0x80, 0x80, 0x80, 0x80, 1], 'number longer than 5 bytes'],
    ['a length that stops', [0x80], 'truncated inside a number'],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => createReader('compact', bytes).readText()).toThrow(message);
  });

  test.each([
    ['a list of 2^31 - 1 structs', [0xfc, 0xff, 0xff, 0xff, 0xff, 0x07], 'of 2147483647 elements'],
    ['a list of a type that does not exist', [0x1e], 'compact type 14 does not exist'],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => createReader('compact', bytes).readListSize()).toThrow(message);
  });

  test.each([
    ['another protocol', [0x81, 0x81, 0, 0], 'protocol 0x81'],
    ['another version', [0x82, 0x82, 0, 0], 'version 2'],
  ])('refuses a message of %s', (_, bytes, message) => {
    expect(() => createReader('compact', bytes).readMessage()).toThrow(message);
  });
});

describe('texts of thrift', () => {
  test('keep what is UTF-8 and replace what is not', () => {
    const reader = createReader('compact', [4, 0x61, 0xff, 0x00, 0x62]);
    expect(reader.readText()).toBe('a\ufffd\0b');
  });
});
