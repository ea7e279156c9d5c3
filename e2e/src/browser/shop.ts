import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT, SOURCE_ARGUMENTS } from '../sources.ts';

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
    const program = await startProgram(name, {
      OTEL_EXPORTER_OTLP_ENDPOINT: otlpHttp,
      ...environment,
    });
    programs.push(program);
    return program.url;
  };
  const stop = async (): Promise<void> => {
    for (const { child } of programs.reverse()) await end(child);
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

interface Program {
  readonly child: ChildProcess;
  readonly url: string;
}

/** Each program of the demo says in one line when it is ready, and where. */
async function startProgram(name: string, environment: Record<string, string>): Promise<Program> {
  const child = spawn(process.execPath, [...SOURCE_ARGUMENTS, `demo/src/${name}.ts`], {
    cwd: ROOT,
    env: { ...process.env, PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit').then(() => {
    throw new Error(`${name} ended before it was ready`);
  });
  exited.catch(() => undefined);
  for (;;) {
    const lines = once(createInterface(child.stdout), 'line') as Promise<[string]>;
    const [line] = await Promise.race([lines, exited]);
    const url = / ready at (\S+)$/.exec(line)?.[1];
    if (url !== undefined) return { child, url };
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const killed = sleep(5000, undefined, { ref: false }).then(() => child.kill('SIGKILL'));
  await Promise.race([once(child, 'exit'), killed]);
}
