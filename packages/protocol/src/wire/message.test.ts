import fc from 'fast-check';
import protobuf from 'protobufjs';
import { describe, expect, test } from 'vitest';
import { decodeMessage, encodeMessage } from './message.ts';
import type { MessageType, MessageValue } from './message.ts';

const INNER = { id: { number: 1, type: 'bytes' } } as const satisfies MessageType;
const OUTER = {
  text: { number: 1, type: 'string' },
  truth: { number: 2, type: 'bool' },
  small: { number: 3, type: 'int32' },
  count: { number: 4, type: 'uint32' },
  long: { number: 5, type: 'int64' },
  unsigned: { number: 6, type: 'uint64' },
  fixed: { number: 7, type: 'fixed64' },
  real: { number: 8, type: 'double' },
  one: { number: 9, type: INNER },
  several: { number: 10, type: INNER, repeated: true },
  reals: { number: 11, type: 'double', repeated: true },
  longs: { number: 12, type: 'int64', repeated: true },
  texts: { number: 13, type: 'string', repeated: true },
  byName: { number: 14, type: INNER, map: true },
  textByName: { number: 150, type: 'string', map: true },
} as const satisfies MessageType;

const FOREIGN = protobuf
  .parse(
    `syntax = "proto3";
message Inner { bytes id = 1; }
message Outer {
  string text = 1; bool truth = 2; int32 small = 3; uint32 count = 4; int64 long = 5; uint64 unsigned = 6;
  fixed64 fixed = 7; double real = 8; Inner one = 9; repeated Inner several = 10; repeated double reals = 11;
  repeated int64 longs = 12; repeated string texts = 13; map<string, Inner> byName = 14;
  map<string, string> textByName = 150;
}`,
    { keepCase: true },
  )
  .root.lookupType('Outer');

const text = fc.string({ unit: 'grapheme' });
const inner = fc.record({ id: fc.uint8Array({ maxLength: 20 }) });
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const filled = <T>(element: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  fc.array(element, { minLength: 1, maxLength: 5 });
const named = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> =>
  fc.dictionary(text, value, { minKeys: 1, maxKeys: 3, noNullPrototype: true });
const messages: fc.Arbitrary<MessageValue<typeof OUTER>> = fc.record(
  {
    text,
    truth: fc.boolean(),
    small: fc.integer(),
    count: fc.nat({ max: 2 ** 32 - 1 }),
    long: int64,
    unsigned: uint64,
    fixed: uint64,
    real: fc.double({ noNaN: true }),
    one: inner,
    several: filled(inner),
    reals: filled(fc.double({ noNaN: true })),
    longs: filled(int64),
    texts: filled(text),
    byName: named(inner),
    textByName: named(text),
  },
  { requiredKeys: [] },
);

describe('a message described by a table', () => {
  test('comes back as it was', () => {
    fc.assert(
      fc.property(messages, (message) => {
        expect(decodeMessage(OUTER, encodeMessage(OUTER, message), 'test')).toEqual(message);
      }),
    );
  });

  test('is read and written by others likewise', () => {
    fc.assert(
      fc.property(messages, (message) => {
        const theirs = FOREIGN.decode(encodeMessage(OUTER, message));
        const rewritten = FOREIGN.encode(theirs).finish();
        expect(decodeMessage(OUTER, rewritten, 'test')).toEqual(message);
      }),
    );
  });

  test('may have fields that we do not know', () => {
    const known = { text: OUTER.text } as const;
    const bytes = encodeMessage(OUTER, { text: 'a', one: { id: Uint8Array.of(1) }, longs: [1n] });
    expect(decodeMessage(known, bytes, 'test')).toEqual({ text: 'a' });
  });

  test('has lists of numbers with and without a tag for each', () => {
    const bytes = Uint8Array.of(0x60, 1, 0x62, 2, 2, 3, 0x60, 4);
    expect(decodeMessage(OUTER, bytes, 'test')).toEqual({ longs: [1n, 2n, 3n, 4n] });
  });

  test.each([
    ['a number where a text is meant', [0x08, 1]],
    ['a text where a number is meant', [0x12, 0]],
    ['a number where a message is meant', [0x48, 1]],
    ['a length that runs past the end', [0x0a, 5, 1]],
    ['a map without entries', [0x70, 1]],
  ])('is refused with %s', (_, bytes) => {
    expect(() => decodeMessage(OUTER, Uint8Array.from(bytes), 'test message')).toThrow(
      /test message/,
    );
  });
});
