import { DecodeError, LimitError, SpanBlock } from '@clew/model';
import type { Span } from '@clew/model';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NO_REJECTIONS, decodeBroken } from '../testing/requests.ts';
import type { Message } from '../testing/requests.ts';
import { decodeTracesJson } from './decode-json.ts';
import { DEFAULT_DECODE_LIMITS } from './limits.ts';
import type { RejectedSpans } from './rejections.ts';
import { readSpans } from './to-model.ts';

interface DecodedJson {
  readonly spans: readonly Span[];
  readonly rejected: RejectedSpans;
}

function decodeText(text: string): DecodedJson {
  const block = new SpanBlock('default');
  const rejected = decodeTracesJson(new TextEncoder().encode(text), block);
  return { spans: readSpans(block), rejected };
}

function requestText(spans: readonly unknown[]): string {
  return JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
}

function spanJson(changes: Message = {}): Message {
  return {
    traceId: '5b8efff798038103d269b633813fc60c',
    spanId: 'eee19b7ec3c1b174',
    name: 'get-user',
    startTimeUnixNano: '1700000000000000000',
    endTimeUnixNano: '1700000000005000000',
    ...changes,
  };
}

function decodeSpan(changes: Message): Span {
  const { spans, rejected } = decodeText(requestText([spanJson(changes)]));
  expect(rejected).toEqual(NO_REJECTIONS);
  const [span] = spans;
  if (span === undefined) throw new Error('no span was decoded');
  return span;
}

/** Decodes one attribute, given the JSON of its value. */
function decodeValue(value: unknown) {
  return decodeSpan({ attributes: [{ key: 'k', value }] }).attributes[0]?.value;
}

function catchError(text: string): unknown {
  try {
    decodeText(text);
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('decodeTracesJson', () => {
  test.each(['{}', '{"resourceSpans":[]}', '{"resourceSpans":null}', '\ufeff{}'])(
    'decodes %j into nothing',
    (text) => {
      expect(decodeText(text)).toEqual({ spans: [], rejected: NO_REJECTIONS });
    },
  );

  test('takes 64-bit numbers as text and as numbers', () => {
    expect(decodeSpan({ startTimeUnixNano: 1000, endTimeUnixNano: '3000' })).toMatchObject({
      startUnixNano: 1000n,
      durationNano: 2000n,
    });
  });

  test('takes ids in either case', () => {
    expect(decodeSpan({ traceId: '5B8EFFF798038103D269B633813FC60C' }).traceId).toBe(
      '5b8efff798038103d269b633813fc60c',
    );
  });

  test.each([
    [3, 'client'],
    ['SPAN_KIND_CLIENT', 'client'],
    [null, 'unspecified'],
  ])('takes the kind %j', (kind, expected) => {
    const span = decodeSpan({ kind });
    expect(span.kind).toBe(expected);
    expect(span.attributes).toEqual([]);
  });

  test.each(['SPAN_KIND_OF_THE_FUTURE', 17, -1, 1.5])(
    'says that the kind %j is unknown',
    (kind) => {
      const span = decodeSpan({ kind, status: { code: kind } });
      expect(span).toMatchObject({ kind: 'unspecified', status: 'unset' });
      const value =
        `unknown kind ${kind}: set to SPAN_KIND_UNSPECIFIED; ` +
        `unknown code ${kind}: set to STATUS_CODE_UNSET`;
      expect(span.attributes).toEqual([
        { key: 'clew.sanitized', value: { type: 'string', value } },
      ]);
    },
  );

  test.each([
    [{ code: 2, message: 'no' }, 'error'],
    [{ code: 'STATUS_CODE_OK' }, 'ok'],
    [{}, 'unset'],
  ])('takes the status %j', (status, expected) => {
    expect(decodeSpan({ status }).status).toBe(expected);
  });

  test.each([
    [{ stringValue: '' }, { type: 'string', value: '' }],
    [{ boolValue: false }, { type: 'bool', value: false }],
    [{ intValue: '-9223372036854775808' }, { type: 'int', value: -(2n ** 63n) }],
    [{ intValue: 42 }, { type: 'int', value: 42n }],
    [{ intValue: 1e300 }, { type: 'double', value: 1e300 }],
    [{ doubleValue: 0.5 }, { type: 'double', value: 0.5 }],
    [{ doubleValue: '1e3' }, { type: 'double', value: 1000 }],
    [{ doubleValue: 'NaN' }, { type: 'double', value: Number.NaN }],
    [{ doubleValue: '-Infinity' }, { type: 'double', value: Number.NEGATIVE_INFINITY }],
    [{ bytesValue: 'AQL/' }, { type: 'bytes', value: Uint8Array.of(1, 2, 255) }],
    [{}, { type: 'empty' }],
    [undefined, { type: 'empty' }],
    [{ valueOfTheFuture: 1 }, { type: 'empty' }],
    [{ arrayValue: {} }, { type: 'array', value: [] }],
    [
      { arrayValue: { values: [{ intValue: '1' }, {}] } },
      { type: 'array', value: [{ type: 'int', value: 1n }, { type: 'empty' }] },
    ],
    [
      { kvlistValue: { values: [{ key: 'a', value: { boolValue: true } }] } },
      { type: 'map', value: [{ key: 'a', value: { type: 'bool', value: true } }] },
    ],
  ])('takes the value %j', (value, expected) => {
    expect(decodeValue(value)).toEqual(expected);
  });

  test('takes events and links with all they have', () => {
    const span = decodeSpan({
      flags: 257,
      droppedAttributesCount: 1,
      droppedEventsCount: 2,
      droppedLinksCount: 3,
      events: [
        {
          timeUnixNano: '1700000000001000000',
          name: 'retry',
          attributes: [{ key: 'attempt', value: { intValue: 2 } }],
          droppedAttributesCount: 4,
        },
      ],
      links: [
        {
          traceId: '0af7651916cd43dd8448eb211c80319c',
          spanId: 'b7ad6b7169203331',
          traceState: 'a=b',
          attributes: [{ key: 'index', value: { intValue: '0' } }],
          droppedAttributesCount: 5,
          flags: 1,
        },
      ],
    });
    expect(span).toMatchObject({
      flags: 257,
      droppedAttributesCount: 1,
      droppedEventsCount: 2,
      droppedLinksCount: 3,
      events: [
        {
          timeUnixNano: 1_700_000_000_001_000_000n,
          name: 'retry',
          attributes: [{ key: 'attempt', value: { type: 'int', value: 2n } }],
          droppedAttributesCount: 4,
        },
      ],
      links: [
        {
          traceId: '0af7651916cd43dd8448eb211c80319c',
          spanId: 'b7ad6b7169203331',
          traceState: 'a=b',
          attributes: [{ key: 'index', value: { type: 'int', value: 0n } }],
          droppedAttributesCount: 5,
          flags: 1,
        },
      ],
    });
  });

  test('ignores fields it does not know', () => {
    expect(decodeSpan({ fieldOfTheFuture: { a: [1] } }).name).toBe('get-user');
  });

  test.each([
    [{ traceId: 'xyz' }, 'traceId is not hexadecimal: "xyz"'],
    [{ spanId: 'eee19b7ec3c1b17' }, 'spanId is not hexadecimal: "eee19b7ec3c1b17"'],
    [{ parentSpanId: '-' }, 'parentSpanId is not hexadecimal: "-"'],
    [{ traceId: 'ab01' }, 'trace id has 2 bytes instead of 16: "ab01"'],
    [{ spanId: undefined }, 'span id has 0 bytes instead of 8: ""'],
    [{ traceId: '0'.repeat(32) }, 'trace id is zero: span "get-user"'],
  ])('refuses a span with %j, and it alone', (changes, reason) => {
    const { spans, rejected } = decodeText(requestText([spanJson(changes), spanJson()]));
    expect(spans).toHaveLength(1);
    expect(rejected).toEqual({ count: 1, reasons: [reason] });
  });

  test.each([
    [
      { flags: '99999999999999999999999' },
      'flags: expected an integer from 0 to 4294967295, got "99999999999999999999999"',
    ],
    [{ flags: 1e30 }, 'flags: expected an integer from 0 to 4294967295, got 1e+30'],
    [{ flags: 2 ** 32 }, 'flags: expected an integer from 0 to 4294967295, got 4294967296'],
    [
      { startTimeUnixNano: '18446744073709551616' },
      'startTimeUnixNano: expected an integer from -9223372036854775808 to 18446744073709551615, got "18446744073709551616"',
    ],
    [
      { attributes: [{ value: { intValue: '9223372036854775808' } }] },
      'attributes[0].value.intValue: expected an integer from -9223372036854775808 to 9223372036854775807, got "9223372036854775808"',
    ],
    [
      { events: [{ attributes: [{ value: { bytesValue: '***' } }] }] },
      'events[0].attributes[0].value.bytesValue: expected base64, got "***"',
    ],
  ])('refuses a span whose value cannot be (%j), and it alone', (changes, reason) => {
    const request = requestText([
      spanJson({ name: 'a' }),
      spanJson(changes),
      spanJson({ name: 'b' }),
    ]);
    const { spans, rejected } = decodeText(request);
    expect(spans.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(rejected).toEqual({ count: 1, reasons: [reason] });
  });

  test.each([
    ['9007199254740993', 9007199254740993n],
    ['-9223372036854775808', -(2n ** 63n)],
    ['9223372036854775807', 2n ** 63n - 1n],
  ])('keeps the integer %s exactly, though it is a number of JSON', (digits, expected) => {
    const attributes = `[{"key":"\\"n\\\\","value":{"intValue" : ${digits}}},{"key":"t","value":{"stringValue":": ${digits},"}}]`;
    const request = requestText([spanJson({ attributes: 'here' })]).replace('"here"', attributes);
    expect(decodeText(request).spans[0]?.attributes).toEqual([
      { key: 't', value: { type: 'string', value: `: ${digits},` } },
      { key: '"n\\', value: { type: 'int', value: expected } },
    ]);
  });

  test('keeps times exactly, though they are numbers of JSON', () => {
    const request = requestText([spanJson({ startTimeUnixNano: 1, endTimeUnixNano: 2 })])
      .replace(':1,', ':1700000000123456789,')
      .replace(':2}', ': 1700000000123456790}');
    expect(decodeText(request).spans[0]).toMatchObject({
      startUnixNano: 1_700_000_000_123_456_789n,
      durationNano: 1n,
    });
  });

  test.each([
    ['1e3', 1000],
    ['18446744073709551615', 2 ** 64],
    ['100000000000000000000000000000', 1e29],
  ])('takes the number %s as a double', (digits, expected) => {
    const attributes = [{ key: 'k', value: { doubleValue: 'here' } }];
    const request = requestText([spanJson({ attributes })]).replace('"here"', digits);
    expect(decodeText(request).spans[0]?.attributes[0]?.value).toEqual({
      type: 'double',
      value: expected,
    });
  });

  test('sets negative times to 0 and says so', () => {
    const span = decodeSpan({
      startTimeUnixNano: '-5',
      endTimeUnixNano: -1,
      events: [{ timeUnixNano: '-7' }],
    });
    expect(span).toMatchObject({ startUnixNano: 0n, durationNano: 0n });
    expect(span.attributes).toEqual([
      {
        key: 'clew.sanitized',
        value: {
          type: 'string',
          value:
            'startTimeUnixNano -5 is negative: set to 0; endTimeUnixNano -1 is negative: set to 0; ' +
            'timeUnixNano -7 is negative: set to 0; no end time: duration set to 0',
        },
      },
    ]);
  });

  test.each([
    ['0', 0n],
    ['16725225600000000000', 16_725_225_600_000_000_000n],
  ])('keeps the start %s', (startTimeUnixNano, expected) => {
    const span = decodeSpan({ startTimeUnixNano, endTimeUnixNano: '16725225600000000000' });
    expect(span.startUnixNano).toBe(expected);
    expect(span.attributes).toEqual([]);
  });

  test('says which texts were not Unicode, and leaves a U+FFFD that was sent alone', () => {
    const lone = decodeSpan({
      name: 'a\udc00b',
      attributes: [{ key: '\ufffd', value: { intValue: 1 } }],
    });
    expect(lone.name).toBe('a\ufffdb');
    expect(lone.attributes).toEqual([
      {
        key: 'clew.sanitized',
        value: { type: 'string', value: 'invalid UTF-8 in the span name' },
      },
      { key: '\ufffd', value: { type: 'int', value: 1n } },
    ]);
    const block = new SpanBlock('default');
    const bytes = new TextEncoder().encode(requestText([spanJson({ name: 'get~' })]));
    decodeTracesJson(
      bytes.map((byte) => (byte === 0x7e ? 0xff : byte)),
      block,
    );
    const [span] = readSpans(block);
    expect(span?.name).toBe('get\ufffd');
    expect(span?.attributes.map(({ key }) => key)).toEqual(['clew.sanitized']);
  });

  test('does not read a link whose ids are not hexadecimal', () => {
    expect(decodeSpan({ links: [{ traceId: 'xyz', spanId: '1' }] }).links).toEqual([]);
  });

  test.each([
    [{ name: 7 }, 'expected a string, got 7', 'name'],
    [{ traceId: {} }, 'expected a string, got an object', 'traceId'],
    [{ kind: [] }, 'expected a number, got a list', 'kind'],
    [{ startTimeUnixNano: 'noon' }, 'expected an integer, got "noon"', 'startTimeUnixNano'],
    [{ startTimeUnixNano: 1.5 }, 'expected an integer, got 1.5', 'startTimeUnixNano'],
    [{ events: {} }, 'expected a list, got an object', 'events'],
    [{ events: [7] }, 'expected an object, got 7', 'events[0]'],
    [{ status: 'ok' }, 'expected an object, got "ok"', 'status'],
    [{ attributes: [{ key: 1 }] }, 'expected a string, got 1', 'attributes[0].key'],
    [
      { attributes: [{}, { value: { boolValue: 'yes' } }] },
      'expected true or false, got "yes"',
      'attributes[1].value.boolValue',
    ],
    [
      { attributes: [{ value: { doubleValue: '' } }] },
      'expected a number, got ""',
      'attributes[0].value.doubleValue',
    ],
    [
      { attributes: [{ value: { arrayValue: { values: [{ stringValue: 1 }] } } }] },
      'expected a string, got 1',
      'attributes[0].value.arrayValue.values[0].stringValue',
    ],
  ])('refuses the request for %j', (changes, message, path) => {
    const error = catchError(requestText([spanJson(changes)]));
    expect(error).toBeInstanceOf(DecodeError);
    expect(error).toMatchObject({
      format: 'otlp json',
      path: `resourceSpans[0].scopeSpans[0].spans[0].${path}`,
      message: expect.stringContaining(message),
    });
  });

  test.each(['', '{"resourceSpans":[', '[]', '"text"', 'null', '{"a":x}', '\u0000'])(
    'refuses the text %j',
    (text) => {
      expect(catchError(text)).toMatchObject({ name: 'DecodeError', format: 'otlp json' });
    },
  );

  test('says where the text stops being JSON', () => {
    expect(catchError('{"a":1 "b"}')).toMatchObject({ offset: 7 });
  });

  test('values may be nested 32 deep and not deeper', () => {
    const nested = (depth: number): Message =>
      depth === 0 ? {} : { arrayValue: { values: [nested(depth - 1)] } };
    expect(decodeValue(nested(32))).toMatchObject({ type: 'array' });
    const attributes = [
      { key: 'a', value: nested(33) },
      { key: 'b', value: nested(500) },
    ];
    expect(decodeSpan({ attributes, droppedAttributesCount: 1 })).toMatchObject({
      attributes: [],
      droppedAttributesCount: 3,
    });
  });

  test('text nested a million deep is refused like any other', () => {
    const text = `{"resourceSpans":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}`;
    expect(catchError(text)).toBeInstanceOf(DecodeError);
    expect(catchError('{"a":'.repeat(1_000_000))).toBeInstanceOf(DecodeError);
  });

  test('one span too many refuses the request', () => {
    const limits = { ...DEFAULT_DECODE_LIMITS, maxSpans: 2 };
    const bytes = (count: number) =>
      new TextEncoder().encode(requestText(Array.from({ length: count }, () => spanJson())));
    expect(decodeTracesJson(bytes(2), new SpanBlock('default'), limits)).toEqual(NO_REJECTIONS);
    expect(() => decodeTracesJson(bytes(3), new SpanBlock('default'), limits)).toThrow(LimitError);
  });

  test('megabytes where an id should be are refused in passing', () => {
    const { rejected } = decodeText(requestText([spanJson({ traceId: 'ab'.repeat(4_000_000) })]));
    expect(rejected.reasons[0]).toHaveLength(
      'trace id has 4000000 bytes instead of 16: ""'.length + 100,
    );
    const text = requestText([spanJson({ spanId: 'x'.repeat(8_000_000) })]);
    expect(decodeText(text).rejected.count).toBe(1);
  });

  test('any JSON is read or refused', () => {
    const names = fc.constantFrom(
      'resourceSpans',
      'resource',
      'scopeSpans',
      'scope',
      'spans',
      'attributes',
      'value',
      'values',
      'arrayValue',
      'intValue',
      'traceId',
      'events',
    );
    const { json } = fc.letrec<{ json: unknown }>((tie) => ({
      json: fc.oneof(
        { maxDepth: 8 },
        fc.constantFrom(null, true, 7, -0.5, 'x', '12', 'ab'),
        fc.array(tie('json'), { maxLength: 3 }),
        fc.dictionary(names, tie('json'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(json, (value) => {
        const bytes = new TextEncoder().encode(JSON.stringify(value));
        decodeBroken((block) => decodeTracesJson(bytes, block));
      }),
      { numRuns: 1000 },
    );
  });
});
