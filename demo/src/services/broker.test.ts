import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Broker } from './broker.ts';
import type { Message } from './broker.ts';
import { BrokerConnection, serveBroker } from './broker-connection.ts';

function message(id: string): Message {
  return { id, headers: { traceparent: `00-${id}` }, body: `{"id":"${id}"}` };
}

const never = new AbortController().signal;

describe('the broker', () => {
  test('hands out what was published, in its order and once', async () => {
    const broker = new Broker();
    broker.publish('orders', message('a'));
    broker.publish('others', message('x'));
    broker.publish('orders', message('b'));
    expect(await broker.receive('orders', never)).toEqual([message('a'), message('b')]);
    expect(await broker.receive('orders', AbortSignal.abort())).toEqual([]);
  });

  test('lets a receiver wait for the next message, or until it is told to stop', async () => {
    const broker = new Broker();
    const receiving = broker.receive('orders', never);
    broker.publish('orders', message('a'));
    expect(await receiving).toEqual([message('a')]);
    const stop = new AbortController();
    const waiting = broker.receive('orders', stop.signal);
    stop.abort();
    expect(await waiting).toEqual([]);
  });
});

describe('a connection to a broker', () => {
  const broker = new Broker();
  let door: Awaited<ReturnType<typeof serveBroker>>;
  let connection: BrokerConnection;

  beforeEach(async () => {
    door = await serveBroker(broker, 0);
    connection = new BrokerConnection(door.url);
  });
  afterEach(async () => {
    connection.close();
    await door.stop().catch(() => undefined);
  });

  test('resolves when the broker has the message, headers and all', async () => {
    await Promise.all([
      connection.publish('orders', message('a')),
      connection.publish('orders', message('b')),
    ]);
    expect(await broker.receive('orders', never)).toEqual([message('a'), message('b')]);
  });

  test('fails when the broker goes away, and from then on at once', async () => {
    await connection.publish('orders', message('a'));
    await door.stop();
    await expect(connection.publish('orders', message('b'))).rejects.toThrow();
    await expect(connection.publish('orders', message('c'))).rejects.toThrow('the broker is gone');
  });
});
