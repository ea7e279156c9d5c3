/** Orders as the shop of the demo makes them, written by hand: a good one, one of a business, one of a shop in which things go wrong, and two that end early. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClewAddresses } from '../clew-process.ts';

export interface MadeOrders {
  readonly fast: string;
  /** Of a business, whose users are slow to look up. */
  readonly business: string;
  /** Its stock is counted by a query for each shelf, and the query that sets the goods aside is slow. */
  readonly slow: string;
  /** Quick, for its card is refused: the root is not failed, as of a server that answers with 402. */
  readonly refused: string;
  /** Quicker still: sent back at the door, it has but its root. */
  readonly invalid: string;
}

interface MadeSpan {
  readonly service: 'order-service' | 'user-service' | 'payment-service';
  readonly name: string;
  /** As OTLP numbers kinds: 1 internal, 2 server, 3 client. */
  readonly kind: number;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly hasFailed?: boolean;
  /** Milliseconds of its own before and after each of its children, which run one after the other. */
  readonly ownMs?: number;
  readonly children?: readonly MadeSpan[];
}

const POST_ORDERS: MadeSpan = { service: 'order-service', name: 'POST /orders', kind: 2 };

/** Sends them, a minute old; resolves with the ids of their traces once they can be read. */
export async function sendMadeOrders({ otlpHttp, ui }: ClewAddresses): Promise<MadeOrders> {
  const orders = {
    fast: orderOf([selectUser('users')], [reserve(2)]),
    business: orderOf([selectUser('users'), selectUser('credit_limit', 140)], [reserve(2)]),
    slow: orderOf([selectUser('users')], [query('shelves', 3), ...shelves(), reserve(200)]),
    refused: {
      ...POST_ORDERS,
      children: [{ ...call('POST', charge()), hasFailed: true }, reserve(0.5), reserve(0.5)],
    },
    invalid: POST_ORDERS,
  };
  const ids = {
    fast: traceId(),
    business: traceId(),
    slow: traceId(),
    refused: traceId(),
    invalid: traceId(),
  };
  for (const key of ['fast', 'business', 'slow', 'refused', 'invalid'] as const) {
    const spans = layOut(orders[key], ids[key]);
    const response = await fetch(`${otlpHttp}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(requestOf(spans)),
    });
    if (!response.ok) throw new Error(`an order was refused: ${response.status}`);
    await waitUntilStored(`${ui}/api/clew/traces/${ids[key]}`, spans.length);
  }
  return ids;
}

function orderOf(userQueries: readonly MadeSpan[], stockQueries: readonly MadeSpan[]): MadeSpan {
  const getUser: MadeSpan = {
    service: 'user-service',
    name: 'get-user',
    kind: 1,
    children: userQueries,
  };
  const order: readonly MadeSpan[] = [
    call('GET', { service: 'user-service', name: 'GET /users/{id}', kind: 2, children: [getUser] }),
    { service: 'order-service', name: 'reserve-stock', kind: 1, children: stockQueries },
    call('POST', charge()),
    { ...query('INSERT INTO order_service.orders', 2), name: 'pg.query:INSERT' },
  ];
  const createOrder: MadeSpan = {
    service: 'order-service',
    name: 'create-order',
    kind: 1,
    children: order,
  };
  return { ...POST_ORDERS, children: [createOrder] };
}

function charge(): MadeSpan {
  const card: MadeSpan = { service: 'payment-service', name: 'charge-card', kind: 1, ownMs: 4 };
  return { service: 'payment-service', name: 'POST /payments', kind: 2, children: [card] };
}

function call(name: string, server: MadeSpan): MadeSpan {
  return { service: 'order-service', name, kind: 3, children: [server] };
}

function selectUser(table: string, ms = 2): MadeSpan {
  return {
    ...query(`SELECT * FROM user_service.${table} WHERE id = $1`, ms),
    service: 'user-service',
  };
}

function reserve(ms: number): MadeSpan {
  return query('SELECT order_service.reserve($1, $2)', ms);
}

function shelves(): readonly MadeSpan[] {
  return Array.from({ length: 20 }, () => query('SELECT count FROM order_service.stock', 2));
}

function query(text: string, ms: number): MadeSpan {
  return {
    service: 'order-service',
    name: 'pg.query:SELECT',
    kind: 3,
    ownMs: ms,
    attributes: { 'db.system.name': 'postgresql', 'db.query.text': text },
  };
}

interface PlacedSpan {
  readonly service: string;
  readonly otlp: object;
}

/** Parents around their children, each with an id of its own. */
function layOut(root: MadeSpan, traceId: string): readonly PlacedSpan[] {
  const placed: PlacedSpan[] = [];
  const startMs = Date.now() - 60_000;
  let number = 0;
  const place = (span: MadeSpan, parentSpanId: string | undefined, fromMs: number): number => {
    const { service, name, kind, attributes = {}, ownMs = 0.5, children = [], hasFailed } = span;
    const spanId = (++number).toString(16).padStart(16, '0');
    let atMs = fromMs + ownMs;
    for (const child of children) atMs = place(child, spanId, atMs) + ownMs;
    placed.push({
      service,
      otlp: {
        traceId,
        spanId,
        parentSpanId,
        name,
        kind,
        startTimeUnixNano: nanosOf(startMs + fromMs),
        endTimeUnixNano: nanosOf(startMs + atMs),
        // As OTLP numbers statuses: 0 unset, 2 error.
        status: { code: hasFailed === true ? 2 : 0 },
        attributes: Object.entries(attributes).map(([key, stringValue]) => ({
          key,
          value: { stringValue },
        })),
      },
    });
    return atMs;
  };
  place(root, undefined, 0);
  return placed;
}

/** Tenths of a millisecond are exact in a double. */
function nanosOf(ms: number): string {
  return `${BigInt(Math.round(ms * 10)) * 100_000n}`;
}

function requestOf(spans: readonly PlacedSpan[]): object {
  const services = [...new Set(spans.map(({ service }) => service))];
  return {
    resourceSpans: services.map((service) => ({
      resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
      scopeSpans: [
        { spans: spans.filter((span) => span.service === service).map(({ otlp }) => otlp) },
      ],
    })),
  };
}

function traceId(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('hex');
}

/** Throws when it takes longer than anything should. */
export async function waitUntilStored(url: string, spanCount: number): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt++) {
    const { spans = [] } = (await (await fetch(url)).json()) as { spans?: unknown[] };
    if (spans.length >= spanCount) return;
    await sleep(50);
  }
  throw new Error(`${url} has no ${spanCount} spans`);
}
