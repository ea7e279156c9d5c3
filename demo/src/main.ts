/** `npm run demo`: Clew, the databases, the services of the shop and their customers, until Ctrl-C. */
import { ChildProcesses, programArguments } from './child-processes.ts';
import { findClew } from './clew.ts';
import type { ClewAddresses } from './clew.ts';
import { parseDemoOptions } from './demo-options.ts';
import type { DemoOptions } from './demo-options.ts';
import { FAULTS } from './faults.ts';
import { READY, startShop } from './shop.ts';
import type { Shop } from './shop.ts';
import { whereToLook } from './where-to-look.ts';

async function main(): Promise<number> {
  let options: DemoOptions | string;
  try {
    options = parseDemoOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`demo: ${describe(error)}`);
    return 2;
  }
  if (typeof options === 'string') {
    console.log(options);
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
  const { faults, userServiceLanguage } = options;
  const shop = await startShop(
    { otlpEndpoint: clew.otlpEndpoint, faults, userServiceLanguage },
    processes,
  );
  if (options.once) {
    if (faults.has('bad-version')) await shop.deployBadVersion();
    const traceId = await sendOneOrder(shop.orderServiceUrl);
    // Stopping the services sends what they still hold, so the trace is complete when its id is printed.
    await shop.stop();
    console.log(traceId);
    const place = whereToLook(clew, options.serveArguments, traceId);
    if (place !== undefined) console.log(place);
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
  console.log(describeDemo(clew, shop, options));
  if (faults.has('bad-version')) {
    setTimeout(() => {
      shop.deployBadVersion().then(
        () => console.log('Version 1.5.0 of the payment-service is out, on one instance of three.'),
        (error: unknown) => end.fail(`version 1.5.0 could not be deployed: ${describe(error)}`),
      );
    }, DEPLOY_AFTER_MS);
  }
  return end.code;
}

/** Long enough for the dashboards to know what is usual. */
const DEPLOY_AFTER_MS = 30_000;

async function sendOneOrder(orderServiceUrl: string): Promise<string> {
  const response = await fetch(`${orderServiceUrl}/orders`, {
    method: 'POST',
    body: JSON.stringify({ userId: 1, item: 'tea', quantity: 2 }),
  });
  const text = await response.text();
  if (response.status === 201) return response.headers.get('x-trace-id') ?? '';
  throw new Error(`the order-service answered ${response.status}: ${text.trim()}`);
}

function describeDemo(
  clew: ClewAddresses,
  { orderServiceUrl }: Shop,
  { rate, faults }: DemoOptions,
): string {
  const where =
    clew.uiUrl === undefined
      ? `Spans go to ${clew.otlpEndpoint}.`
      : `Open ${clew.uiUrl}/search?service=order-service`;
  return `
The shop is open: ${rate} orders a second. ${where}
${faults.size === 0 ? USUAL_PROBLEMS : describeFaults(faults)}
  Place an order yourself; the answer's x-trace-id header is its trace:
    curl -i ${orderServiceUrl}/orders -d '{"userId": 7, "item": "tea", "quantity": 2}'

Ctrl-C stops everything.
`;
}

const USUAL_PROBLEMS = `
  Pick any trace: create-order asks the user-service, sets the goods aside, has
  the payment-service charge the card, and sends a message, from which the
  shipping-service packs a parcel later. Some are worth finding:
    slow        every tenth or so takes longer than half a second. Which SQL is it?
    error       a user who does not exist, a card that has expired, an order of
                nothing, and one so large that the database refuses it. Who said no?
  For harder questions: --fault list
`;

function describeFaults(faults: DemoOptions['faults']): string {
  const lines = [...faults].map((name) => `  ${name}: ${FAULTS[name]}\n`);
  return `\nOn purpose, with these faults (demo/README.md says what to look for):\n${lines.join('')}`;
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

process.exit(await main());
