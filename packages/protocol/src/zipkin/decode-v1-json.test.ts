import type { Span } from '@clew/model';
import { describe, expect, test } from 'vitest';
import { NO_REJECTIONS } from '../testing/requests.ts';
import type { Message } from '../testing/requests.ts';
import { decodeWith, plain, sanitizedOf, toJson } from '../testing/zipkin-requests.ts';
import { decodeZipkinV1Json } from './decode-v1-json.ts';

const START = 1_795_000_000_000_000;
const START_NANO = BigInt(START) * 1000n;

const orders = { serviceName: 'order-service', ipv4: '10.0.0.1', port: 8080 };
const users = { serviceName: 'user-service', ipv4: '10.0.0.2', port: 8081 };

/** An annotation so many microseconds after the start. */
const at = (micros: number, value: string, endpoint?: object): Message => ({
  timestamp: START + micros,
  value,
  endpoint,
});

const tag = (key: string, value: unknown, endpoint?: object): Message => ({ key, value, endpoint });

/** The spans that are read from one span of the first version. */
function read(changes: Message): readonly Span[] {
  const span = {
    traceId: '5b8efff798038103d269b633813fc60c',
    id: 'eee19b7ec3c1b174',
    name: 'get',
    ...changes,
  };
  const { spans, rejected } = decodeWith(decodeZipkinV1Json, toJson([span]));
  expect(rejected).toEqual(NO_REJECTIONS);
  return spans;
}

const times = { timestamp: START, duration: 1500 };

describe('a call', () => {
  test('as its client reported it', () => {
    const spans = read({
      ...times,
      annotations: [at(0, 'cs', orders), at(700, 'retry', orders), at(1500, 'cr', orders)],
      binaryAnnotations: [tag('http.path', '/users', orders), tag('sa', true, users)],
    });
    expect(spans).toMatchObject([
      {
        kind: 'client',
        startUnixNano: START_NANO,
        durationNano: 1_500_000n,
        events: [{ name: 'retry', timeUnixNano: START_NANO + 700_000n }],
        resource: { service: 'order-service' },
      },
    ]);
    expect(plain(spans[0]?.attributes ?? [])).toEqual({
      'http.path': '/users',
      'peer.service': 'user-service',
      'net.peer.ip': '10.0.0.2',
      'net.peer.port': 8081n,
    });
    expect(plain(spans[0]?.resource.attributes ?? [])).toEqual({
      'service.name': 'order-service',
      'net.host.ip': '10.0.0.1',
      'net.host.port': 8080n,
    });
  });

  test('as its server reported it, with its own time', () => {
    const spans = read({
      ...times,
      annotations: [at(0, 'sr', users), at(1500, 'ss', users)],
      binaryAnnotations: [tag('ca', true, { serviceName: '', ipv4: '10.0.0.1' })],
    });
    expect(spans).toMatchObject([{ kind: 'server', durationNano: 1_500_000n }]);
    expect(plain(spans[0]?.attributes ?? [])).toEqual({ 'net.peer.ip': '10.0.0.1' });
  });

  test('as its server reported it in the client’s span', () => {
    const spans = read({ annotations: [at(200, 'sr', users), at(900, 'ss', users)] });
    expect(spans).toMatchObject([
      { kind: 'server', startUnixNano: START_NANO + 200_000n, durationNano: 700_000n },
    ]);
    expect(plain(spans[0]?.attributes ?? [])).toMatchObject({ 'zipkin.shared': true });
  });

  test('as both reported it is two spans of one id', () => {
    const spans = read({
      ...times,
      annotations: [
        at(0, 'cs', orders),
        at(200, 'sr', users),
        at(900, 'ss', users),
        at(1500, 'cr', orders),
      ],
      binaryAnnotations: [
        tag('http.path', '/users', orders),
        tag('http.route', '/{id}', users),
        tag('sa', true, users),
        tag('ca', true, orders),
      ],
    });
    expect(spans).toHaveLength(2);
    expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(1);
    const [client, server] = ['client', 'server'].map((kind) =>
      spans.find((span) => span.kind === kind),
    );
    expect(client).toMatchObject({
      startUnixNano: START_NANO,
      durationNano: 1_500_000n,
      resource: { service: 'order-service' },
    });
    expect(plain(client?.attributes ?? [])).toMatchObject({
      'http.path': '/users',
      'peer.service': 'user-service',
    });
    expect(server).toMatchObject({
      startUnixNano: START_NANO + 200_000n,
      durationNano: 700_000n,
      resource: { service: 'user-service' },
    });
    expect(plain(server?.attributes ?? [])).toMatchObject({
      'http.route': '/{id}',
      'peer.service': 'order-service',
      'zipkin.shared': true,
    });
  });

  test('of a service to itself is two spans too', () => {
    const spans = read({
      ...times,
      annotations: [
        at(0, 'cs', orders),
        at(200, 'sr', orders),
        at(900, 'ss', orders),
        at(1500, 'cr', orders),
      ],
    });
    expect(spans.map(({ kind, durationNano }) => [kind, durationNano])).toEqual([
      ['client', 1_500_000n],
      ['server', 700_000n],
    ]);
  });

  test('of which only the ends were seen begins where the span does', () => {
    const spans = read({ ...times, annotations: [at(1500, 'cr', orders)] });
    expect(spans).toMatchObject([
      { kind: 'client', startUnixNano: START_NANO, durationNano: 1_500_000n, events: [] },
    ]);
  });

  test('without an end has no duration, and an end without a begin is an event', () => {
    const begun = read({ annotations: [at(5, 'cs', orders)] });
    expect(begun).toMatchObject([{ kind: 'client', startUnixNano: START_NANO + 5000n }]);
    expect(sanitizedOf(begun[0])).toBe('no duration: set to 0');
    const ended = read({ annotations: [at(5, 'ss', users)] });
    expect(ended).toMatchObject([{ kind: 'server', events: [{ name: 'ss' }] }]);
  });

  test('that ends before it begins has a duration of 0', () => {
    const [span] = read({ annotations: [at(9, 'cs', orders), at(5, 'cr', orders)] });
    expect(span?.durationNano).toBe(0n);
    expect(sanitizedOf(span)).toBe('duration -4 is negative: set to 0');
  });

  test('from a client that goes by the server’s name is not a call of the server to itself', () => {
    const [span] = read({
      ...times,
      annotations: [at(0, 'sr', users), at(1500, 'ss', users)],
      binaryAnnotations: [tag('ca', true, { ...users, port: 40_000 })],
    });
    expect(plain(span?.attributes ?? [])).toEqual({
      'net.peer.ip': '10.0.0.2',
      'net.peer.port': 40_000n,
    });
  });
});

describe('a message', () => {
  test('as its producer and as its consumer reported it', () => {
    const broker = { serviceName: 'kafka' };
    const produced = read({
      annotations: [at(0, 'ms', orders), at(300, 'ws', orders)],
      binaryAnnotations: [tag('ma', true, broker)],
    });
    expect(produced).toMatchObject([{ kind: 'producer', durationNano: 300_000n }]);
    expect(plain(produced[0]?.attributes ?? [])).toMatchObject({ 'peer.service': 'kafka' });
    const consumed = read({ annotations: [at(0, 'wr', users), at(300, 'mr', users)] });
    expect(consumed).toMatchObject([
      { kind: 'consumer', startUnixNano: START_NANO, durationNano: 300_000n },
    ]);
  });

  test('as both reported it is two spans', () => {
    const spans = read({
      annotations: [
        at(0, 'ms', orders),
        at(100, 'ws', orders),
        at(200, 'wr', users),
        at(300, 'mr', users),
      ],
    });
    expect(spans.map(({ kind, durationNano }) => [kind, durationNano])).toEqual([
      ['producer', 100_000n],
      ['consumer', 100_000n],
    ]);
  });
});

describe('a span that is no call', () => {
  test('has its own time, and its service from who tagged it', () => {
    const spans = read({
      ...times,
      binaryAnnotations: [tag('lc', 'scheduler', orders), tag('job', 5, orders)],
    });
    expect(spans).toMatchObject([
      {
        kind: 'unspecified',
        startUnixNano: START_NANO,
        durationNano: 1_500_000n,
        resource: { service: 'order-service' },
      },
    ]);
    expect(plain(spans[0]?.attributes ?? [])).toEqual({ component: 'scheduler', job: '5' });
  });

  test('marked as local has no tag for it', () => {
    const [span] = read({ ...times, binaryAnnotations: [tag('lc', '', orders)] });
    expect(span?.attributes).toEqual([]);
    expect(span?.resource.service).toBe('order-service');
  });

  test('keeps events that were sent or received over the wire', () => {
    const [span] = read({ ...times, annotations: [at(1, 'ws', orders), at(2, 'wr', orders)] });
    expect(span?.events.map(({ name }) => name)).toEqual(['ws', 'wr']);
  });

  test('is what its lone addresses make of it', () => {
    const server = read({ ...times, binaryAnnotations: [tag('ca', true, orders)] });
    expect(server).toMatchObject([{ kind: 'server' }]);
    const unknown = read({
      ...times,
      binaryAnnotations: [tag('x', 'y', orders), tag('sa', true, users)],
    });
    expect(unknown).toMatchObject([{ kind: 'unspecified' }]);
    expect(plain(unknown[0]?.attributes ?? [])).toMatchObject({ 'peer.service': 'user-service' });
    const both = read({
      ...times,
      binaryAnnotations: [tag('ca', true, orders), tag('sa', true, users)],
    });
    expect(both).toMatchObject([{ resource: { service: 'order-service' } }]);
  });

  test('of very many services is a span for the first eight, and loses no event', () => {
    const annotations = Array.from({ length: 5000 }, (_, i) =>
      at(i, 'x', { serviceName: `service-${i}` }),
    );
    const spans = read({ ...times, annotations });
    expect(spans).toHaveLength(8);
    expect(
      spans.flatMap(({ events, droppedEventsCount }) => events.length + droppedEventsCount),
    ).toEqual([4993, 1, 1, 1, 1, 1, 1, 1]);
  });
});

test('what makes no sense is left out, and it is said', () => {
  const [span] = read({
    ...times,
    annotations: [5, at(0, 'x', orders)],
    binaryAnnotations: [{ key: 5, value: 'x' }, { key: 'a', value: {} }, tag('b', 'c', orders)],
  });
  expect(sanitizedOf(span)).toBe(
    'annotations that made no sense: 1 left out; binaryAnnotations that made no sense: 2 left out',
  );
  expect(span).toMatchObject({ droppedAttributesCount: 2, droppedEventsCount: 1 });
});
