/**
 * The spans that golden answers are about, small enough to be worked through by hand. Times are after `T`, 2026-11-22 11:50 UTC.
 *
 * Trace A (`0af7651916cd43dd8448eb211c80319c`), an order that fails at last:
 *
 *     a1 order-service   POST /orders   server    0 ms + 120 ms   error "payment declined"
 *     a2 order-service     GET /users/{id}   client  10 ms +  40 ms   http.response.status_code 200
 *     a3 user-service        GET /users/{id}   server  15 ms +  30 ms
 *     a4 user-service          SELECT users       client  20 ms +  20 ms   db.system.name postgresql, db.namespace users_db
 *     a5 order-service     charge         client   60 ms +  50 ms   error
 *     a6 payment-service     POST /charge   server   65 ms +  40 ms   error "payment declined", an event exception
 *
 * Trace B, of a 64-bit id (`000000000000000042d9e1f1ac1f0b1c`), a minute later, of one span:
 *
 *     b1 order-service   GET /orders   server   60,000 ms + 8 ms   ok; attributes of every type
 *
 * Trace C (`c0ffee00000000000000000000000001`), two minutes later, a message:
 *
 *     c1 order-service   orders publish   producer   120,000 ms + 2 ms   messaging.destination.name orders
 *     c2 mail-service      orders process   consumer   120,010 ms + 25 ms   linked to a1
 */
import { durationNano, unixNano } from '@clew/model';
import type {
  Attribute,
  AttributeValue,
  Resource,
  Scope,
  Span,
  SpanId,
  TraceId,
} from '@clew/model';

/** 2026-11-22 12:00 UTC: when the questions are asked. */
export const NOW_MS: number = Date.UTC(2026, 10, 22, 12);
const T = BigInt(NOW_MS - 600_000) * 1_000_000n;

const A = '0af7651916cd43dd8448eb211c80319c' as TraceId;
const B = '000000000000000042d9e1f1ac1f0b1c' as TraceId;
const C = 'c0ffee00000000000000000000000001' as TraceId;

function text(value: string): AttributeValue {
  return { type: 'string', value };
}

function int(value: number): AttributeValue {
  return { type: 'int', value: BigInt(value) };
}

function attributes(values: Readonly<Record<string, AttributeValue>>): readonly Attribute[] {
  return Object.entries(values).map(([key, value]) => ({ key, value }));
}

function resource(service: string, others: Readonly<Record<string, AttributeValue>>): Resource {
  return {
    service,
    attributes: attributes({ 'service.name': text(service), ...others }),
    droppedAttributesCount: 0,
    schemaUrl: '',
  };
}

const ORDERS = resource('order-service', {
  'deployment.environment.name': text('production'),
  'host.name': text('node-1'),
  'service.version': text('1.4.2'),
});
const USERS = resource('user-service', { 'host.name': text('node-2') });
const PAYMENTS = resource('payment-service', { 'host.name': text('node-3') });
const MAIL = resource('mail-service', {});

const SCOPE: Scope = {
  name: 'http-instrumentation',
  version: '0.9.1',
  attributes: attributes({ 'scope.kind': text('library') }),
  droppedAttributesCount: 0,
  schemaUrl: '',
};

interface Given extends Partial<Omit<Span, 'attributes' | 'spanId' | 'parentSpanId'>> {
  readonly id: string;
  readonly parent?: string;
  readonly ms: readonly [start: number, duration: number];
  readonly values?: Readonly<Record<string, AttributeValue>>;
}

function span({ id, parent, ms: [start, duration], values = {}, ...fields }: Given): Span {
  return {
    traceId: A,
    spanId: spanIdOf(id),
    parentSpanId: parent === undefined ? undefined : spanIdOf(parent),
    traceState: '',
    flags: 1,
    name: '',
    kind: 'internal',
    startUnixNano: unixNano(T + BigInt(start) * 1_000_000n),
    durationNano: durationNano(BigInt(duration) * 1_000_000n),
    status: 'unset',
    statusMessage: '',
    attributes: attributes(values),
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    resource: ORDERS,
    scope: SCOPE,
    ...fields,
  };
}

/** `a1` is `00000000000000a1`. */
function spanIdOf(id: string): SpanId {
  return id.padStart(16, '0') as SpanId;
}

export const GOLDEN_SPANS: readonly Span[] = [
  span({
    id: 'a1',
    ms: [0, 120],
    name: 'POST /orders',
    kind: 'server',
    status: 'error',
    statusMessage: 'payment declined',
    traceState: 'vendor=1',
    values: {
      'http.request.method': text('POST'),
      'http.response.status_code': int(500),
      'url.path': text('/orders'),
    },
  }),
  span({
    id: 'a2',
    parent: 'a1',
    ms: [10, 40],
    name: 'GET /users/{id}',
    kind: 'client',
    values: { 'http.request.method': text('GET'), 'http.response.status_code': int(200) },
  }),
  span({
    id: 'a3',
    parent: 'a2',
    ms: [15, 30],
    name: 'GET /users/{id}',
    kind: 'server',
    resource: USERS,
    values: { 'http.response.status_code': int(200), 'user.id': text('u-17') },
  }),
  span({
    id: 'a4',
    parent: 'a3',
    ms: [20, 20],
    name: 'SELECT users',
    kind: 'client',
    resource: USERS,
    values: { 'db.system.name': text('postgresql'), 'db.namespace': text('users_db') },
  }),
  span({
    id: 'a5',
    parent: 'a1',
    ms: [60, 50],
    name: 'charge',
    kind: 'client',
    status: 'error',
    values: { 'server.address': text('payment.internal'), 'server.port': int(8443) },
  }),
  span({
    id: 'a6',
    parent: 'a5',
    ms: [65, 40],
    name: 'POST /charge',
    kind: 'server',
    status: 'error',
    statusMessage: 'payment declined',
    resource: PAYMENTS,
    events: [
      {
        timeUnixNano: unixNano(T + 100_000_000n),
        name: 'exception',
        attributes: attributes({
          'exception.type': text('CardDeclined'),
          'exception.message': text('insufficient funds'),
        }),
        droppedAttributesCount: 0,
      },
    ],
  }),
  span({
    id: 'b1',
    traceId: B,
    ms: [60_000, 8],
    name: 'GET /orders',
    kind: 'server',
    status: 'ok',
    values: {
      'cache.hit': { type: 'bool', value: true },
      'cache.ratio': { type: 'double', value: 0.75 },
      'page.sizes': { type: 'array', value: [int(10), int(20)] },
      'request.bytes': { type: 'int', value: 9_007_199_254_740_993n },
      'request.hash': { type: 'bytes', value: Uint8Array.of(1, 2, 255) },
    },
  }),
  span({
    id: 'c1',
    traceId: C,
    ms: [120_000, 2],
    name: 'orders publish',
    kind: 'producer',
    values: { 'messaging.destination.name': text('orders'), 'messaging.system': text('kafka') },
  }),
  span({
    id: 'c2',
    parent: 'c1',
    traceId: C,
    ms: [120_010, 25],
    name: 'orders process',
    kind: 'consumer',
    resource: MAIL,
    links: [
      {
        traceId: A,
        spanId: spanIdOf('a1'),
        traceState: '',
        flags: 1,
        attributes: attributes({ reason: text('retry') }),
        droppedAttributesCount: 0,
      },
    ],
  }),
];
