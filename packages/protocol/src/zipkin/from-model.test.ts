import { durationNano, findAttribute, parseSpanId, unixNano } from '@clew/model';
import type { Attribute, Resource, Scope, Span } from '@clew/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arbitrarySpanId, arbitrarySpans, arbitraryTraceId } from '../testing/arbitrary-span.ts';
import { NO_REJECTIONS } from '../testing/requests.ts';
import type { Message } from '../testing/requests.ts';
import { decodeWith, toJson } from '../testing/zipkin-requests.ts';
import { decodeZipkinJson } from './decode-json.ts';
import { ZIPKIN_REMOTE_NAMES } from './endpoint-json.ts';
import { ZipkinJsonTranslator } from './from-model.ts';
import { RESOURCE_TAGS } from './resource-tags.ts';

/** What is written of spans, as a client reads it. */
function write(spans: readonly Span[]): Message[] {
  const translator = new ZipkinJsonTranslator();
  return JSON.parse(JSON.stringify(spans.map((span) => translator.fromModel(span)))) as Message[];
}

/** What comes back of spans that a sender of Zipkin's sent. */
function sendAndRead(...sent: readonly Message[]): Message[] {
  const { spans, rejected } = decodeWith(decodeZipkinJson, toJson(sent));
  expect(rejected).toEqual(NO_REJECTIONS);
  return write(spans);
}

const text = fc.oneof(
  fc.string({ minLength: 1, maxLength: 30 }),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 10 }),
);
const micros = fc.integer({ min: 1, max: 2 ** 50 });

/** Those that mean something to OpenTelemetry are tested by themselves. */
const MEANINGFUL: ReadonlySet<string> = new Set([
  ...ZIPKIN_REMOTE_NAMES,
  'error',
  'service.name',
  'span.kind',
  'w3c.tracestate',
]);
const tagKey = fc.oneof(
  { weight: 4, arbitrary: text.filter((key) => !MEANINGFUL.has(key)) },
  fc.constantFrom(...[...RESOURCE_TAGS].filter((key) => key !== 'service.name')),
);

const tags = fc
  .record({
    plain: fc.dictionary(tagKey, fc.string({ maxLength: 20 }), {
      maxKeys: 5,
      noNullPrototype: true,
    }),
    meaningful: fc.record(
      {
        error: fc.constantFrom('true', 'false', 'connection refused'),
        'span.kind': fc.constant('internal'),
        'otel.scope.version': fc.constant('1.0'),
        'w3c.tracestate': fc.constant('a=b'),
        'otel.dropped_events_count': fc.constant('3'),
        'otlp.link.0': fc.constant(
          '5b8efff798038103d269b633813fc60c|eee19b7ec3c1b174|a=b|{"n":1,"on":true,"of":["x",0.5,{}]}|2',
        ),
      },
      { requiredKeys: [] },
    ),
  })
  .map(({ plain, meaningful }) => Object.assign<object, Record<string, string>>(plain, meaningful));

const endpoint = fc
  .record(
    {
      serviceName: text,
      address: fc.oneof(
        fc.ipV4().map((ipv4) => ({ ipv4 })),
        fc.constantFrom('2001:db8::1', '::1').map((ipv6) => ({ ipv6 })),
      ),
      port: fc.integer({ min: 1, max: 65_535 }),
    },
    { requiredKeys: [] },
  )
  .map(({ address, ...known }) => Object.assign(known, address))
  .filter((known) => Object.keys(known).length > 0);

const sentSpan: fc.Arbitrary<Message> = fc
  .record(
    {
      traceId: fc.oneof(
        arbitraryTraceId.filter((id) => !id.startsWith('0000000000000000')),
        arbitrarySpanId,
      ),
      id: arbitrarySpanId,
      parentId: arbitrarySpanId,
      kind: fc.constantFrom('CLIENT', 'SERVER', 'PRODUCER', 'CONSUMER'),
      name: text,
      timestamp: micros,
      duration: micros,
      localEndpoint: endpoint,
      remoteEndpoint: endpoint,
      annotations: fc.array(
        fc.record({
          timestamp: micros,
          value: fc.oneof(text, fc.constant('exception|{"exception.type":"E","n":2}|0')),
        }),
        { minLength: 1, maxLength: 3 },
      ),
      tags: tags.filter((tags) => Object.keys(tags).length > 0),
      debug: fc.constant(true),
      shared: fc.constant(true),
    },
    { requiredKeys: ['traceId', 'id'] },
  )
  // A kind of its own and the tag for one contradict each other, and no span is its own parent.
  .filter(({ kind, tags, id, parentId }) => {
    return id !== parentId && (kind === undefined || tags?.['span.kind'] === undefined);
  });

const idOf = (span: Message): string => String(span['id']);

test('what a sender of Zipkin’s sent comes back as it was', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(sentSpan, { minLength: 1, maxLength: 4, selector: idOf }),
      (sent) => {
        // Those of one resource come together.
        const byId = (a: Message, b: Message): number => (idOf(a) < idOf(b) ? -1 : 1);
        expect(sendAndRead(...sent).sort(byId)).toEqual(sent.toSorted(byId));
      },
    ),
    { numRuns: 300 },
  );
});

test('any span is written, and read again by whoever reads Zipkin’s JSON', () => {
  fc.assert(
    fc.property(arbitrarySpans, (spans) => {
      const { spans: read, rejected } = decodeWith(decodeZipkinJson, toJson(write(spans)));
      expect(rejected).toEqual(NO_REJECTIONS);
      expect(read.map(({ traceId, spanId }) => [traceId, spanId])).toEqual(
        spans.map(({ traceId, spanId }) => [traceId, spanId]),
      );
    }),
  );
});

describe('a span that the sender did not complete', () => {
  const ids = { traceId: '5b8efff798038103', id: 'd269b633813fc60c' };

  test('has no times but those that were sent', () => {
    const annotations = [{ timestamp: 5, value: 'ws' }];
    expect(sendAndRead({ ...ids, annotations }, { ...ids, timestamp: 5 })).toEqual([
      { ...ids, annotations },
      { ...ids, timestamp: 5 },
    ]);
  });

  test('keeps what else was wrong with it', () => {
    const [span] = sendAndRead({ ...ids, kind: 'OTHER' });
    expect(span?.['tags']).toEqual({ 'clew.sanitized': 'kind is not known: left out' });
  });
});

describe('a span of OpenTelemetry', () => {
  const string = (value: string): Attribute['value'] => ({ type: 'string', value });
  const scope: Scope = {
    name: 'http',
    version: '1.2',
    attributes: [],
    droppedAttributesCount: 0,
    schemaUrl: '',
  };
  const resource: Resource = {
    service: 'shop',
    attributes: [
      { key: 'service.name', value: string('shop') },
      { key: 'service.version', value: string('7') },
    ],
    droppedAttributesCount: 0,
    schemaUrl: '',
  };
  const [any] = decodeWith(
    decodeZipkinJson,
    toJson([{ traceId: '5b8efff798038103d269b633813fc60c', id: '1', name: 'get', duration: 1 }]),
  ).spans;
  const span = (given: Partial<Span>): Span => ({
    ...(any as Span),
    startUnixNano: unixNano(1_795_000_000_123_456_789n),
    durationNano: durationNano(1_500_999n),
    attributes: [],
    resource,
    scope,
    ...given,
  });
  const writeOne = (given: Partial<Span>): Message => write([span(given)])[0] ?? {};

  test('is written as its exporters to Zipkin do', () => {
    expect(
      writeOne({
        parentSpanId: parseSpanId('2'),
        kind: 'client',
        status: 'error',
        statusMessage: 'timed out',
        attributes: [
          { key: 'server.address', value: string('user-service') },
          { key: 'http.response.status_code', value: { type: 'int', value: 504n } },
          { key: 'retry', value: { type: 'bool', value: false } },
          { key: 'parts', value: { type: 'array', value: [string('a'), string('b')] } },
        ],
        events: [
          {
            timeUnixNano: unixNano(1_795_000_000_123_999_999n),
            name: 'exception',
            attributes: [{ key: 'exception.type', value: string('E') }],
            droppedAttributesCount: 0,
          },
        ],
      }),
    ).toEqual({
      traceId: '5b8efff798038103d269b633813fc60c',
      parentId: '0000000000000002',
      id: '0000000000000001',
      kind: 'CLIENT',
      name: 'get',
      timestamp: 1_795_000_000_123_456,
      duration: 1500,
      localEndpoint: { serviceName: 'shop' },
      remoteEndpoint: { serviceName: 'user-service' },
      annotations: [
        { timestamp: 1_795_000_000_123_999, value: 'exception|{"exception.type":"E"}|0' },
      ],
      tags: {
        'service.version': '7',
        'server.address': 'user-service',
        'http.response.status_code': '504',
        retry: 'false',
        parts: '["a","b"]',
        'otel.status_code': 'ERROR',
        error: 'timed out',
        'otel.scope.name': 'http',
        'otel.scope.version': '1.2',
      },
    });
  });

  test.each<[string, Partial<Span>, Message]>([
    ['unset', {}, {}],
    ['ok', { status: 'ok' }, { 'otel.status_code': 'OK' }],
    ['an error', { status: 'error' }, { 'otel.status_code': 'ERROR', error: '' }],
  ])('whose status is %s has these tags', (_, given, expected) => {
    expect(writeOne(given)['tags']).toEqual({
      'service.version': '7',
      'otel.scope.name': 'http',
      'otel.scope.version': '1.2',
      ...expected,
    });
  });

  test('inside a service has no kind, and says so in a tag', () => {
    const internal = writeOne({ kind: 'internal' });
    expect(internal).not.toHaveProperty('kind');
    expect(internal['tags']).toMatchObject({ 'span.kind': 'internal' });
  });

  test('that took no time took a microsecond', () => {
    expect(writeOne({ durationNano: durationNano(0n) })['duration']).toBe(1);
    expect(writeOne({ durationNano: durationNano(999n) })['duration']).toBe(1);
  });

  test.each<[string, Record<string, string>, Message | undefined]>([
    [
      'the name of the peer and its port',
      { 'net.peer.name': 'db', 'net.peer.port': '5432' },
      { serviceName: 'db', port: 5432 },
    ],
    [
      'an address and its port',
      { 'network.peer.address': '10.0.0.1', 'network.peer.port': '80' },
      { ipv4: '10.0.0.1', port: 80 },
    ],
    [
      'a database',
      { 'network.peer.address': '::1', 'db.name': 'orders' },
      { serviceName: 'orders', ipv6: '::1' },
    ],
    [
      'the service first of all',
      { 'server.address': 'x', 'peer.service': 'y' },
      { serviceName: 'y' },
    ],
    ['nothing', { 'http.route': '/' }, undefined],
  ])('of a client has at its other end %s', (_, given, expected) => {
    const attributes = Object.entries(given).map(([key, value]) => ({ key, value: string(value) }));
    expect(writeOne({ kind: 'client', attributes })['remoteEndpoint']).toEqual(expected);
    const names = given['peer.service'] === undefined ? undefined : expected;
    const port = given['net.peer.port'] === undefined ? undefined : { port: 5432 };
    expect(writeOne({ kind: 'server', attributes })['remoteEndpoint']).toEqual(names ?? port);
  });

  test('keeps an address that is none among its tags', () => {
    const attributes = [{ key: 'net.peer.ip', value: string('somewhere') }];
    const written = writeOne({ attributes });
    expect(written['tags']).toMatchObject({ 'net.peer.ip': 'somewhere' });
    expect(written).not.toHaveProperty('remoteEndpoint');
    expect(findAttribute(attributes, 'net.peer.ip')).toBeDefined();
  });
});
