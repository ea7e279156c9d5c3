import { startProgram } from './program.ts';
import type { Program } from './program.ts';

/** The demo's two services and their database, each in a process of its own. */
export interface Shop {
  /** Sends `POST /orders`; resolves with the id of its trace, which the shop tells of good orders. */
  order(order: {
    readonly userId: number;
    readonly item: string;
    readonly quantity: number;
  }): Promise<string>;
  stop(): Promise<void>;
}

/** Starts the shop, with its spans going to `otlpHttp`. */
export async function startShop(otlpHttp: string): Promise<Shop> {
  const programs: Program[] = [];
  const start = async (name: string, environment: Record<string, string>): Promise<string> => {
    const program = await startProgram(`demo/src/${name}.ts`, {
      OTEL_EXPORTER_OTLP_ENDPOINT: otlpHttp,
      ...environment,
    });
    programs.push(program);
    return program.url;
  };
  const stop = async (): Promise<void> => {
    for (const program of programs.reverse()) await program.stop();
  };
  try {
    const databaseUrl = await start('database', {});
    const userServiceUrl = await start('user-service', { DATABASE_URL: databaseUrl });
    const orderServiceUrl = await start('order-service', {
      DATABASE_URL: databaseUrl,
      USER_SERVICE_URL: userServiceUrl,
    });
    return { order: (order) => sendOrder(orderServiceUrl, order), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function sendOrder(url: string, order: unknown): Promise<string> {
  // A trace of the shop begins in the shop: this request carries no context.
  const response = await fetch(`${url}/orders`, { method: 'POST', body: JSON.stringify(order) });
  await response.text();
  return response.headers.get('x-trace-id') ?? '';
}
