import { LimitError } from '@clew/model';
import type { Span } from '@clew/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_DECODE_LIMITS } from '../otlp/limits.ts';
import { NO_REJECTIONS, decodeBroken } from '../testing/requests.ts';
import type { Decoded, Message } from '../testing/requests.ts';
import { decodeWith, plain, sanitizedOf, toJson } from '../testing/zipkin-requests.ts';
import { decodeZipkinJson } from './decode-json.ts';
import { decodeZipkinV1Json } from './decode-v1-json.ts';

const TRACE_ID = '5b8efff798038103d269b633813fc60c';

/** A good span; a test names only what it is about. */
const span = (changes: Message = {}): Message => ({
  traceId: TRACE_ID,
  id: 'eee19b7ec3c1b174',
  name: 'get',
  timestamp: 1_795_000_000_000_000,
  duration: 1500,
  localEndpoint: { serviceName: 'order-service' },
  ...changes,
});

const decode = (...spans: readonly unknown[]): Decoded =>
  decodeWith(decodeZipkinJson, toJson(spans));

/** The one span that is read from a span with these changes. */
function read(changes: Message): Span {
  const { spans, rejected } = decode(span(changes));
  expect(rejected).toEqual(NO_REJECTIONS);
  return spans[0] as Span;
}

describe('a span', () => {
  test('is translated as OpenTelemetry does', () => {
    const read = decode(
      span({
        parentId: '00f067aa0ba902b7',
        kind: 'CLIENT',
        localEndpoint: { serviceName: 'order-service', ipv4: '10.0.0.1', port: 8080 },
        remoteEndpoint: { serviceName: 'user-service', ipv6: '2001:db8::1', port: 443 },
        tags: { 'http.path': '/users', 'http.status_code': '200' },
        annotations: [{ timestamp: 1_795_000_000_000_500, value: 'retry' }],
      }),
    );
    expect(read.rejected).toEqual(NO_REJECTIONS);
    expect(read.spans[0]).toMatchObject({
      traceId: TRACE_ID,
      spanId: 'eee19b7ec3c1b174',
      parentSpanId: '00f067aa0ba902b7',
      name: 'get',
      kind: 'client',
      startUnixNano: 1_795_000_000_000_000_000n,
      durationNano: 1_500_000n,
      status: 'unset',
      events: [{ timeUnixNano: 1_795_000_000_000_500_000n, name: 'retry' }],
      resource: { service: 'order-service' },
    });
    expect(plain(read.spans[0]?.attributes ?? [])).toEqual({
      'http.path': '/users',
      'http.status_code': '200',
      'peer.service': 'user-service',
      'net.peer.ip': '2001:db8::1',
      'net.peer.port': 443n,
    });
    expect(plain(read.spans[0]?.resource.attributes ?? [])).toEqual({
      'service.name': 'order-service',
      'net.host.ip': '10.0.0.1',
      'net.host.port': 8080n,
    });
  });

  test.each([
    ['SERVER', 'server'],
    ['PRODUCER', 'producer'],
    ['CONSUMER', 'consumer'],
    ['client', 'client'],
    [undefined, 'unspecified'],
  ])('of kind %s is %s', (kind, expected) => {
    expect(read({ kind }).kind).toBe(expected);
  });

  test('inside a service says so in a tag', () => {
    const internal = read({ tags: { 'span.kind': 'internal' } });
    expect(internal.kind).toBe('internal');
    expect(internal.attributes).toEqual([]);
  });

  test('that shares its id with the other side is kept beside it', () => {
    const { spans } = decode(
      span({ kind: 'CLIENT' }),
      span({ kind: 'SERVER', shared: true, localEndpoint: { serviceName: 'user-service' } }),
    );
    expect(spans.map(({ spanId }) => spanId)).toEqual(['eee19b7ec3c1b174', 'eee19b7ec3c1b174']);
    const server = spans.find(({ kind }) => kind === 'server');
    expect(plain(server?.attributes ?? [])).toEqual({ 'zipkin.shared': true });
  });

  test('that was forced through sampling says so', () => {
    expect(plain(read({ debug: true }).attributes)).toEqual({ 'zipkin.debug': true });
  });

  test('without a service is found under the name for such spans', () => {
    expect(read({ localEndpoint: undefined }).resource.service).toBe('missing-service-name');
    expect(read({ localEndpoint: { serviceName: '' } }).resource.service).toBe(
      'missing-service-name',
    );
  });

  test('shares its resource with those of the same endpoint and no others', () => {
    const { spans } = decode(
      span(),
      span({ tags: { 'http.path': '/' } }),
      span({ localEndpoint: { serviceName: 'order-service', port: 1 } }),
    );
    expect(new Set(spans.map(({ resource }) => resource)).size).toBe(2);
  });

  test('names the service behind by its tag before its endpoint', () => {
    const { attributes } = read({
      remoteEndpoint: { serviceName: 'proxy' },
      tags: { 'peer.service': 'user-service' },
    });
    expect(plain(attributes)).toEqual({ 'peer.service': 'user-service' });
  });
});

describe('ids', () => {
  test.each([
    ['1', '00000000000000000000000000000001'],
    ['48485a3953bb6124', '000000000000000048485a3953bb6124'],
    ['148485A3953BB6124', '000000000000000148485a3953bb6124'],
    [TRACE_ID, TRACE_ID],
  ])('of a trace, %s, are filled up with zeros', (traceId, expected) => {
    expect(read({ traceId }).traceId).toBe(expected);
  });

  test.each([undefined, null, '', '0000000000000000'])('of a parent, %s, are none', (parentId) => {
    expect(read({ parentId }).parentSpanId).toBeUndefined();
  });

  test('of a parent that are the span’s own are left out', () => {
    const own = read({ parentId: 'eee19b7ec3c1b174' });
    expect(own.parentSpanId).toBeUndefined();
    expect(sanitizedOf(own)).toBe('parent span id is its own: left out');
  });

  test.each<[string, Message, string]>([
    ['no trace id', { traceId: undefined }, 'trace id is missing'],
    ['a trace id of zeros', { traceId: '0'.repeat(32) }, 'trace id is zero'],
    ['a trace id that is a number', { traceId: 12 }, 'trace id is not text'],
    [
      'a trace id of 33 digits',
      { traceId: `1${TRACE_ID}` },
      `trace id is not 1 to 32 hexadecimal digits: "1${TRACE_ID}"`,
    ],
    ['no id', { id: '' }, 'span id is missing'],
    ['an id of 17 digits', { id: '12345678901234567' }, 'span id is not 1 to 16'],
    ['an id that is not hexadecimal', { id: 'xyz' }, 'span id is not 1 to 16 hexadecimal digits'],
    ['a parent that is not hexadecimal', { parentId: 'xyz' }, 'parent span id is not 1 to 16'],
    ['a parent that is an object', { parentId: {} }, 'parent span id is not text'],
  ])('refuse a span with %s, and it alone', (_, changes, reason) => {
    const { spans, rejected } = decode(span(), span(changes), span({ id: '2' }));
    expect(spans).toHaveLength(2);
    expect(rejected.count).toBe(1);
    expect(rejected.reasons[0]).toContain(reason);
  });

  test('are not in what is no object', () => {
    const { spans, rejected } = decode(span(), 5, null, [span()], 'x');
    expect(spans).toHaveLength(1);
    expect(rejected.count).toBe(4);
  });
});

describe('times', () => {
  test.each<[unknown, bigint]>([
    ['1795000000000000', 1_795_000_000_000_000_000n],
    [1_795_000_000_000_000.5, 1_795_000_000_000_000_500n],
    [1_795_000_000_000_000.25, 1_795_000_000_000_000_250n],
    ['1795000000000000.5', 1_795_000_000_000_000_500n],
    [16_725_225_600_000_000, 16_725_225_600_000_000_000n],
    ['16725225600000001', 16_725_225_600_000_001_000n],
    [1, 1000n],
  ])('%s are microseconds', (timestamp, expected) => {
    const timed = read({ timestamp });
    expect(timed.startUnixNano).toBe(expected);
    expect(timed.durationNano).toBe(1_500_000n);
    expect(sanitizedOf(timed)).toBe('');
  });

  test.each<[Message, string]>([
    [{ timestamp: -5 }, 'timestamp -5 is negative: set to 0'],
    [{ duration: -5 }, 'duration -5 is negative: set to 0'],
    [{ duration: undefined }, 'no duration: set to 0'],
    [{ timestamp: 'soon' }, 'timestamp was no number: left out; no timestamp: start set to 0'],
    [{ timestamp: 1e300 }, 'timestamp is past the year 2554: set to the last moment there is'],
  ])('%j are mended, and it is said', (changes, note) => {
    expect(sanitizedOf(read(changes))).toContain(note);
  });

  test('that are left out are those of the first annotation', () => {
    const late = read({
      timestamp: 0,
      annotations: [
        { timestamp: 1_795_000_000_000_009, value: 'b' },
        { timestamp: 1_795_000_000_000_002, value: 'a' },
      ],
    });
    expect(late.startUnixNano).toBe(1_795_000_000_000_002_000n);
    expect(plain(late.attributes)).toEqual({
      'otel.zipkin.absentField.startTime': true,
      'clew.sanitized': 'no timestamp: start set to the first annotation',
    });
  });

  test('of an annotation without one are the span’s start', () => {
    const { events, startUnixNano } = read({ annotations: [{ value: 'x' }] });
    expect(events).toMatchObject([{ name: 'x', timeUnixNano: startUnixNano }]);
  });
});

describe('status', () => {
  test.each<[Record<string, string>, string, string, Record<string, string>]>([
    [{ error: 'true' }, 'error', '', {}],
    [{ error: '' }, 'error', '', {}],
    [{ error: 'card declined' }, 'error', 'card declined', { error: 'card declined' }],
    [{ error: 'false' }, 'unset', '', { error: 'false' }],
    [{ 'otel.status_code': 'ERROR', error: 'declined' }, 'error', 'declined', {}],
    [{ 'otel.status_code': 'OK' }, 'ok', '', {}],
    [
      { 'otel.status_code': 'STATUS_CODE_ERROR', 'otel.status_description': 'declined' },
      'error',
      'declined',
      {},
    ],
    [{ 'otel.status_code': 'MAYBE' }, 'unset', '', { 'otel.status_code': 'MAYBE' }],
    [{ 'otel.status_description': 'x' }, 'unset', '', { 'otel.status_description': 'x' }],
  ])('is read from %j', (tags, status, statusMessage, attributes) => {
    const failed = read({ tags });
    expect(failed).toMatchObject({ status, statusMessage });
    expect(plain(failed.attributes)).toEqual(attributes);
  });
});

describe('what exporters of OpenTelemetry fold into tags and annotations', () => {
  test.each(['otel.scope', 'otel.library'])('is the scope again, from %s', (prefix) => {
    const { scope, attributes } = read({
      tags: { [`${prefix}.name`]: '@shop/http', [`${prefix}.version`]: '1.2.3' },
    });
    expect(scope).toMatchObject({ name: '@shop/http', version: '1.2.3' });
    expect(attributes).toEqual([]);
  });

  test('is the resource again', () => {
    const { resource, attributes } = read({
      tags: { 'service.name': 'named', 'host.name': 'node-7', 'host.color': 'blue' },
    });
    expect(resource.service).toBe('named');
    expect(plain(resource.attributes)).toEqual({ 'service.name': 'named', 'host.name': 'node-7' });
    expect(plain(attributes)).toEqual({ 'host.color': 'blue' });
  });

  test('is the trace state again, and the counts of what was dropped', () => {
    const back = read({
      tags: {
        'w3c.tracestate': 'vendor=blue',
        'otel.dropped_attributes_count': '3',
        'otel.dropped_events_count': '2',
        'otel.dropped_links_count': '1',
      },
    });
    expect(back).toMatchObject({
      traceState: 'vendor=blue',
      droppedAttributesCount: 3,
      droppedEventsCount: 2,
      droppedLinksCount: 1,
      attributes: [],
    });
  });

  test('is an event with attributes again', () => {
    const { events } = read({
      annotations: [
        { timestamp: 1, value: 'declined|{"code":51,"rate":0.5,"final":true,"by":"a|b"}|2' },
        { timestamp: 2, value: 'a|b' },
        { timestamp: 3, value: 'a|{b|1' },
        { timestamp: 4, value: `a|{"b":${'['.repeat(100_000)}|1` },
      ],
    });
    expect(events[0]).toMatchObject({ name: 'declined', droppedAttributesCount: 2 });
    expect(plain(events[0]?.attributes ?? [])).toEqual({
      code: 51n,
      rate: 0.5,
      final: true,
      by: 'a|b',
    });
    expect(events[1]?.name).toBe('a|b');
    expect(events[2]?.name).toBe('a|{b|1');
    expect(events[3]?.attributes).toEqual([]);
  });

  test('is a link again, and what is none stays a tag', () => {
    const { links, attributes } = read({
      tags: {
        'otlp.link.0': `${TRACE_ID}|eee19b7ec3c1b174|a=b|{"reason":"retry"}|1`,
        'otlp.link.1': 'nonsense',
      },
    });
    expect(links).toMatchObject([
      {
        traceId: TRACE_ID,
        spanId: 'eee19b7ec3c1b174',
        traceState: 'a=b',
        attributes: [{ key: 'reason', value: { type: 'string', value: 'retry' } }],
        droppedAttributesCount: 1,
      },
    ]);
    expect(plain(attributes)).toEqual({ 'otlp.link.1': 'nonsense' });
  });
});

describe('fields that make no sense', () => {
  test.each<[Message, string]>([
    [{ kind: 'SIDEWAYS' }, 'kind is not known: left out'],
    [{ kind: 3 }, 'kind is not known: left out'],
    [{ name: 5 }, 'name was not text: made text'],
    [{ name: ['a'] }, 'name was not text: left out'],
    [{ tags: ['a'] }, 'tags were no object: left out'],
    [{ tags: { a: {}, b: null } }, 'tags that were not text: 2 left out'],
    [{ annotations: 'x' }, 'annotations was no list: left out'],
    [{ annotations: [5, { timestamp: 1 }] }, 'annotations that made no sense: 2 left out'],
    [{ localEndpoint: 'here' }, 'localEndpoint was no object: left out'],
    [{ remoteEndpoint: { port: 70_000 } }, 'port 70000 does not exist: left out'],
    [{ remoteEndpoint: { port: {} } }, 'port does not exist: left out'],
  ])('%j are left out, and it is said', (changes, note) => {
    expect(sanitizedOf(read(changes))).toBe(note);
  });

  test('numbers, true and false in tags are texts', () => {
    const { attributes } = read({ tags: { a: 5, b: true, c: 0.5 } });
    expect(plain(attributes)).toEqual({ a: '5', b: 'true', c: '0.5' });
  });

  test('keys that mean something to JavaScript are tags like others', () => {
    const text = JSON.stringify([span()]).replace(
      '"name"',
      '"tags":{"__proto__":"a","constructor":"b"},"name"',
    );
    const { spans } = decodeWith(decodeZipkinJson, new TextEncoder().encode(text));
    expect(new Map(spans[0]?.attributes.map(({ key, value }) => [key, value])).size).toBe(2);
  });
});

describe.each([
  ['v1', decodeZipkinV1Json],
  ['v2', decodeZipkinJson],
])('hostile bytes in %s', (_, decoder) => {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

  test.each(['', ' ', '{}', 'null', '5', '"x"', '[', '[{', '[{}', '[1,]', 'nonsense', '\u0000'])(
    'that are no list, %j, are a typed error',
    (text) => {
      expect(() => decodeWith(decoder, bytes(text))).toThrow(/^zipkin v[12] json: /);
    },
  );

  test('nested without end are refused at once', () => {
    for (const text of ['['.repeat(20_000_000), '[{"a":'.repeat(2_000_000)]) {
      const start = performance.now();
      expect(() => decodeWith(decoder, bytes(text))).toThrow('nested more than 32 deep at byte');
      expect(performance.now() - start).toBeLessThan(1000);
    }
  });

  test('with brackets in texts are not nested', () => {
    const name = `${'['.repeat(100)}\\"${'{'.repeat(100)}`;
    const { spans } = decodeWith(decoder, toJson([span({ name })]));
    expect(spans[0]?.name).toBe(name);
  });

  test('of more spans than are allowed are refused before they are parsed', () => {
    const limits = { ...DEFAULT_DECODE_LIMITS, maxSpans: 3 };
    const list = [span(), span(), span()];
    expect(decodeWith(decoder, toJson(list), limits).spans).toHaveLength(3);
    expect(() => decodeWith(decoder, toJson([...list, span()]), limits)).toThrow(LimitError);
    expect(() => decodeWith(decoder, bytes(`[${'0,'.repeat(10_000_000)}0]`))).toThrow(LimitError);
  });

  test('with NUL and what is not UTF-8 in names are read', () => {
    const nul = decodeWith(decoder, toJson([span({ name: 'a\u0000b' })]));
    expect(nul.spans[0]?.name).toContain('a');
    const broken = toJson([span({ name: 'a?b' })]);
    broken[broken.indexOf('?'.charCodeAt(0))] = 0xff;
    expect(decodeWith(decoder, broken).spans).toHaveLength(1);
    expect(decodeWith(decoder, toJson([span({ name: '\ud800' })])).spans).toHaveLength(1);
  });

  test('of any JSON are read or refused', () => {
    const value = fc.jsonValue({ maxDepth: 3 });
    const fields = [
      'traceId',
      'id',
      'parentId',
      'name',
      'kind',
      'timestamp',
      'duration',
      'localEndpoint',
      'remoteEndpoint',
      'annotations',
      'binaryAnnotations',
      'tags',
      'debug',
      'shared',
    ];
    fc.assert(
      fc.property(
        fc.array(fc.dictionary(fc.constantFrom(...fields), value), { maxLength: 3 }),
        fc.boolean(),
        (spans, hasIds) => {
          const list = hasIds ? spans.map((given) => ({ ...given, traceId: '1', id: '2' })) : spans;
          decodeBroken((block) => decoder(toJson(list), block));
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('one span', () => {
  test('of 100,000 tags keeps as many as are allowed', () => {
    const tags = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`tag.${i}`, 'x']));
    const { attributes, droppedAttributesCount } = read({ tags });
    expect(attributes.length).toBeLessThan(1100);
    expect(droppedAttributesCount).toBeGreaterThan(98_900);
  });

  test('with a value of 10 MB is kept, cut', () => {
    const { attributes } = read({ tags: { large: 'x'.repeat(10_000_000) } });
    expect(plain(attributes)['clew.truncated']).toBeDefined();
  });
});
