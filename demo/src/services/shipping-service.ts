/**
 * The shipping-service: takes orders from the topic `orders` of the broker, which runs in its process. Nobody waits for it:
 * it takes what has come in together, plans one tour for all of it, and then packs a parcel for each order.
 *
 * A message is processed in the trace of its order, below the span that sent it. The tour is a trace of its own, which links to
 * the orders it is for, as they link to it.
 *
 * As a program: PORT (of the broker), DATABASE_URL, OTEL_EXPORTER_OTLP_ENDPOINT.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import type { Context, Link } from '@opentelemetry/api';
import { extract, runInContext, startSpanFromContext, withSpan } from '@clew/sdk';
import type { Span } from '@clew/sdk';
import type { Pool } from 'pg';
import { readFaults } from '../faults.ts';
import { isProgram, readPort, readRequired, runService } from '../run-service.ts';
import type { Stoppable } from '../run-service.ts';
import { Broker } from './broker.ts';
import type { Message } from './broker.ts';
import { serveBroker } from './broker-connection.ts';
import { connectDatabase, migrate } from './connect-database.ts';
import { parseObject } from './http-service.ts';
import { MESSAGING_SYSTEM, ORDERS_TOPIC } from './publish-order.ts';
import { startTracing } from './start-tracing.ts';
import type { ServiceOptions } from './start-tracing.ts';

export interface ShippingServiceOptions extends ServiceOptions {
  readonly databaseUrl: string;
}

/** How long it waits for more orders after one has come in. */
const COLLECT_MS = 150;

/** Starts the broker and the service in this process. */
export async function startShippingService(options: ShippingServiceOptions): Promise<Stoppable> {
  const clew = startTracing('shipping-service', options);
  const pool = await connectDatabase('shipping-service', options.databaseUrl);
  await migrate(pool, SCHEMA);
  const broker = new Broker();
  const door = await serveBroker(broker, options.port);
  const stopping = new AbortController();
  const working = work(broker, pool, stopping.signal);
  return {
    url: door.url,
    stop: async () => {
      stopping.abort();
      await working;
      await door.stop();
      await pool.end();
      await clew.shutdown();
    },
  };
}

/** Goes on until it is stopped and nothing is left. */
async function work(broker: Broker, pool: Pool, signal: AbortSignal): Promise<void> {
  for (;;) {
    const first = await broker.receive(ORDERS_TOPIC, signal);
    if (first.length === 0) return;
    await sleep(COLLECT_MS, undefined, { signal }).catch(() => undefined);
    const others = await broker.receive(ORDERS_TOPIC, AbortSignal.abort());
    await ship([...first, ...others], pool);
  }
}

async function ship(messages: readonly Message[], pool: Pool): Promise<void> {
  const received = messages.map((message) => ({
    message,
    ctx: extract(message.headers, ROOT_CONTEXT),
  }));
  const { span: batch, ctx } = startSpanFromContext(ROOT_CONTEXT, `receive ${ORDERS_TOPIC}`, {
    kind: SpanKind.CLIENT,
    links: received.flatMap((order) => linkTo(order.ctx)),
    attributes: {
      ...describe('receive'),
      'messaging.batch.message_count': messages.length,
    },
  });
  await runInContext(ctx, () => withSpan('plan-tour', () => sleep(2 + messages.length)));
  batch.finish();
  for (const order of received) {
    try {
      await processMessage(order.message, order.ctx, batch, pool);
    } catch (error) {
      // This broker has no place for what cannot be processed; the others are shipped all the same.
      console.error(`an order was not shipped: ${String(error)}`);
    }
  }
}

async function processMessage(
  message: Message,
  sender: Context,
  batch: Span,
  pool: Pool,
): Promise<void> {
  const { span, ctx } = startSpanFromContext(sender, `process ${ORDERS_TOPIC}`, {
    kind: SpanKind.CONSUMER,
    links: [{ context: batch.spanContext() }],
    attributes: { ...describe('process'), 'messaging.message.id': message.id },
  });
  try {
    const { id, item, quantity } = parseObject(message.body);
    span.setAttribute('order.id', Number(id));
    await runInContext(ctx, () =>
      withSpan('pack-parcel', { 'order.item': String(item) }, async () => {
        await sleep(5);
        await pool.query(INSERT_PARCEL, [id, item, quantity]);
      }),
    );
  } catch (error) {
    span.recordException(error instanceof Error ? error : String(error));
    throw error;
  } finally {
    span.finish();
  }
}

function linkTo(ctx: Context): readonly Link[] {
  const context = trace.getSpanContext(ctx);
  return context === undefined ? [] : [{ context }];
}

function describe(operation: 'receive' | 'process'): Record<string, string> {
  return {
    'messaging.system': MESSAGING_SYSTEM,
    'messaging.destination.name': ORDERS_TOPIC,
    'messaging.operation.name': operation,
    'messaging.operation.type': operation,
    'messaging.consumer.group.name': 'shipping-service',
  };
}

const INSERT_PARCEL =
  'INSERT INTO shipping_service.parcels (order_id, item, quantity) VALUES ($1, $2, $3)';

const SCHEMA = `
  CREATE SCHEMA IF NOT EXISTS shipping_service;
  CREATE TABLE IF NOT EXISTS shipping_service.parcels (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id integer NOT NULL,
    item text NOT NULL,
    quantity integer NOT NULL
  )`;

if (isProgram(import.meta.url)) {
  await runService('shipping-service', () =>
    startShippingService({
      port: readPort(process.env['PORT']),
      databaseUrl: readRequired('DATABASE_URL'),
      faults: readFaults(),
      otlpEndpoint: process.env['OTEL_EXPORTER_OTLP_ENDPOINT'],
    }),
  );
}
