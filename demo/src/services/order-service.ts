/**
 * The order-service: `POST /orders` takes `{ "userId": 7, "item": "tea", "quantity": 2 }`, asks the user-service who that is,
 * sets the goods aside, writes the order into its own database, has the payment-service charge the card, and tells the broker,
 * from which whoever ships takes it. It is traced with `withSpan` and `traced`.
 *
 * As a program: PORT, DATABASE_URL, USER_SERVICE_URL and PAYMENT_SERVICE_URL (several instances between commas), BROKER_URL,
 * FAULTS, LOCKS_IN_DATABASE, OTEL_EXPORTER_OTLP_ENDPOINT. Whoever started it may send `{ paymentServiceUrls }` when there are
 * others.
 */
import { activeSpan, traced, withSpan } from '@clew/sdk';
import type { Span } from '@clew/sdk';
import type { Pool } from 'pg';
import { readFaults } from '../faults.ts';
import { isProgram, readPort, readRequired, runService } from '../run-service.ts';
import { BrokerConnection } from './broker-connection.ts';
import { connectDatabase, migrate } from './connect-database.ts';
import { RequestError, parseObject, serveJson } from './http-service.ts';
import type { Answer, RunningService } from './http-service.ts';
import { Instances } from './instances.ts';
import { publishOrder } from './publish-order.ts';
import { startTracing } from './start-tracing.ts';
import type { ServiceOptions } from './start-tracing.ts';
import { STOCK_SCHEMA, Stock } from './stock.ts';

export interface OrderServiceOptions extends ServiceOptions {
  readonly databaseUrl: string;
  readonly userService: Instances;
  readonly paymentService: Instances;
  readonly brokerUrl: string;
  /** Whether the database is one that can have locks fought over: PGlite, which has one session, is not. */
  readonly locksInDatabase: boolean;
}

/** Starts the service in this process. */
export async function startOrderService(options: OrderServiceOptions): Promise<RunningService> {
  const clew = startTracing('order-service', options);
  const pool = await connectDatabase('order-service', options.databaseUrl);
  await migrate(pool, SCHEMA);
  const broker = new BrokerConnection(options.brokerUrl);
  const { faults, locksInDatabase, userService, paymentService } = options;
  const stock = new Stock({ pool, faults, locksInDatabase });
  const parts = { pool, broker, stock, userService, paymentService };
  const service = await serveJson(options.port, [
    {
      method: 'POST',
      route: '/orders',
      pattern: /^\/orders$/,
      answer: async (_, body) => ({
        ...(await withSpan('create-order', (span) => createOrder(span, body, parts))),
        headers: { 'x-trace-id': activeSpan()?.spanContext().traceId ?? '' },
      }),
    },
  ]);
  return {
    url: service.url,
    stop: async () => {
      await service.stop();
      broker.close();
      await pool.end();
      await clew.shutdown();
    },
  };
}

/** What the shop sells, and for how many cents. */
const PRICES: ReadonlyMap<string, number> = new Map([
  ['tea', 450],
  ['coffee', 620],
  ['cup', 1290],
  ['kettle', 4900],
]);

interface OrderRequest {
  readonly userId: number;
  readonly item: string;
  readonly quantity: number;
}

interface Order extends OrderRequest {
  readonly totalCents: number;
}

interface OrderParts {
  readonly pool: Pool;
  readonly broker: BrokerConnection;
  readonly stock: Stock;
  readonly userService: Instances;
  readonly paymentService: Instances;
}

async function createOrder(span: Span, body: string, parts: OrderParts): Promise<Answer> {
  const request = parseOrder(body);
  const order = { ...request, totalCents: priceOrder(request) };
  span.setAttributes({
    'user.id': order.userId,
    'order.item': order.item,
    'order.quantity': order.quantity,
    'order.total_cents': order.totalCents,
  });
  await checkUser(order.userId, parts.userService);
  await parts.stock.reserve(order.item, order.quantity);
  const id = await insertOrder(parts.pool, order);
  span.setAttribute('order.id', id);
  try {
    await pay(id, order, parts.paymentService);
  } catch (error) {
    await withSpan('cancel-order', () => parts.pool.query(DELETE_ORDER, [id]));
    throw error;
  }
  await publishOrder(parts.broker, { id, ...order });
  return { status: 201, body: { id, ...order } };
}

/** A quarter less for those who take a dozen. */
const priceOrder = traced(
  function priceOrder({ item, quantity }: OrderRequest): number {
    const price = (PRICES.get(item) ?? 0) * quantity;
    return quantity >= 12 ? Math.round(price * 0.75) : price;
  },
  {
    name: 'price-order',
    attributes: ([{ item, quantity }]) => ({ 'order.item': item, 'order.quantity': quantity }),
  },
);

function parseOrder(body: string): OrderRequest {
  const { userId, item, quantity } = parseObject(body);
  if (typeof userId !== 'number') throw new RequestError(400, 'userId is not a number');
  if (typeof item !== 'string' || !PRICES.has(item)) {
    throw new RequestError(400, `item is not one of ${[...PRICES.keys()].join(', ')}`);
  }
  if (typeof quantity !== 'number' || !Number.isInteger(quantity) || quantity < 1) {
    throw new RequestError(400, 'quantity is not a whole number above zero');
  }
  return { userId, item, quantity };
}

async function checkUser(userId: number, userService: Instances): Promise<void> {
  const response = await fetch(`${userService.next()}/users/${userId}`);
  await response.text();
  if (response.status === 404) throw new RequestError(422, `user ${userId} does not exist`);
  if (!response.ok) throw new RequestError(502, `the user-service answered ${response.status}`);
}

async function insertOrder(
  pool: Pool,
  { userId, item, quantity, totalCents }: Order,
): Promise<number> {
  const { rows } = await pool.query<{ id: number }>(INSERT_ORDER, [
    userId,
    item,
    quantity,
    totalCents,
  ]);
  return rows[0]?.id ?? 0;
}

async function pay(orderId: number, order: Order, paymentService: Instances): Promise<void> {
  const { userId, totalCents: amountCents } = order;
  const response = await fetch(`${paymentService.next()}/payments`, {
    method: 'POST',
    body: JSON.stringify({ orderId, userId, amountCents }),
  });
  const { error } = parseObject(await response.text());
  if (response.status === 402) throw new RequestError(402, String(error));
  if (!response.ok) throw new RequestError(502, `the payment-service answered ${response.status}`);
}

const INSERT_ORDER =
  'INSERT INTO order_service.orders (user_id, item, quantity, total_cents) VALUES ($1, $2, $3, $4) RETURNING id';
const DELETE_ORDER = 'DELETE FROM order_service.orders WHERE id = $1';

/** The limit on the quantity is only here: larger orders get as far as the database, and fail there. */
const SCHEMA = `
  CREATE SCHEMA IF NOT EXISTS order_service;
  CREATE TABLE IF NOT EXISTS order_service.orders (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id integer NOT NULL,
    item text NOT NULL,
    quantity integer NOT NULL CONSTRAINT fits_the_lorry CHECK (quantity <= 1000),
    total_cents integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
  );
  ${STOCK_SCHEMA}`;

if (isProgram(import.meta.url)) {
  await runService('order-service', () => {
    const paymentService = Instances.parse(readRequired('PAYMENT_SERVICE_URL'));
    process.on('message', (message: { readonly paymentServiceUrls?: readonly string[] }) => {
      if (message.paymentServiceUrls) paymentService.replace(message.paymentServiceUrls);
    });
    return startOrderService({
      port: readPort(process.env['PORT']),
      databaseUrl: readRequired('DATABASE_URL'),
      userService: Instances.parse(readRequired('USER_SERVICE_URL')),
      paymentService,
      brokerUrl: readRequired('BROKER_URL'),
      faults: readFaults(),
      locksInDatabase: process.env['LOCKS_IN_DATABASE'] === 'true',
      otlpEndpoint: process.env['OTEL_EXPORTER_OTLP_ENDPOINT'],
    });
  });
}
