/**
 * The order-service: `POST /orders` takes `{ "userId": 7, "item": "tea", "quantity": 2 }`, asks the user-service who that
 * is, and writes the order into its own database. It is traced with `withSpan`.
 *
 * As a program: PORT, DATABASE_URL, USER_SERVICE_URL, OTEL_EXPORTER_OTLP_ENDPOINT.
 */
import { activeSpan, withSpan } from '@clew/sdk';
import type { Span } from '@clew/sdk';
import type { Pool } from 'pg';
import { RequestError, serveJson } from './http-service.ts';
import type { Answer, RunningService } from './http-service.ts';
import { isProgram, readPort, readRequired, runService } from './run-service.ts';
import { migrate, startTracing } from './start-tracing.ts';
import type { ServiceOptions } from './start-tracing.ts';

export interface OrderServiceOptions extends ServiceOptions {
  readonly userServiceUrl: string;
}

/** Starts the service in this process. */
export async function startOrderService(options: OrderServiceOptions): Promise<RunningService> {
  const { clew, pool } = await startTracing('order-service', options);
  await migrate(pool, SCHEMA);
  const service = await serveJson(options.port, [
    {
      method: 'POST',
      route: '/orders',
      pattern: /^\/orders$/,
      answer: async (_, body) => ({
        ...(await withSpan('create-order', (span) =>
          createOrder(span, body, { pool, userServiceUrl: options.userServiceUrl }),
        )),
        headers: { 'x-trace-id': activeSpan()?.spanContext().traceId ?? '' },
      }),
    },
  ]);
  return {
    url: service.url,
    stop: async () => {
      await service.stop();
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

interface Order {
  readonly userId: number;
  readonly item: string;
  readonly quantity: number;
  readonly totalCents: number;
}

interface OrderParts {
  readonly pool: Pool;
  readonly userServiceUrl: string;
}

async function createOrder(span: Span, body: string, parts: OrderParts): Promise<Answer> {
  const order = parseOrder(body);
  span.setAttributes({
    'user.id': order.userId,
    'order.item': order.item,
    'order.quantity': order.quantity,
    'order.total_cents': order.totalCents,
  });
  await checkUser(order.userId, parts.userServiceUrl);
  const { rows } = await parts.pool.query<{ id: number }>(INSERT_ORDER, [
    order.userId,
    order.item,
    order.quantity,
    order.totalCents,
  ]);
  const id = rows[0]?.id ?? 0;
  span.setAttribute('order.id', id);
  return { status: 201, body: { id, ...order } };
}

function parseOrder(body: string): Order {
  const { userId, item, quantity } = parseObject(body);
  if (typeof userId !== 'number') throw new RequestError(400, 'userId is not a number');
  const price = typeof item === 'string' ? PRICES.get(item) : undefined;
  if (typeof item !== 'string' || price === undefined) {
    throw new RequestError(400, `item is not one of ${[...PRICES.keys()].join(', ')}`);
  }
  if (typeof quantity !== 'number' || !Number.isInteger(quantity) || quantity < 1) {
    throw new RequestError(400, 'quantity is not a whole number above zero');
  }
  return { userId, item, quantity, totalCents: price * quantity };
}

function parseObject(text: string): Readonly<Record<'userId' | 'item' | 'quantity', unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw Object.assign(new RequestError(400, 'the order is not JSON'), { cause });
  }
  const none = { userId: undefined, item: undefined, quantity: undefined };
  return typeof value === 'object' && value !== null ? { ...none, ...value } : none;
}

async function checkUser(userId: number, userServiceUrl: string): Promise<void> {
  const response = await fetch(`${userServiceUrl}/users/${userId}`);
  await response.text();
  if (response.status === 404) throw new RequestError(422, `user ${userId} does not exist`);
  if (!response.ok) {
    throw new RequestError(502, `the user-service answered ${response.status}`);
  }
}

const INSERT_ORDER =
  'INSERT INTO order_service.orders (user_id, item, quantity, total_cents) VALUES ($1, $2, $3, $4) RETURNING id';

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
  )`;

if (isProgram(import.meta.url)) {
  await runService('order-service', () =>
    startOrderService({
      port: readPort(process.env['PORT']),
      databaseUrl: readRequired('DATABASE_URL'),
      userServiceUrl: readRequired('USER_SERVICE_URL'),
      otlpEndpoint: process.env['OTEL_EXPORTER_OTLP_ENDPOINT'],
    }),
  );
}
