import { ChildProcesses } from '../../../demo/src/child-processes.ts';
import { startShop as startDemo } from '../../../demo/src/shop.ts';

/** The demo's services and their database, each in a process of its own. */
export interface Shop {
  /** Sends `POST /orders`; resolves with the id of its trace, which the shop tells of good orders. */
  order(order: {
    readonly userId: number;
    readonly item: string;
    readonly quantity: number;
  }): Promise<string>;
  stop(): Promise<void>;
}

/** What a good order makes, in all services together. */
export const ORDER_SPAN_COUNT = 19;

/** Starts the shop, with its spans going to `otlpHttp`. */
export async function startShop(otlpHttp: string): Promise<Shop> {
  const processes = new ChildProcesses((message) => console.error(message));
  try {
    const { orderServiceUrl } = await startDemo({ otlpEndpoint: otlpHttp }, processes);
    return {
      order: (order) => sendOrder(orderServiceUrl, order),
      stop: () => processes.stop(),
    };
  } catch (error) {
    await processes.stop();
    throw error;
  }
}

async function sendOrder(url: string, order: unknown): Promise<string> {
  // A trace of the shop begins in the shop: this request carries no context.
  const response = await fetch(`${url}/orders`, { method: 'POST', body: JSON.stringify(order) });
  await response.text();
  return response.headers.get('x-trace-id') ?? '';
}
