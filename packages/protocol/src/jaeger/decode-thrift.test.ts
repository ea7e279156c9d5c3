import { DecodeError, LimitError, SpanBlock } from '@clew/model';
import type { Span } from '@clew/model';
import { describe, expect, test } from 'vitest';
import { DEFAULT_DECODE_LIMITS } from '../otlp/limits.ts';
import type { DecodeLimits } from '../otlp/limits.ts';
import { readSpans } from '../otlp/to-model.ts';
import { struct, text, writeBatch } from '../testing/jaeger-batch.ts';
import type { BatchInput, SpanInput, TagInput } from '../testing/jaeger-batch.ts';
import { writeThrift } from '../testing/thrift-oracle.ts';
import { decodeJaegerAgentMessage, decodeJaegerThrift } from './decode-thrift.ts';

function decode(batch: BatchInput, limits?: DecodeLimits) {
  const block = new SpanBlock('default');
  const rejected = decodeJaegerThrift(writeBatch(batch), block, limits);
  return { spans: readSpans(block), rejected };
}

function decodeSpan(span: SpanInput, limits?: DecodeLimits): Span | undefined {
  return decode({ spans: [span] }, limits).spans[0];
}

/** Attributes as plain values, which is enough where types are not the point. */
function plain(attributes: Span['attributes'] | undefined): Record<string, unknown> {
  return Object.fromEntries(
    (attributes ?? []).map(({ key, value }) => [key, 'value' in value ? value.value : undefined]),
  );
}

const EMPTY_LIST = { type: 'list', elementType: 'struct', elements: [] } as const;

function decodeTags(tags: Record<string, TagInput>): Span | undefined {
  return decodeSpan({ tags: Object.entries(tags) });
}

describe('a thrift batch', () => {
  test('gives ids of 64 bits their leading zeros', () => {
    expect(decodeSpan({ traceIdLow: -2n, spanId: 0xabcn, parentSpanId: -1n })).toMatchObject({
      traceId: '0000000000000000fffffffffffffffe',
      spanId: '0000000000000abc',
      parentSpanId: 'ffffffffffffffff',
    });
  });

  test('puts both halves of an id of 128 bits together', () => {
    const span = decodeSpan({ traceIdHigh: 0x5b8efff798038103n, traceIdLow: 1n });
    expect(span?.traceId).toBe('5b8efff7980381030000000000000001');
  });

  test('counts microseconds as nanoseconds', () => {
    expect(decodeSpan({ startMicros: 1_700_000_000_123_456n, durationMicros: 7n })).toMatchObject({
      startUnixNano: 1_700_000_000_123_456_000n,
      durationNano: 7000n,
    });
  });

  test('keeps the sampled bit of the flags alone', () => {
    expect(decodeSpan({ flags: 3 })?.flags).toBe(1);
    expect(decodeSpan({ flags: 2 })?.flags).toBe(0);
  });

  test('keeps tags as they are typed', () => {
    const bytes = Uint8Array.of(0, 255);
    expect(
      decodeTags({ s: 'a\0b', b: true, f: false, i: -7n, d: 0.5, y: bytes })?.attributes,
    ).toEqual(
      expect.arrayContaining([
        { key: 's', value: { type: 'string', value: 'a\0b' } },
        { key: 'b', value: { type: 'bool', value: true } },
        { key: 'f', value: { type: 'bool', value: false } },
        { key: 'i', value: { type: 'int', value: -7n } },
        { key: 'd', value: { type: 'double', value: 0.5 } },
        { key: 'y', value: { type: 'bytes', value: bytes } },
      ]),
    );
  });

  test('says so when a tag has a type that does not exist', () => {
    const tag = struct({ 1: text('odd'), 2: { type: 'i32', value: 9 } });
    expect(plain(decodeTags({ odd: tag })?.attributes)).toEqual({
      odd: '<Unknown Jaeger TagType 9>',
    });
  });

  test('reads the agent’s message in both protocols', () => {
    for (const encoding of ['compact', 'binary'] as const) {
      const block = new SpanBlock('default');
      const datagram = writeBatch({ spans: [{ name: 'a' }, { name: 'b' }] }, encoding, 'emitBatch');
      expect(decodeJaegerAgentMessage(datagram, block, { encoding }).count).toBe(0);
      expect(readSpans(block).map((span) => span.name)).toEqual(['a', 'b']);
    }
  });

  test('takes no other method of the agent', () => {
    const datagram = writeBatch({}, 'compact', 'emitZipkinBatch');
    const block = new SpanBlock('default');
    expect(() => decodeJaegerAgentMessage(datagram, block, { encoding: 'compact' })).toThrow(
      'jaeger agent compact thrift: method "emitZipkinBatch" is not emitBatch at byte 0',
    );
  });
});

describe('the meaning of tags', () => {
  test.each(['client', 'server', 'producer', 'consumer', 'internal'] as const)(
    'span.kind %s is the kind',
    (kind) => {
      const span = decodeTags({ 'span.kind': kind });
      expect(span).toMatchObject({ kind, attributes: [] });
    },
  );

  test.each(['constructor', 'Server', ''])('a span.kind of %j stays a tag', (kind) => {
    const span = decodeTags({ 'span.kind': kind });
    expect(span?.kind).toBe('unspecified');
    expect(plain(span?.attributes)).toEqual({ 'span.kind': kind });
  });

  test.each<[string, Record<string, TagInput>, string, string, Record<string, unknown>]>([
    ['error', { error: true }, 'error', '', {}],
    ['error as a text', { error: 'true' }, 'error', '', {}],
    ['no error', { error: false }, 'unset', '', { error: false }],
    [
      'error with words',
      { error: true, 'otel.status_code': 'OK', 'otel.status_description': 'card declined' },
      'error',
      'card declined',
      {},
    ],
    [
      'error with words of HTTP',
      { error: true, 'http.status_message': 'Bad Gateway' },
      'error',
      'Bad Gateway',
      { 'http.status_message': 'Bad Gateway' },
    ],
    [
      'a status code',
      { 'otel.status_code': 'ERROR', 'otel.status_description': 'timeout' },
      'error',
      'timeout',
      {},
    ],
    ['a good status code', { 'otel.status_code': 'ok' }, 'ok', '', {}],
    ['an unknown status code', { 'otel.status_code': 'toString' }, 'unset', '', {}],
    ['HTTP 500', { 'http.status_code': 500n }, 'error', '', { 'http.status_code': 500n }],
    ['HTTP 500 as a double', { 'http.status_code': 500 }, 'error', '', { 'http.status_code': 500 }],
    ['HTTP 503 as text', { 'http.status_code': '503' }, 'error', '', { 'http.status_code': '503' }],
    ['HTTP 200', { 'http.status_code': 200n }, 'unset', '', { 'http.status_code': 200n }],
    [
      'HTTP nonsense',
      { 'http.status_code': 'teapot' },
      'unset',
      '',
      { 'http.status_code': 'teapot' },
    ],
    [
      'HTTP 404 of a server',
      { 'http.status_code': 404n, 'span.kind': 'server' },
      'unset',
      '',
      { 'http.status_code': 404n },
    ],
    [
      'HTTP 404 of a client',
      { 'http.status_code': 404n, 'span.kind': 'client' },
      'error',
      '',
      { 'http.status_code': 404n },
    ],
    [
      'HTTP 500 that was fine',
      { 'http.status_code': 500n, 'otel.status_code': 'OK' },
      'ok',
      '',
      { 'http.status_code': 500n },
    ],
  ])('%s', (_, tags, ...[status, statusMessage, rest]) => {
    const span = decodeTags(tags);
    expect(span).toMatchObject({ status, statusMessage });
    expect(plain(span?.attributes)).toEqual(rest);
  });

  test('scope and trace state are taken out', () => {
    const span = decodeTags({
      'otel.library.name': '@shop/http',
      'otel.library.version': '1.2.3',
      'w3c.tracestate': 'vendor=blue',
    });
    expect(span).toMatchObject({
      traceState: 'vendor=blue',
      scope: { name: '@shop/http', version: '1.2.3' },
      attributes: [],
    });
    expect(decodeTags({ 'otel.scope.name': 'new', 'otel.library.name': 'old' })?.scope.name).toBe(
      'new',
    );
  });

  test('a scope’s version without its name stays a tag', () => {
    const span = decodeTags({ 'otel.scope.version': '1' });
    expect(plain(span?.attributes)).toEqual({ 'otel.scope.version': '1' });
  });

  test('of a key given twice the last counts', () => {
    const span = decodeSpan({
      tags: [
        ['span.kind', 'client'],
        ['span.kind', 'server'],
      ],
    });
    expect(span).toMatchObject({ kind: 'server', attributes: [] });
  });
});

describe('a process', () => {
  test('is the resource, which all its spans share', () => {
    const { spans } = decode({
      service: 'user-service',
      tags: [
        ['hostname', 'node-7'],
        ['ip', '192.0.2.7'],
        ['jaeger.version', 'Go-2.30.0'],
      ],
      spans: [{}, { spanId: 3n }],
    });
    expect(spans[0]?.resource.service).toBe('user-service');
    expect(plain(spans[0]?.resource.attributes)).toEqual({
      'service.name': 'user-service',
      'host.name': 'node-7',
      ip: '192.0.2.7',
      'opencensus.exporterversion': 'Jaeger-Go-2.30.0',
    });
    expect(spans[1]?.resource).toBe(spans[0]?.resource);
  });

  test('keeps its hostname where it has a host.name', () => {
    const { spans } = decode({
      tags: [
        ['hostname', 'a'],
        ['host.name', 'b'],
      ],
    });
    expect(plain(spans[0]?.resource.attributes)).toMatchObject({ hostname: 'a', 'host.name': 'b' });
  });

  test.each(['', 'OTLPResourceNoServiceName'])('named %j has no name', (service) => {
    const { spans } = decode({ service });
    expect(spans[0]?.resource.service).toBe('missing-service-name');
  });

  test.each([
    ['a megabyte of zeros', new Uint8Array(1e6), 1],
    ['a batch without one', writeThrift('binary', struct({ 2: EMPTY_LIST })), 9],
  ])('is required: %s is refused', (_, bytes, offset) => {
    const block = new SpanBlock('default');
    expect(() => decodeJaegerThrift(bytes, block)).toThrow(
      `jaeger thrift: required field process is missing in batch at byte ${offset}`,
    );
  });

  test('is required of the agent’s messages, too', () => {
    const bytes = writeThrift('compact', struct({ 2: EMPTY_LIST }));
    const name = new TextEncoder().encode('emitBatch');
    const message = Uint8Array.of(0x82, 0x81, 0, name.length, ...name, 0x1c, ...bytes, 0);
    const block = new SpanBlock('default');
    expect(() => decodeJaegerAgentMessage(message, block, { encoding: 'compact' })).toThrow(
      'required field process is missing in batch',
    );
  });
});

describe('references', () => {
  const traceIdLow = 0x11n;

  test('to the parent that is named are no links', () => {
    const references = [{ type: 0, traceIdLow, spanId: 9n }] as const;
    expect(decodeSpan({ parentSpanId: 9n, references })).toMatchObject({
      parentSpanId: '0000000000000009',
      links: [],
    });
  });

  test('name the parent, child_of before follows_from', () => {
    const references = [
      { type: 1, traceIdLow, spanId: 8n },
      { type: 0, traceIdLow, spanId: 9n },
    ] as const;
    expect(decodeSpan({ references })).toMatchObject({
      parentSpanId: '0000000000000009',
      links: [
        {
          spanId: '0000000000000008',
          attributes: [
            { key: 'opentracing.ref_type', value: { type: 'string', value: 'follows_from' } },
          ],
        },
      ],
    });
  });

  test('to other traces are links', () => {
    const references = [{ type: 0, traceIdLow: 5n, traceIdHigh: 4n, spanId: 9n }] as const;
    expect(decodeSpan({ references })).toMatchObject({
      parentSpanId: undefined,
      links: [
        {
          traceId: '00000000000000040000000000000005',
          spanId: '0000000000000009',
          attributes: [
            { key: 'opentracing.ref_type', value: { type: 'string', value: 'child_of' } },
          ],
        },
      ],
    });
  });

  test('to nothing are dropped and counted', () => {
    const references = [{ type: 1, traceIdLow: 0n, spanId: 0n }] as const;
    expect(decodeSpan({ references })).toMatchObject({ links: [], droppedLinksCount: 1 });
  });
});

describe('logs', () => {
  const logs = (fields: readonly (readonly [string, TagInput])[]) => [
    { timeMicros: 1_700_000_000_000_001n, fields },
  ];

  test('are events, named by their event', () => {
    const span = decodeSpan({
      logs: logs([
        ['event', 'error'],
        ['message', 'no user'],
      ]),
    });
    expect(span?.events).toEqual([
      {
        timeUnixNano: 1_700_000_000_000_001_000n,
        name: 'error',
        attributes: [{ key: 'message', value: { type: 'string', value: 'no user' } }],
        droppedAttributesCount: 0,
      },
    ]);
  });

  test('without an event are named by their message, which they keep', () => {
    const [event] = decodeSpan({ logs: logs([['message', 'no user']]) })?.events ?? [];
    expect(event?.name).toBe('no user');
    expect(plain(event?.attributes)).toEqual({ message: 'no user' });
  });

  test('with neither have no name', () => {
    const [event] = decodeSpan({ logs: logs([['event', 7n]]) })?.events ?? [];
    expect(event?.name).toBe('');
    expect(plain(event?.attributes)).toEqual({ event: 7n });
  });
});

describe('bad input', () => {
  const invalid = Uint8Array.of(0x61, 0xff, 0x62);

  test('a span without ids is refused and the others are kept', () => {
    const { spans, rejected } = decode({
      spans: [{ name: 'a' }, { traceIdLow: 0n }, { spanId: 0n }, { name: 'b' }],
    });
    expect(spans.map((span) => span.name)).toEqual(['a', 'b']);
    expect(rejected.count).toBe(2);
  });

  test('a name that is not UTF-8 is made readable, and its bytes are kept', () => {
    const span = decodeSpan({ name: invalid });
    expect(span?.name).toBe('a\ufffdb');
    expect(plain(span?.attributes)).toEqual({
      'invalid-span-name': invalid,
      'clew.sanitized': 'span name is not UTF-8: replaced what is none',
    });
  });

  test('so is a key, and a value stays as bytes', () => {
    const span = decodeSpan({
      tags: [
        [invalid, 'x'],
        ['note', struct({ 1: text('note'), 3: text(invalid) })],
      ],
    });
    expect(plain(span?.attributes)).toEqual({
      'a\ufffdb': 'x',
      note: invalid,
      'invalid-tag-key-1': invalid,
      'clew.sanitized':
        'key of a tag is not UTF-8: replaced what is none in "a\ufffdb"; value of "note" is not UTF-8: kept as bytes',
    });
  });

  test('so is the name of a service, told in its resource', () => {
    const { spans } = decode({ service: invalid });
    expect(spans[0]?.resource.service).toBe('a\ufffdb');
    expect(plain(spans[0]?.resource.attributes)).toMatchObject({
      'invalid-service-name': invalid,
      'clew.sanitized': 'service name is not UTF-8: replaced what is none',
    });
    expect(spans[0]?.attributes).toEqual([]);
  });

  test('U+FFFD that was sent is no damage', () => {
    expect(decodeSpan({ name: 'a\ufffdb' })?.attributes).toEqual([]);
  });

  test('of a hundred damaged tags the first ten are told', () => {
    const tags = Array.from(
      { length: 100 },
      (_, i) => [`k${i}`, struct({ 1: text(`k${i}`), 3: text(invalid) })] as const,
    );
    const note = plain(decodeSpan({ tags })?.attributes)['clew.sanitized'];
    expect(String(note).split('; ')).toHaveLength(11);
  });

  test.each<[string, SpanInput, Partial<Span>, string]>([
    [
      'a negative start',
      { startMicros: -5n, durationMicros: 10n },
      { startUnixNano: 0n as Span['startUnixNano'], durationNano: 10_000n as Span['durationNano'] },
      'start time is -5000 ns: set to 0 ns',
    ],
    [
      'a negative duration',
      { durationMicros: -1n },
      { durationNano: 0n as Span['durationNano'] },
      'duration is -1000 ns: set to 0 ns',
    ],
    [
      'a start far beyond the year 2554',
      { startMicros: 2n ** 63n - 1n, durationMicros: 1n },
      { startUnixNano: (2n ** 64n - 1n) as Span['startUnixNano'] },
      'set to 18446744073709551615 ns',
    ],
    [
      'an end far beyond the year 2554',
      { durationMicros: 2n ** 63n - 1n },
      {},
      'duration is 9223372036854775807000 ns',
    ],
  ])('%s is set right and told', (_, input, expected, note) => {
    const span = decodeSpan(input);
    expect(span).toMatchObject(expected);
    expect(String(plain(span?.attributes)['clew.sanitized'])).toContain(note);
  });

  test('the year 2500 and the year 1970 are kept as they are', () => {
    const year2500 = 16_725_225_600_000_000n;
    expect(decodeSpan({ startMicros: year2500 })).toMatchObject({
      startUnixNano: year2500 * 1000n,
      attributes: [],
    });
    expect(decodeSpan({ startMicros: 0n, durationMicros: 1n })).toMatchObject({
      startUnixNano: 0n,
      durationNano: 1000n,
    });
  });

  test('more tags than a span may have are dropped and counted', () => {
    const tags = Array.from({ length: 20_000 }, (_, i) => [`k${i}`, 'v'] as const);
    const span = decodeSpan({ tags });
    expect(span?.attributes).toHaveLength(DEFAULT_DECODE_LIMITS.maxAttributes);
    expect(span?.droppedAttributesCount).toBe(20_000 - DEFAULT_DECODE_LIMITS.maxAttributes);
  });

  test('more logs and references than a span may have are dropped and counted', () => {
    const limits = { ...DEFAULT_DECODE_LIMITS, maxEvents: 2, maxLinks: 1 };
    const log = { timeMicros: 1n, fields: [] };
    const reference = { type: 1, traceIdLow: 5n, spanId: 9n } as const;
    const span = decodeSpan(
      { logs: [log, log, log, log], references: [reference, reference] },
      limits,
    );
    expect(span).toMatchObject({ droppedEventsCount: 2, droppedLinksCount: 1 });
    expect(span?.events).toHaveLength(2);
    expect(span?.links).toHaveLength(1);
  });

  test('a value of 10 MB is read', () => {
    const span = decodeTags({ large: 'x'.repeat(10_000_000) });
    expect(String(plain(span?.attributes)['large']).length).toBeGreaterThan(0);
  });

  test('more spans than a request may have are refused before they are read', () => {
    const limits = { ...DEFAULT_DECODE_LIMITS, maxSpans: 2 };
    expect(() => decode({ spans: [{}, {}, {}] }, limits)).toThrow(LimitError);
  });

  test.each<[string, Uint8Array, string]>([
    ['nothing at all', new Uint8Array(0), 'truncated: 1 bytes expected, 0 left at byte 0'],
    ['a list of 2^31 - 1 spans', Uint8Array.of(15, 0, 2, 12, 0x7f, 255, 255, 255), '2147483647'],
    ['tags without keys', writeThrift('binary', noKeys()), 'a tag has no key in spans[0]'],
    ['structs inside each other', nested(40), 'more than 32 structs'],
  ])('%s is refused, with the place', (_, bytes, message) => {
    const block = new SpanBlock('default');
    expect(() => decodeJaegerThrift(bytes, block)).toThrow(DecodeError);
    expect(() => decodeJaegerThrift(bytes, block)).toThrow(message);
    expect(block.spanCount).toBe(0);
  });

  test('fields that are not known, or are of another type, are passed over', () => {
    const odd = struct({
      1: text('not a number'),
      3: { type: 'i64', value: 2n },
      99: struct({ 1: text('x'), 2: { type: 'bool', value: true } }),
    });
    const spans = { type: 'list', elementType: 'struct', elements: [odd] } as const;
    const block = new SpanBlock('default');
    const bytes = writeThrift('binary', struct({ 1: struct({}), 2: spans }));
    const rejected = decodeJaegerThrift(bytes, block);
    expect(rejected).toMatchObject({
      count: 1,
      reasons: [expect.stringContaining('trace id is zero')],
    });
  });
});

function noKeys() {
  const tags = { type: 'list', elementType: 'struct', elements: [struct({})] } as const;
  const spans = { type: 'list', elementType: 'struct', elements: [struct({ 10: tags })] } as const;
  return struct({ 2: spans });
}

/** Field 9 of a batch, which it does not know, with `depth` structs inside each other. */
function nested(depth: number): Uint8Array {
  return Uint8Array.from(Array.from({ length: depth }, () => [12, 0, 9]).flat());
}
