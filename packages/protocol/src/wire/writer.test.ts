import * as fc from 'fast-check';
import protobuf from 'protobufjs';
import { describe, expect, test } from 'vitest';
import { WireWriter } from './writer.ts';

function write(fill: (writer: WireWriter) => void): Uint8Array {
  const writer = new WireWriter(1);
  fill(writer);
  return Uint8Array.from(writer.bytes);
}

/** Another implementation, as plain bytes. */
function expected(fill: (writer: protobuf.Writer) => void): Uint8Array {
  const writer = protobuf.Writer.create();
  fill(writer);
  return Uint8Array.from(writer.finish());
}

describe('WireWriter', () => {
  test('writes numbers as another implementation does', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (value) => {
        expect(write((w) => w.writeVarint(value))).toEqual(expected((w) => w.uint32(value)));
        expect(write((w) => w.writeFixed32(value))).toEqual(expected((w) => w.fixed32(value)));
      }),
    );
  });

  test('writes 64-bit numbers as another implementation does', () => {
    const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    fc.assert(
      fc.property(int64, (value) => {
        const low = Number(BigInt.asIntN(32, value));
        const high = Number(BigInt.asIntN(32, value >> 32n));
        const long = new protobuf.util.LongBits(low >>> 0, high >>> 0).toLong(false);
        expect(write((w) => w.writeInt64(value))).toEqual(expected((w) => w.int64(long)));
        expect(write((w) => w.writeFixed64(BigInt.asUintN(64, value)))).toEqual(
          expected((w) => w.fixed64(long)),
        );
      }),
    );
  });

  test('writes doubles as another implementation does', () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        expect(write((w) => w.writeDouble(value))).toEqual(expected((w) => w.double(value)));
      }),
    );
  });

  test('writes texts of any length and script with their length in bytes in front', () => {
    const text = fc.oneof(
      fc.string({ maxLength: 300 }),
      fc.string({ unit: 'binary', maxLength: 300 }),
    );
    fc.assert(
      fc.property(text, (value) => {
        const bytes = Buffer.from(value);
        expect(write((w) => w.writeText(value))).toEqual(expected((w) => w.bytes(bytes)));
      }),
    );
  });

  test('writes half a surrogate pair as the replacement character', () => {
    expect(write((w) => w.writeText('\ud83d'))).toEqual(Uint8Array.of(3, 0xef, 0xbf, 0xbd));
  });

  test('writes ids given in digits of either case', () => {
    expect(write((w) => w.writeHex('00fFa1'))).toEqual(Uint8Array.of(3, 0x00, 0xff, 0xa1));
  });

  test.each([0, 1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152])(
    'writes a nested message of %i bytes with its length in the shortest form',
    (length) => {
      const content = new Uint8Array(length).fill(7);
      const written = write((writer) => {
        writer.writeVarint(1);
        const start = writer.begin();
        for (const byte of content) writer.writeVarint(byte);
        writer.end(start);
        writer.writeVarint(2);
      });
      const wanted = expected((w) => w.uint32(1).bytes(content).uint32(2));
      expect(Buffer.compare(written, wanted)).toBe(0);
    },
  );

  test('starts over after a reset', () => {
    expect(
      write((writer) => {
        writer.writeText('gone');
        writer.reset();
        writer.writeBytes(Uint8Array.of(1, 2));
      }),
    ).toEqual(Uint8Array.of(2, 1, 2));
  });
});
