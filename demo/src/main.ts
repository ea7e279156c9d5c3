/** `npm run demo`: Clew, the databases, the two services of the shop and their customers, until Ctrl-C. */
import { ChildProcesses, programArguments } from './child-processes.ts';
import { findClew } from './clew.ts';
import type { ClewAddresses } from './clew.ts';
import { DEMO_HELP, parseDemoOptions } from './demo-options.ts';
import type { DemoOptions } from './demo-options.ts';

async function main(): Promise<number> {
  let options: DemoOptions | undefined;
  try {
    options = parseDemoOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`demo: ${describe(error)}`);
    return 2;
  }
  if (options === undefined) {
    console.log(DEMO_HELP);
    return 0;
  }
  const end = new Ending();
  const processes = new ChildProcesses((message) => end.fail(message));
  try {
    return await Promise.race([run(options, processes, end), end.code]);
  } catch (error) {
    console.error(`demo: ${describe(error)}`);
    return 1;
  } finally {
    await processes.stop();
  }
}

/** Why and with which exit code the demo ends, when something other than its own work ends it. */
class Ending {
  readonly code: Promise<number>;
  #resolve: (code: number) => void = () => undefined;

  constructor() {
    this.code = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        console.log('\nStopping everything …');
        this.#resolve(0);
      });
    }
  }

  fail(message: string): void {
    console.error(`demo: ${message}; stopping everything`);
    this.#resolve(1);
  }
}

async function run(options: DemoOptions, processes: ChildProcesses, end: Ending): Promise<number> {
  const clew = await findClew(options, processes);
  const shop = await startShop(clew, processes);
  if (options.once) {
    const traceId = await sendOneOrder(shop.orderServiceUrl);
    // Stopping the services sends what they still hold, so the trace is complete when its id is printed.
    await shop.stop();
    console.log(traceId);
    if (clew.isOurs) console.log(`npm start, then http://localhost:16686/trace/${traceId}`);
    else if (clew.uiUrl !== undefined) console.log(`${clew.uiUrl}/trace/${traceId}`);
    return 0;
  }
  await processes.start({
    name: 'traffic',
    args: programArguments('traffic.ts'),
    env: {
      ORDER_SERVICE_URL: shop.orderServiceUrl,
      RATE: String(options.rate),
      SEED: String(options.seed),
    },
    ready: READY,
  });
  console.log(describeDemo(clew, shop.orderServiceUrl, options.rate));
  return end.code;
}

/** How the programs beside this one say that they are ready. */
const READY = /^[\w-]+ ready at (\S+)$/;

interface Shop {
  readonly orderServiceUrl: string;
  stop(): Promise<void>;
}

async function startShop(clew: ClewAddresses, processes: ChildProcesses): Promise<Shop> {
  const tracing = { OTEL_EXPORTER_OTLP_ENDPOINT: clew.otlpEndpoint };
  const databaseUrl = process.env['DATABASE_URL'] || (await startDatabase(processes));
  const [, userServiceUrl = ''] = await processes.start({
    name: 'user-service',
    args: programArguments('user-service.ts'),
    env: { ...tracing, DATABASE_URL: databaseUrl, PORT: '0' },
    ready: READY,
  });
  const [, orderServiceUrl = ''] = await processes.start({
    name: 'order-service',
    args: programArguments('order-service.ts'),
    env: {
      ...tracing,
      DATABASE_URL: databaseUrl,
      PORT: '0',
      USER_SERVICE_URL: userServiceUrl,
    },
    ready: READY,
  });
  return {
    orderServiceUrl,
    stop: async () => {
      await processes.stopOne('order-service');
      await processes.stopOne('user-service');
    },
  };
}

async function startDatabase(processes: ChildProcesses): Promise<string> {
  console.log('Starting a PostgreSQL (PGlite); the first time takes some seconds …');
  const [, url = ''] = await processes.start({
    name: 'database',
    args: programArguments('database.ts'),
    env: { PORT: '0' },
    ready: READY,
  });
  return url;
}

async function sendOneOrder(orderServiceUrl: string): Promise<string> {
  const response = await fetch(`${orderServiceUrl}/orders`, {
    method: 'POST',
    body: JSON.stringify({ userId: 1, item: 'tea', quantity: 2 }),
  });
  const text = await response.text();
  if (response.status === 201) return response.headers.get('x-trace-id') ?? '';
  throw new Error(`the order-service answered ${response.status}: ${text.trim()}`);
}

function describeDemo(clew: ClewAddresses, orderServiceUrl: string, rate: number): string {
  const where =
    clew.uiUrl === undefined
      ? `Spans go to ${clew.otlpEndpoint}.`
      : `Open ${clew.uiUrl}/search?service=order-service`;
  return `
The shop is open: ${rate} orders a second. ${where}

  Pick any trace: create-order in the order-service calls the user-service, whose
  get-user reads its database; then the order is inserted. Some are worth finding:
    slow        every tenth or so takes longer than half a second. Which SQL is it?
    error       a user who does not exist, an order of nothing, and an order so
                large that the database refuses it. Who said no?

  Place one yourself; the answer's x-trace-id header is its trace:
    curl -i ${orderServiceUrl}/orders -d '{"userId": 7, "item": "tea", "quantity": 2}'

Ctrl-C stops everything.
`;
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

process.exit(await main());
