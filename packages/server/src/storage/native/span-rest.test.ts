import { DecodeError } from '@clew/model';
import { decodeSpanEvents, decodeSpanLinks } from '@clew/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MS, at, attribute, blockOf, span, spanId, traceId } from '../testing/spans.ts';
import { decodeRest, encodeRest } from './span-rest.ts';

/** The strings of a column, each with its length in front. */
function stringsOf(bytes: Uint8Array): Uint8Array[] {
  const strings: Uint8Array[] = [];
  for (let position = 0; position < bytes.length;) {
    let length = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[position++] ?? 0;
      length += (byte & 127) * scale;
      if (byte < 128) break;
    }
    strings.push(bytes.slice(position, (position += length)));
  }
  return strings;
}

const count = fc.oneof(fc.constant(0), fc.nat(0xffff_ffff));
const rests = fc.record({
  flags: count,
  droppedAttributesCount: count,
  droppedEventsCount: count,
  droppedLinksCount: count,
  traceState: fc.constantFrom('', 'a=1', 'ot=th:8'),
  events: fc.constantFrom(
    [],
    [
      {
        timeUnixNano: at(1),
        name: 'e',
        attributes: [attribute('n', MS)],
        droppedAttributesCount: 3,
      },
    ],
  ),
  links: fc.constantFrom(
    [],
    [
      {
        traceId: traceId(7),
        spanId: spanId(7),
        traceState: '',
        flags: 0,
        attributes: [],
        droppedAttributesCount: 0,
      },
    ],
  ),
});

describe('the rest of a span', () => {
  test('is read back as it was, whatever of it there is', () => {
    fc.assert(
      fc.property(fc.array(rests, { minLength: 1, maxLength: 8 }), (written) => {
        const block = blockOf(written.map((rest) => span(rest)));
        const read = stringsOf(encodeRest(block).bytes).map(decodeRest);
        const spans = read.map((rest) => ({
          ...rest,
          events: decodeSpanEvents(rest.events),
          links: decodeSpanLinks(rest.links),
        }));
        expect(spans).toEqual(written);
      }),
    );
  });

  test('takes a byte or two where there is nothing but flags', () => {
    const block = blockOf([span({ flags: 0 }), span({ flags: 1 }), span({ flags: 0x101 })]);
    expect(stringsOf(encodeRest(block).bytes).map((bytes) => bytes.length)).toEqual([0, 1, 2]);
  });

  test('says so when it was cut', () => {
    const block = blockOf([span({ traceState: 'vendor=value' })]);
    const [whole] = stringsOf(encodeRest(block).bytes);
    expect(() => decodeRest(whole?.subarray(0, 9) ?? new Uint8Array())).toThrow(DecodeError);
  });
});
