/** The bank: somebody else's, so it sends no spans. It grants what is asked of it, unless it is told to fail. */
import http from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface BankOptions {
  /** Whether it refuses to work at first: mostly twice, every fifth payment for good. */
  readonly isFailing: boolean;
}

const WORK_MS = 8;

/** Serves `POST /authorisations/:payment` on a free port of 127.0.0.1 until `stop`. */
export async function startBank({
  isFailing,
}: BankOptions): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const failuresLeft = new Map<string, number>();
  const server = http.createServer((request, response) => {
    void answer(request, response);
  });
  async function answer(
    request: http.IncomingMessage,
    response: http.ServerResponse,
  ): Promise<void> {
    await sleep(WORK_MS);
    const payment = request.url ?? '';
    const left = failuresLeft.get(payment) ?? ((failuresLeft.size + 1) % 5 === 0 ? Infinity : 2);
    failuresLeft.set(payment, left - 1);
    const isDown = isFailing && left > 0;
    response.writeHead(isDown ? 503 : 200, { 'content-type': 'text/plain' });
    response.end(isDown ? 'the bank is closed' : 'granted');
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
