import { programArguments } from './child-processes.ts';
import type { ChildProcesses } from './child-processes.ts';
import type { FaultName } from './faults.ts';
import { buildUserService } from './user-service-language.ts';
import type { Program, UserServiceLanguage } from './user-service-language.ts';

export interface ShopOptions {
  readonly otlpEndpoint: string;
  readonly faults?: ReadonlySet<FaultName>;
  readonly userServiceLanguage?: UserServiceLanguage;
}

/** The shop as it runs in the demo: each instance of each service in a process of its own. */
export interface Shop {
  readonly orderServiceUrl: string;
  /** Replaces an instance of the payment-service by one of a new version, which has a bug. */
  deployBadVersion(): Promise<void>;
  /** Stops the services and sends what they still hold; the database goes on. */
  stop(): Promise<void>;
}

/** How the programs of the demo say that they are ready. */
export const READY = /^[\w-]+ ready at (\S+)$/;

const NO_FAULTS: ReadonlySet<FaultName> = new Set();

/** Starts the services among `processes`, over the PostgreSQL of `DATABASE_URL` or one that comes along. */
export async function startShop(
  { otlpEndpoint, faults = NO_FAULTS, userServiceLanguage = 'node' }: ShopOptions,
  processes: ChildProcesses,
): Promise<Shop> {
  const userServiceProgram = await buildUserService(userServiceLanguage);
  const givenDatabaseUrl = process.env['DATABASE_URL'];
  const databaseUrl = givenDatabaseUrl || (await startDatabase(processes));
  const started: string[] = [];
  const start = async ({ service, instance, program, faults, env }: Instance): Promise<string> => {
    const name = `${service}-${instance}`;
    started.push(name);
    const [, url = ''] = await processes.start({
      name,
      ...(program ?? { args: programArguments(`services/${service}.ts`) }),
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint,
        OTEL_RESOURCE_ATTRIBUTES: `service.namespace=shop,service.version=1.4.2,service.instance.id=${name}`,
        DATABASE_URL: databaseUrl,
        PORT: '0',
        FAULTS: [...faults].join(','),
        ...env,
      },
      ready: READY,
    });
    return url;
  };
  const startAll = (count: number, instance: (number: number) => Instance): Promise<string[]> =>
    Promise.all(Array.from({ length: count }, (_, index) => start(instance(index + 1))));

  const [[brokerUrl = ''], userServiceUrls, paymentServiceUrls] = await Promise.all([
    startAll(1, (instance) => ({ service: 'shipping-service', instance, faults: NO_FAULTS })),
    startAll(faults.has('slow-instance') ? 3 : 1, (instance) => ({
      service: 'user-service',
      instance,
      program: userServiceProgram,
      faults: instance === 1 ? pick(faults, 'slow-instance') : NO_FAULTS,
    })),
    startAll(faults.has('bad-version') ? 3 : 1, (instance) => ({
      service: 'payment-service',
      instance,
      faults: pick(faults, 'failing-dependency'),
    })),
  ]);
  const orderServiceUrl = await start({
    service: 'order-service',
    instance: 1,
    faults,
    env: {
      USER_SERVICE_URL: userServiceUrls.join(','),
      PAYMENT_SERVICE_URL: paymentServiceUrls.join(','),
      BROKER_URL: brokerUrl,
      LOCKS_IN_DATABASE: String(Boolean(givenDatabaseUrl)),
    },
  });
  return {
    orderServiceUrl,
    deployBadVersion: async () => {
      const url = await start({
        service: 'payment-service',
        instance: 4,
        faults: pick(faults, 'failing-dependency', 'bad-version'),
      });
      processes.send('order-service-1', {
        paymentServiceUrls: [url, ...paymentServiceUrls.slice(0, 2)],
      });
      await processes.stopOne('payment-service-3');
    },
    stop: async () => {
      // The one that calls first, and last those that are called.
      for (const name of started.reverse()) await processes.stopOne(name);
    },
  };
}

interface Instance {
  readonly service: string;
  /** Counted from 1. */
  readonly instance: number;
  /** What it is written in, if not in the language of the others. */
  readonly program?: Program;
  readonly faults: ReadonlySet<FaultName>;
  readonly env?: Readonly<Record<string, string>>;
}

function pick(
  faults: ReadonlySet<FaultName>,
  ...names: readonly FaultName[]
): ReadonlySet<FaultName> {
  return new Set(names.filter((name) => faults.has(name)));
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
