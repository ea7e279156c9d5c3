/** Traces as the API answers them, made up from a seed: the same call makes the same trace. */
import type { AttributeJson, SpanEventJson, SpanJson, TraceJson } from '@clew/api';
import { toTraceColumns } from '@clew/model';
import type { Trace, TraceColumns } from '@clew/model';
import { buildTraceView, nameOf } from '../trace/trace-view.ts';
import type { TraceView } from '../trace/trace-view.ts';

/** 2026-11-22T19:15:03.123Z. */
export const FIXTURE_START_UNIX_NANO = 1_795_374_903_123_000_000n;

const SERVICES = [
  'order-service',
  'user-service',
  'frontend',
  'payment-service',
  'inventory-service',
  'shipping-service',
  'notification-worker',
] as const;

const NAMES: Readonly<Record<string, readonly string[]>> = {
  'order-service': ['create-order', 'INSERT shop.orders', 'validate-basket', 'POST'],
  'user-service': ['GET /users/{id}', 'get-user', 'SELECT shop.users'],
  frontend: ['POST /checkout', 'render', 'fetch'],
  'payment-service': ['authorize', 'POST /v1/charges', 'SELECT payments.cards'],
  'inventory-service': ['reserve', 'GET', 'SET', 'UPDATE stock.items'],
  'shipping-service': ['quote', 'GET /rates'],
  'notification-worker': ['send-mail', 'process order.created'],
};

const KINDS = ['internal', 'server', 'client', 'producer', 'consumer'] as const;

export interface FixtureSpan {
  readonly id: number;
  readonly parent?: number | undefined;
  readonly service: string;
  readonly name: string;
  readonly startNs: number;
  readonly durationNs: number;
  readonly kind?: SpanJson['kind'];
  readonly isFailed?: boolean;
  readonly statusMessage?: string;
  readonly attributes?: readonly AttributeJson[];
  readonly events?: readonly SpanEventJson[];
  readonly links?: SpanJson['links'];
}

/** Puts spans into an answer: ids written out, ordered by start and id, resources shared. */
export function toTraceJson(
  spans: readonly FixtureSpan[],
  traceId = '4bf92f3577b34da6a3ce929d0e0e4736',
): TraceJson {
  const services = [...new Set(spans.map(({ service }) => service))];
  const ordered = spans.toSorted((a, b) => a.startNs - b.startNs || a.id - b.id);
  return {
    traceId,
    spans: ordered.map((span) => toSpanJson(span, services.indexOf(span.service))),
    resources: services.map((service) => ({
      service,
      attributes: [
        text('service.name', service),
        text('service.version', '1.14.2'),
        text('service.instance.id', `${service}-7d9f8b6c5-x2k4q`),
        text('host.name', 'ip-10-0-3-17'),
        text('process.runtime.name', 'nodejs'),
        int('process.pid', 4711),
      ],
      droppedAttributesCount: 0,
      schemaUrl: '',
    })),
    scopes: [
      {
        name: '@opentelemetry/instrumentation-http',
        version: '0.223.0',
        attributes: [],
        droppedAttributesCount: 0,
        schemaUrl: '',
      },
    ],
  };
}

/** The columns in which the server would answer. */
export function toColumns({ traceId, spans, resources }: TraceJson): TraceColumns {
  return toTraceColumns({
    traceId,
    spans: spans.map((span) => ({
      ...span,
      startUnixNano: BigInt(span.startUnixNano),
      durationNano: BigInt(span.durationNano),
      resource: resources[span.resource],
      events: span.events.map((event) => ({
        ...event,
        timeUnixNano: BigInt(event.timeUnixNano),
      })),
    })),
  } as unknown as Trace);
}

/** The view of a trace, as the page builds it from the server's answer. */
export function toView(trace: TraceJson): TraceView {
  return buildTraceView(toColumns(trace));
}

/** The index of the first span with a name; -1 when there is none. */
export function indexOfName(view: TraceView, name: string): number {
  return Array.from({ length: view.spanCount }, (_, index) => nameOf(view, index)).indexOf(name);
}

/** One order: two services, their SQL, an event, a link; eight spans. */
export function orderTrace({ isFailed = false } = {}): TraceJson {
  return toTraceJson([...orderSpans(isFailed), ...userSpans()]);
}

export interface ShopOptions {
  readonly spanCount: number;
  readonly seed?: number;
  /** Share of failed spans, 0 to 1. */
  readonly errorRate?: number;
}

/** A request that fans out through seven services: children within their parents, some side by side, some one after another. */
export function shopTrace({ spanCount, seed = 1, errorRate = 0.01 }: ShopOptions): TraceJson {
  const random = createRandom(seed);
  const root = {
    id: 1,
    service: 'frontend',
    name: 'POST /checkout',
    startNs: 0,
    durationNs: 1.84e9,
  };
  const spans: FixtureSpan[] = [{ ...root, kind: 'server' }];
  // Spans wait here to get children: the breadth of the tree grows until there are enough spans.
  for (let at = 0; spans.length < spanCount; at = (at + 1) % spans.length) {
    const parent = spans[at];
    if (parent === undefined || (at > 0 && random() < 0.35)) continue;
    const count = Math.min(1 + Math.floor(random() * 5), spanCount - spans.length);
    const isParallel = random() < 0.25;
    const room = parent.durationNs * (0.75 + 0.2 * random());
    let startNs = parent.startNs + parent.durationNs * 0.02;
    for (let child = 0; child < count; child++) {
      const share = isParallel ? 0.4 + 0.6 * random() : (0.5 + random()) / (1.5 * count);
      const durationNs = Math.max(1_000, Math.round(room * share));
      const service = random() < 0.55 ? parent.service : pick(random, SERVICES);
      const isFailed = random() < errorRate;
      spans.push({
        id: spans.length + 1,
        parent: parent.id,
        service,
        name: pick(random, NAMES[service] ?? ['work']),
        kind: pick(random, KINDS),
        startNs: Math.round(startNs),
        durationNs,
        isFailed,
        statusMessage: isFailed ? 'deadline exceeded' : '',
        attributes: [
          int('http.response.status_code', isFailed ? 504 : 200),
          text('peer.service', service),
        ],
      });
      startNs += isParallel ? durationNs * 0.05 * random() : durationNs * 1.02;
    }
  }
  return toTraceJson(spans);
}

/** Each span the only child of the one before. */
export function chainTrace(depth: number): TraceJson {
  const spans = Array.from({ length: depth }, (_, at): FixtureSpan => {
    const service = SERVICES[Math.floor(at / 9) % SERVICES.length] ?? 'frontend';
    return {
      id: at + 1,
      parent: at === 0 ? undefined : at,
      service,
      name: `step ${at + 1}`,
      startNs: at * 1_000,
      durationNs: 2 * depth * 1_000 - 2 * at * 1_000,
    };
  });
  return toTraceJson(spans);
}

/** One span with many children, one after another. */
export function fanTrace(childCount: number): TraceJson {
  const children = Array.from({ length: childCount }, (_, at): FixtureSpan => ({
    id: at + 2,
    parent: 1,
    service: SERVICES[at % 3] ?? 'frontend',
    name: `item ${at + 1}`,
    startNs: at * 10_000,
    durationNs: at % 7 === 0 ? 9_000 : 4_000,
  }));
  const root = {
    id: 1,
    service: 'frontend',
    name: 'fan out',
    startNs: 0,
    durationNs: childCount * 10_000,
  };
  return toTraceJson([root, ...children]);
}

/** The trace without some of its spans, as when they have not arrived. */
export function withoutSpans(trace: TraceJson, isMissing: (span: SpanJson) => boolean): TraceJson {
  return { ...trace, spans: trace.spans.filter((span) => !isMissing(span)) };
}

/** The trace as it is sent where the clock of a service is off; ordered by start, as the server would answer it. */
export function withSkew(trace: TraceJson, service: string, skewNs: number): TraceJson {
  const move = (time: string): string => String(BigInt(time) + BigInt(skewNs));
  const spans = trace.spans.map((span): SpanJson =>
    trace.resources[span.resource]?.service !== service
      ? span
      : {
          ...span,
          startUnixNano: move(span.startUnixNano),
          events: span.events.map((one) => ({ ...one, timeUnixNano: move(one.timeUnixNano) })),
        },
  );
  const byStart = (a: SpanJson, b: SpanJson): number =>
    Number(BigInt(a.startUnixNano) - BigInt(b.startUnixNano));
  return { ...trace, spans: spans.toSorted(byStart) };
}

/** A random number from 0 to 1 per call, always the same row for a seed (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function text(key: string, value: string): AttributeJson {
  return { key, value: { type: 'string', value } };
}

export function int(key: string, value: number): AttributeJson {
  return { key, value: { type: 'int', value: String(value) } };
}

function event(name: string, atNs: number, attributes: readonly AttributeJson[]): SpanEventJson {
  const timeUnixNano = String(FIXTURE_START_UNIX_NANO + BigInt(Math.round(atNs)));
  return { timeUnixNano, name, attributes, droppedAttributesCount: 0 };
}

function toSpanJson(span: FixtureSpan, resource: number): SpanJson {
  return {
    spanId: idOf(span.id),
    ...(span.parent === undefined ? {} : { parentSpanId: idOf(span.parent) }),
    traceState: '',
    flags: 1,
    name: span.name,
    kind: span.kind ?? 'internal',
    startUnixNano: String(FIXTURE_START_UNIX_NANO + BigInt(Math.round(span.startNs))),
    durationNano: String(Math.round(span.durationNs)),
    status: span.isFailed === true ? 'error' : 'unset',
    statusMessage: span.statusMessage ?? '',
    attributes: span.attributes ?? [],
    droppedAttributesCount: 0,
    events: span.events ?? [],
    droppedEventsCount: 0,
    links: span.links ?? [],
    droppedLinksCount: 0,
    resource,
    scope: 0,
  };
}

function idOf(id: number): string {
  return (0x00f067aa0ba90000n + BigInt(id)).toString(16).padStart(16, '0');
}

function pick<Item>(random: () => number, items: readonly Item[]): Item {
  return items[Math.floor(random() * items.length)] as Item;
}

function orderSpans(isFailed: boolean): FixtureSpan[] {
  const service = 'order-service';
  const create: FixtureSpan = {
    ...timed(2, 1.2, 84.1),
    parent: 1,
    service,
    name: 'create-order',
    isFailed,
    attributes: CREATE_ORDER,
    events: [event('basket.validated', 3.4e6, [int('basket.items', 3)])],
    links: [LINK],
  };
  const insert: FixtureSpan = {
    ...timed(7, 44.9, 31.7),
    parent: 2,
    service,
    name: 'INSERT orders',
    kind: 'client',
    isFailed,
    statusMessage: isFailed ? DUPLICATE_KEY : '',
    attributes: SQL_INSERT,
    events: isFailed ? [EXCEPTION] : [],
  };
  const http = {
    parent: 2,
    service,
    name: 'GET',
    kind: 'client',
    attributes: HTTP_CLIENT,
  } as const;
  const publish = { parent: 2, service, name: 'publish order.created', kind: 'producer' } as const;
  return [
    { ...timed(1, 0, 86.4), service, name: 'POST /orders', kind: 'server', isFailed },
    create,
    { ...timed(3, 4, 37.5), ...http },
    insert,
    { ...timed(8, 78.2, 5.9), ...publish },
  ];
}

function userSpans(): FixtureSpan[] {
  const service = 'user-service';
  const server = { parent: 3, service, name: 'GET /users/{id}', attributes: HTTP_SERVER };
  const select = { parent: 5, service, name: 'SELECT users', attributes: SQL_SELECT };
  return [
    { ...timed(4, 6.1, 33), ...server, kind: 'server' },
    { ...timed(5, 7.3, 30.2), parent: 4, service, name: 'get-user' },
    { ...timed(6, 9.6, 24.8), ...select, kind: 'client' },
  ];
}

/** Times in milliseconds, which read better in a table. */
function timed(id: number, startMs: number, durationMs: number) {
  return { id, startNs: Math.round(startMs * 1e6), durationNs: Math.round(durationMs * 1e6) };
}

const LINK = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  traceState: '',
  flags: 1,
  attributes: [text('messaging.operation.name', 'retry')],
  droppedAttributesCount: 0,
};

const CREATE_ORDER: readonly AttributeJson[] = [
  text('user.id', '4711'),
  int('order.items', 3),
  { key: 'order.total', value: { type: 'double', value: 129.95 } },
  { key: 'order.express', value: { type: 'bool', value: true } },
  {
    key: 'order.skus',
    value: {
      type: 'array',
      value: ['A-17', 'B-204', 'C-9'].map((value) => ({ type: 'string', value })),
    },
  },
  text(
    'order.payload',
    '{"userId":4711,"items":[{"sku":"A-17","count":2},{"sku":"B-204","count":1}],"express":true}',
  ),
];

const HTTP_CLIENT: readonly AttributeJson[] = [
  text('http.request.method', 'GET'),
  int('http.response.status_code', 200),
  text('url.full', 'http://user-service:8081/users/4711'),
  text('server.address', 'user-service'),
  int('server.port', 8081),
];

const HTTP_SERVER: readonly AttributeJson[] = [
  text('http.request.method', 'GET'),
  text('http.route', '/users/{id}'),
  int('http.response.status_code', 200),
  text('user_agent.original', 'node'),
];

const SQL_SELECT: readonly AttributeJson[] = [
  text('db.system.name', 'postgresql'),
  text('db.namespace', 'shop'),
  text(
    'db.query.text',
    'SELECT u.id, u.name, u.email, a.street, a.city, a.zip\nFROM users u\nLEFT JOIN addresses a ON a.user_id = u.id\nWHERE u.id = $1 AND u.deleted_at IS NULL\nORDER BY a.updated_at DESC\nLIMIT 1',
  ),
];

const SQL_INSERT: readonly AttributeJson[] = [
  text('db.system.name', 'postgresql'),
  text(
    'db.query.text',
    'INSERT INTO orders (id, user_id, total, express, items) VALUES ($1, $2, $3, $4, $5) RETURNING id',
  ),
];

const DUPLICATE_KEY = 'duplicate key value violates unique constraint "orders_pkey"';

const EXCEPTION = event('exception', 70e6, [
  text('exception.type', 'DatabaseError'),
  text('exception.message', DUPLICATE_KEY),
  text(
    'exception.stacktrace',
    'DatabaseError: duplicate key value violates unique constraint "orders_pkey"\n    at Parser.parseErrorMessage (/srv/app/node_modules/pg-protocol/dist/parser.js:283:98)\n    at Parser.handlePacket (/srv/app/node_modules/pg-protocol/dist/parser.js:122:29)\n    at insertOrder (/srv/app/src/orders/insert-order.ts:41:18)\n    at async createOrder (/srv/app/src/orders/create-order.ts:27:3)',
  ),
]);
