/**
 * The way to a broker in another process: lines of JSON over TCP, a message in each, answered by its id once the broker has
 * it. Not HTTP, so that nothing but the messages themselves carries a trace, as with the brokers of this world.
 */
import { once } from 'node:events';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import type { Broker, Message } from './broker.ts';

interface Publication {
  readonly topic: string;
  readonly message: Message;
}

/** Lets others publish to a broker of this process, on 127.0.0.1 until `stop`. */
export async function serveBroker(
  broker: Broker,
  port: number,
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
    createInterface({ input: socket }).on('line', (line) => {
      const { topic, message } = JSON.parse(line) as Publication;
      broker.publish(topic, message);
      socket.write(`${message.id}\n`);
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Publishes to a broker elsewhere. */
export class BrokerConnection {
  readonly host: string;
  readonly port: number;
  readonly #socket: net.Socket;
  readonly #waiting = new Map<string, (error?: Error) => void>();

  /** `url` is `tcp://127.0.0.1:5672`, or whatever `serveBroker` said. */
  constructor(url: string) {
    const { hostname, port } = new URL(url);
    this.host = hostname;
    this.port = Number(port);
    this.#socket = net.connect(this.port, hostname);
    this.#socket.on('error', (error) => this.#failAll(error));
    this.#socket.on('close', () => this.#failAll(new Error('the broker is gone')));
    createInterface({ input: this.#socket }).on('line', (id) => this.#settle(id));
  }

  /** Resolves when the broker has the message. */
  async publish(topic: string, message: Message): Promise<void> {
    if (this.#socket.destroyed) throw new Error('the broker is gone');
    const publication: Publication = { topic, message };
    await new Promise<void>((resolve, reject) => {
      this.#waiting.set(message.id, (error) => (error === undefined ? resolve() : reject(error)));
      this.#socket.write(`${JSON.stringify(publication)}\n`);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #settle(id: string, error?: Error): void {
    const settle = this.#waiting.get(id);
    this.#waiting.delete(id);
    settle?.(error);
  }

  #failAll(error: Error): void {
    for (const id of this.#waiting.keys()) this.#settle(id, error);
  }
}
