import { randomUUID } from 'node:crypto';
import { SpanKind } from '@opentelemetry/api';
import { activeSpan, inject, traced } from '@clew/sdk';
import type { BrokerConnection } from './broker-connection.ts';

export const ORDERS_TOPIC = 'orders';
/** What our broker is called where others would say `kafka`. */
export const MESSAGING_SYSTEM = 'shop-broker';

/** Tells whoever ships that there is an order. The message's headers carry the trace there. */
export const publishOrder = traced(
  async (broker: BrokerConnection, order: { readonly id: number }): Promise<void> => {
    const id = randomUUID();
    activeSpan()?.setAttribute('messaging.message.id', id);
    await broker.publish(ORDERS_TOPIC, { id, headers: inject({}), body: JSON.stringify(order) });
  },
  {
    name: `send ${ORDERS_TOPIC}`,
    kind: SpanKind.PRODUCER,
    attributes: ([broker]) => ({
      'messaging.system': MESSAGING_SYSTEM,
      'messaging.destination.name': ORDERS_TOPIC,
      'messaging.operation.name': 'send',
      'messaging.operation.type': 'send',
      'server.address': broker.host,
      'server.port': broker.port,
    }),
  },
);
