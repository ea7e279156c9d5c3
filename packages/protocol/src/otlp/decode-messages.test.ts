import { DecodeError } from '@clew/model';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arbitraryAttributeValue, arbitrarySpans } from '../testing/arbitrary-span.ts';
import { WireWriter } from '../wire/writer.ts';
import {
  decodeAnyValue,
  decodeSpanEventMarks,
  decodeSpanEvents,
  decodeSpanLinks,
} from './decode-messages.ts';
import { writeAnyValue } from './encode-attributes.ts';
import { writeEvent } from './encode-messages.ts';

const decoders = { decodeAnyValue, decodeSpanEventMarks, decodeSpanEvents, decodeSpanLinks };

describe('decodeAnyValue', () => {
  test('reads every value back', () => {
    fc.assert(
      fc.property(arbitraryAttributeValue, (value) => {
        const writer = new WireWriter();
        writeAnyValue(writer, value);
        expect(decodeAnyValue(writer.bytes)).toEqual(value);
      }),
    );
  });

  test('owns the bytes it gives', () => {
    const message = Buffer.from([0x3a, 2, 1, 2]);
    const value = decodeAnyValue(message);
    message.fill(9);
    expect(value).toEqual({ type: 'bytes', value: Uint8Array.of(1, 2) });
  });

  test('takes the last of several values', () => {
    expect(decodeAnyValue(Uint8Array.of(0x18, 7, 0x10, 1))).toEqual({ type: 'bool', value: true });
  });
});

describe.each(Object.entries(decoders))('%s', (_, decode) => {
  test('refuses what is cut short', () => {
    expect(() => decode(Uint8Array.of(0x0a))).toThrow(DecodeError);
  });

  test('reads any bytes or refuses them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        try {
          decode(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

test('the marks of events are their times and names', () => {
  fc.assert(
    fc.property(arbitrarySpans, (spans) => {
      const events = spans.flatMap((span) => span.events);
      const writer = new WireWriter();
      for (const event of events) {
        const start = writer.begin();
        writeEvent(writer, event);
        writer.end(start);
      }
      expect(decodeSpanEventMarks(writer.bytes)).toEqual(
        events.map(({ timeUnixNano, name }) => ({ timeUnixNano, name })),
      );
    }),
    { numRuns: 100 },
  );
});

test('no events and no links are empty lists', () => {
  expect(decodeSpanEventMarks(new Uint8Array(0))).toEqual([]);
  expect(decodeSpanEvents(new Uint8Array(0))).toEqual([]);
  expect(decodeSpanLinks(new Uint8Array(0))).toEqual([]);
});
