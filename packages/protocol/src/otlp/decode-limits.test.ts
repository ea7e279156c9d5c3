import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Span } from '@clew/model';
import { writeOtlp } from '../testing/otlp-oracle.ts';
import { decode, encodeRequest, spanMessage } from '../testing/requests.ts';
import type { Message } from '../testing/requests.ts';
import { DEFAULT_DECODE_LIMITS } from './limits.ts';
import type { DecodeLimits } from './limits.ts';

const text = (value: string) => ({ stringValue: value });
const attribute = (key: string, value: Message) => ({ key, value });

function decodeOne(span: Message, limits: Partial<DecodeLimits> = {}): Span {
  const { spans, rejected } = decode(encodeRequest([spanMessage(span)]), {
    ...DEFAULT_DECODE_LIMITS,
    ...limits,
  });
  expect(rejected.count).toBe(0);
  const [first] = spans;
  if (first === undefined) throw new Error('no span was decoded');
  return first;
}

/** The attributes as plain values by key. */
function valuesOf(owner: Pick<Span, 'attributes'> | undefined): Record<string, unknown> {
  return Object.fromEntries(
    owner?.attributes.map(({ key, value }) => [
      key,
      value.type === 'empty' ? undefined : value.value,
    ]) ?? [],
  );
}

describe('values over the limit', () => {
  const limits = { maxValueBytes: 10 };

  test('a text is cut between two characters and named', () => {
    const long = '12345678ä0';
    const span = decodeOne(
      { attributes: [attribute('a', text(long)), attribute('b', text('1'))] },
      limits,
    );
    expect(valuesOf(span)).toEqual({ a: '12345678ä', b: '1', 'clew.truncated': 'a' });
    expect(span.droppedAttributesCount).toBe(0);
  });

  test('bytes are cut and named', () => {
    const bytesValue = Buffer.alloc(11, 7);
    const span = decodeOne({ attributes: [attribute('a', { bytesValue })] }, limits);
    expect(valuesOf(span)).toEqual({ a: new Uint8Array(10).fill(7), 'clew.truncated': 'a' });
  });

  test('arrays and maps are left out and counted', () => {
    const values = Array.from({ length: 4 }, () => ({ intValue: 1 }));
    const span = decodeOne(
      {
        attributes: [
          attribute('array', { arrayValue: { values } }),
          attribute('map', { kvlistValue: { values: [attribute('12345678', text('1'))] } }),
          attribute('small', { arrayValue: { values: [{ intValue: 1 }] } }),
        ],
        droppedAttributesCount: 1,
      },
      limits,
    );
    expect(Object.keys(valuesOf(span))).toEqual(['small']);
    expect(span.droppedAttributesCount).toBe(3);
  });

  test('a status message is cut and named', () => {
    const span = decodeOne({ status: { message: 'x'.repeat(11), code: 2 } }, limits);
    expect(span.statusMessage).toBe('x'.repeat(10));
    expect(valuesOf(span)).toEqual({ 'clew.truncated': 'status message' });
  });

  test('ten megabytes are cut to the default limit', () => {
    const span = decodeOne({ attributes: [attribute('a', text('ä'.repeat(5_000_000)))] });
    expect(valuesOf(span)).toEqual({ a: 'ä'.repeat(32_768), 'clew.truncated': 'a' });
  });

  test('they are cut in resources and scopes too, where it says so', () => {
    const attributes = [attribute('a', text('x'.repeat(11)))];
    const request = writeOtlp('ExportTraceServiceRequest', {
      resourceSpans: [
        {
          resource: { attributes },
          scopeSpans: [{ scope: { attributes }, spans: [spanMessage()] }],
        },
      ],
    });
    const [span] = decode(request, { ...DEFAULT_DECODE_LIMITS, ...limits }).spans;
    for (const owner of [span?.resource, span?.scope]) {
      expect(valuesOf(owner)).toEqual({ a: 'x'.repeat(10), 'clew.truncated': 'a' });
    }
    expect(span?.attributes).toEqual([]);
  });
});

describe('names over the limit', () => {
  const limits = { maxNameBytes: 12 };
  const long = 'n'.repeat(13);
  const cut = 'n'.repeat(12);

  test('a span name and a trace state are cut and named', () => {
    const span = decodeOne({ name: long, traceState: long }, limits);
    expect([span.name, span.traceState]).toEqual([cut, cut]);
    expect(valuesOf(span)).toEqual({ 'clew.truncated': 'span name, trace state' });
  });

  test('a service name is cut and named', () => {
    const resource = { attributes: [attribute('service.name', text(long))] };
    const { spans } = decode(encodeRequest([spanMessage()], resource), {
      ...DEFAULT_DECODE_LIMITS,
      ...limits,
    });
    expect(spans[0]?.resource.service).toBe(cut);
    expect(valuesOf(spans[0]?.resource)).toEqual({
      'service.name': cut,
      'clew.truncated': 'service.name',
    });
  });

  test('the names of a scope and the schema urls are cut and named', () => {
    const request = writeOtlp('ExportTraceServiceRequest', {
      resourceSpans: [
        {
          scopeSpans: [
            { scope: { name: long, version: long }, spans: [spanMessage()], schemaUrl: long },
          ],
          schemaUrl: long,
        },
      ],
    });
    const [span] = decode(request, { ...DEFAULT_DECODE_LIMITS, ...limits }).spans;
    expect(span?.scope).toMatchObject({ name: cut, version: cut, schemaUrl: cut });
    expect(valuesOf(span?.scope)).toEqual({
      'clew.truncated': 'scope name, scope version, schema url',
    });
    expect(span?.resource.schemaUrl).toBe(cut);
    expect(valuesOf(span?.resource)).toEqual({ 'clew.truncated': 'schema url' });
  });
});

describe('too many', () => {
  test('events and links: the first are kept, the rest counted', () => {
    const link = (flags: number) => ({
      traceId: Array(16).fill(3),
      spanId: Array(8).fill(4),
      flags,
    });
    const span = decodeOne(
      {
        events: ['a', 'b', 'c'].map((name) => ({ name })),
        droppedEventsCount: 4,
        links: [link(1), link(2), link(3), link(4)],
        droppedLinksCount: 2 ** 32 - 1,
      },
      { maxEvents: 2, maxLinks: 1 },
    );
    expect(span.events.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(span.droppedEventsCount).toBe(5);
    expect(span.links.map(({ flags }) => flags)).toEqual([1]);
    expect(span.droppedLinksCount).toBe(2 ** 32 - 1);
  });

  test('attributes: a hundred thousand of them are counted', () => {
    const attributes = Array.from({ length: 100_000 }, (_, i) =>
      attribute(`k${i}`, { intValue: i }),
    );
    const span = decodeOne({ attributes, events: [{ attributes }] });
    for (const owner of [span, span.events[0]]) {
      expect(owner?.attributes).toHaveLength(1024);
      expect(owner?.droppedAttributesCount).toBe(98_976);
    }
  });

  test('attributes of a resource: its service is known all the same', () => {
    const attributes = [attribute('a', text('1')), attribute('service.name', text('shop'))];
    const { spans } = decode(encodeRequest([spanMessage()], { attributes }), {
      ...DEFAULT_DECODE_LIMITS,
      maxAttributes: 1,
    });
    expect(spans[0]?.resource).toMatchObject({ service: 'shop', droppedAttributesCount: 0 });
  });
});

describe('limits inside events and links', () => {
  const attributes = [
    attribute('longer than a name', text('1')),
    attribute('a', text('x'.repeat(11))),
    attribute('a', text('y'.repeat(11))),
    attribute('b', { arrayValue: { values: [text('123456789')] } }),
    attribute('c', { bytesValue: Buffer.alloc(11, 1) }),
    attribute('d', { intValue: 4 }),
    attribute('e', { intValue: 5 }),
  ];
  const limits = { maxNameBytes: 8, maxValueBytes: 10, maxAttributes: 3 };
  const kept = { a: 'y'.repeat(10), c: new Uint8Array(10).fill(1), d: 4n };

  test('hold as they do for spans, and what was cut is said with its place', () => {
    const events = [{ name: 'fine' }, { name: 'n'.repeat(9), timeUnixNano: 7, attributes }];
    const span = decodeOne({ events }, limits);
    expect(span.events[0]).toMatchObject({ name: 'fine', attributes: [] });
    expect(span.events[1]).toMatchObject({
      name: 'n'.repeat(8),
      timeUnixNano: 7n,
      droppedAttributesCount: 3,
    });
    expect(valuesOf(span.events[1])).toEqual(kept);
    expect(valuesOf(span)).toEqual({
      'clew.truncated': 'events[1] name, events[1].a, events[1].c',
    });
  });

  test('hold for links', () => {
    const link = { traceId: Array(16).fill(3), spanId: Array(8).fill(4), flags: 1 };
    const span = decodeOne({ links: [{ ...link, attributes, droppedAttributesCount: 9 }] }, limits);
    expect(span.links[0]).toMatchObject({ flags: 1, droppedAttributesCount: 12 });
    expect(valuesOf(span.links[0])).toEqual(kept);
  });
});

describe('a key that comes twice', () => {
  test('has its last value, whatever its types', () => {
    const span = decodeOne({
      attributes: [
        attribute('a', text('first')),
        attribute('b', { intValue: 1 }),
        attribute('c', { boolValue: true }),
        attribute('b', text('now a text')),
        attribute('d', { doubleValue: 0.5 }),
        attribute('a', text('last')),
        attribute('c', { boolValue: false }),
        attribute('e', { arrayValue: {} }),
        attribute('e', { bytesValue: [1] }),
        attribute('d', { intValue: 2 }),
        attribute('', text('of no name')),
        attribute('', text('of no name, again')),
      ],
    });
    expect(span.attributes).toHaveLength(6);
    expect(valuesOf(span)).toEqual({
      a: 'last',
      b: 'now a text',
      c: false,
      d: 2n,
      e: Uint8Array.of(1),
      '': 'of no name, again',
    });
    expect(span.droppedAttributesCount).toBe(0);
  });

  test('leaves the spans around it alone', () => {
    const keys = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 6 });
    const value = fc.oneof(
      fc.string({ maxLength: 3 }).map(text),
      fc.boolean().map((boolValue) => ({ boolValue })),
      fc.integer({ min: 0, max: 9 }).map((intValue) => ({ intValue })),
      fc.uint8Array({ maxLength: 2 }).map((bytesValue) => ({ bytesValue })),
    );
    const rows = fc.array(fc.tuple(keys, fc.array(value, { minLength: 6, maxLength: 6 })));
    fc.assert(
      fc.property(rows, (drawn) => {
        const spans = drawn.map(([names, values]) =>
          spanMessage({ attributes: names.map((key, i) => attribute(key, values[i] ?? {})) }),
        );
        const once = drawn.map(([names, values]) => {
          const last = new Map(names.map((key, i) => [key, values[i] ?? {}]));
          return spanMessage({
            attributes: Array.from(last, ([key, value]) => attribute(key, value)),
          });
        });
        expect(decode(encodeRequest(spans)).spans.map(valuesOf)).toEqual(
          decode(encodeRequest(once)).spans.map(valuesOf),
        );
      }),
      { numRuns: 300 },
    );
  });
});

describe('text that is not UTF-8', () => {
  /** Replaces every `~` of a request by a byte that begins nothing; `~` is as long. */
  function spoil(bytes: Uint8Array): Uint8Array {
    return bytes.map((byte) => (byte === 0x7e ? 0xff : byte));
  }

  test('is stored as it is shown, and said of the span', () => {
    const attributes = [
      attribute('~key', text('v')),
      attribute('value', text('a~b')),
      attribute('long', text(`~${'x'.repeat(200)}`)),
      attribute('nested', { arrayValue: { values: [text('~')] } }),
    ];
    const span = spanMessage({
      name: 'get~',
      traceState: '~',
      attributes,
      events: [{ name: '~', attributes: [attribute('~', text('~'))] }],
      status: { message: '~' },
    });
    const [decoded] = decode(spoil(encodeRequest([span, span]))).spans;
    expect(decoded).toMatchObject({
      name: 'get\ufffd',
      traceState: '\ufffd',
      statusMessage: '\ufffd',
      events: [
        {
          name: '\ufffd',
          attributes: [{ key: '\ufffd', value: { type: 'string', value: '\ufffd' } }],
        },
      ],
    });
    const said = [
      'invalid UTF-8 in the key \ufffdkey',
      'invalid UTF-8 in value',
      'invalid UTF-8 in long',
      'invalid UTF-8 in nested',
      'invalid UTF-8 in events[0] name',
      'invalid UTF-8 in the key events[0].\ufffd',
      'invalid UTF-8 in events[0].\ufffd',
      'invalid UTF-8 in the span name',
      'invalid UTF-8 in the status message',
      'invalid UTF-8 in the trace state',
    ];
    expect(valuesOf(decoded)).toEqual({
      '\ufffdkey': 'v',
      value: 'a\ufffdb',
      long: `\ufffd${'x'.repeat(200)}`,
      nested: [{ type: 'string', value: '\ufffd' }],
      'clew.sanitized': expect.any(String),
    });
    expect(String(valuesOf(decoded)['clew.sanitized']).split('; ').sort()).toEqual(said.sort());
  });

  test('every span that has it says so', () => {
    const span = spanMessage({ name: '~', attributes: [attribute('~', text('1'))] });
    const { spans } = decode(spoil(encodeRequest([span, spanMessage(), span])));
    expect(spans.map((each) => valuesOf(each)['clew.sanitized'] !== undefined)).toEqual([
      true,
      false,
      true,
    ]);
  });

  test('is stored as bytes of the replacement, so that a search finds it', () => {
    const { block } = decode(
      spoil(encodeRequest([spanMessage({ attributes: [attribute('k', text('~'))] })])),
    );
    expect([...block.attributes.string.values.bytes.subarray(0, 4)]).toEqual([3, 0xef, 0xbf, 0xbd]);
  });

  test('in the service name and the scope is said there', () => {
    const request = writeOtlp('ExportTraceServiceRequest', {
      resourceSpans: [
        {
          resource: { attributes: [attribute('service.name', text('shop~'))] },
          scopeSpans: [{ scope: { name: '~' }, spans: [spanMessage()], schemaUrl: '~' }],
        },
      ],
    });
    const [span] = decode(spoil(request)).spans;
    expect(span?.resource.service).toBe('shop\ufffd');
    expect(valuesOf(span?.resource)).toEqual({
      'service.name': 'shop\ufffd',
      'clew.sanitized': 'invalid UTF-8 in service.name',
    });
    expect(span?.scope.name).toBe('\ufffd');
    expect(valuesOf(span?.scope)).toEqual({
      'clew.sanitized': 'invalid UTF-8 in the scope name; invalid UTF-8 in the schema url',
    });
  });

  test('is not what a NUL or a character of four bytes is', () => {
    const span = decodeOne({ name: 'a\0😀', attributes: [attribute('\0', text('\0ä😀'))] });
    expect(span.name).toBe('a\0😀');
    expect(valuesOf(span)).toEqual({ '\0': '\0ä😀' });
  });
});

describe('what was changed', () => {
  test('is added to what another decoder has said', () => {
    const span = decodeOne(
      {
        endTimeUnixNano: 0,
        name: 'n'.repeat(20),
        attributes: [
          attribute('clew.sanitized', text('id padded')),
          attribute('clew.truncated', text('message')),
        ],
      },
      { maxNameBytes: 16 },
    );
    expect(valuesOf(span)).toEqual({
      'clew.sanitized': 'id padded; no end time: duration set to 0',
      'clew.truncated': 'message, span name',
    });
  });

  test('is said for the first few things and counted for the rest', () => {
    const attributes = Array.from({ length: 40 }, (_, i) => attribute(`k${i}`, text('xx')));
    const said = String(
      valuesOf(decodeOne({ attributes }, { maxValueBytes: 1 }))['clew.truncated'],
    );
    expect(said.split(', ')).toHaveLength(33);
    expect(said).toMatch(/^k0, k1, .*, k31, 8 more$/);
  });
});
