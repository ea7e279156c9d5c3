/**
 * The system whose spans the benchmark sends: 30 services of a shop, each with 20 span names, 3 instances and a
 * database, speaking HTTP, SQL and messages to each other, instrumented as OpenTelemetry's libraries do it.
 *
 * | what | different values |
 * |---|--:|
 * | services × span names | 30 × 20 |
 * | resources | 90 |
 * | routes, statements, code places, user agents | 240, 150, 90, 12 |
 * | `user.id` | 1,000,000 |
 * | `session.id` | 200,000 |
 * | `client.address` | 65,536 |
 * | `url.path`, `url.full`, `order.id`, `messaging.message.id` | one a span |
 * | peer ports, body sizes (whole numbers), waiting times (doubles) | one a span |
 */
import { attribute, freshDouble, freshInt, freshText } from './attributes.ts';
import type { ShopAttribute } from './attributes.ts';
import type { Random } from './random.ts';

/** Which instrumentation made a span; each is a scope. */
export const SCOPES = [
  ['@opentelemetry/instrumentation-http', '0.223.0'],
  ['@opentelemetry/instrumentation-pg', '0.76.0'],
  ['shop', '3.14.1'],
] as const;

/** The roles a span can have in a trace, with OTLP's kind and the index of its scope. */
export const ROLES = {
  server: { kind: 2, scope: 0 },
  call: { kind: 3, scope: 0 },
  query: { kind: 3, scope: 1 },
  work: { kind: 1, scope: 2 },
  message: { kind: 4, scope: 2 },
} as const;

export type Role = keyof typeof ROLES;

export interface Operation {
  readonly name: string;
  readonly role: Role;
  /** The 8 to 16 attributes of a span: of each list, one. */
  readonly attributes: readonly Choice[];
  readonly attributesWhenFailed: readonly Choice[];
}

type Choice = readonly (ShopAttribute | 'none')[];

export interface Service {
  readonly name: string;
  /** The attributes of the resource of each instance. */
  readonly resources: readonly (readonly ShopAttribute[])[];
  readonly operations: Readonly<Record<Role, readonly Operation[]>>;
}

const SERVICE_NAMES = (
  'storefront checkout cart orders payments invoices refunds users sessions profiles addresses catalog search ' +
  'recommendations reviews prices promotions inventory warehouse shipping tracking notifications email sms ' +
  'fraud tax currency media analytics loyalty'
).split(' ');

const NOUNS = 'item order user batch quote label image event rule report'.split(' ');
const METHODS = ['GET', 'GET', 'GET', 'POST', 'PUT', 'DELETE'];
const STATUS_CODES = [200, 200, 200, 200, 201, 204, 304, 404];
const USER_AGENTS = Array.from(
  { length: 12 },
  (_, i) => `Mozilla/5.0 (X11; Linux x86_64; rv:${120 + i}.0) Gecko/20100101 Firefox/${120 + i}.0`,
);

const USER_ID = freshText('user.id', { before: 'user-', cardinality: 1_000_000 });
const SESSION_ID = freshText('session.id', { before: 's-', cardinality: 200_000 });
const THREAD_ID = range(64).map((i) => attribute('thread.id', i + 1));
const STATUS_CODE = STATUS_CODES.map((code) => attribute('http.response.status_code', code));

/** All services, the same ones for the same random numbers. */
export function createShop(random: Random): readonly Service[] {
  return SERVICE_NAMES.map((name) => ({
    name: `${name}-service`,
    resources: range(3).map((instance) => createResource(name, instance, random)),
    operations: {
      server: range(8).map((i) => createServerOperation(name, i)),
      call: range(3).map((i) => createCallOperation(i, random)),
      query: range(5).map((i) => createQueryOperation(name, i)),
      work: range(3).map((i) => createWorkOperation(name, i)),
      message: [createMessageOperation(name)],
    },
  }));
}

function createResource(name: string, instance: number, random: Random): ShopAttribute[] {
  const pod = `${name}-${hex(random)}-${instance}`;
  return [
    attribute('service.name', `${name}-service`),
    attribute('service.namespace', 'shop'),
    attribute('service.version', `3.${random.integer(0, 30)}.${random.integer(0, 9)}`),
    attribute('service.instance.id', `${hex(random)}-${hex(random)}-${hex(random)}`),
    attribute('deployment.environment.name', 'production'),
    attribute('host.name', `node-${random.integer(1, 40)}.eu-central.example`),
    attribute('k8s.pod.name', pod),
    attribute('k8s.namespace.name', 'shop'),
    attribute('process.pid', random.integer(10, 400)),
    attribute('telemetry.sdk.language', 'nodejs'),
    attribute('telemetry.sdk.name', 'opentelemetry'),
    attribute('telemetry.sdk.version', '2.12.0'),
  ];
}

function createServerOperation(service: string, index: number): Operation {
  const noun = at(NOUNS, index);
  const method = at(METHODS, index);
  const route = `/api/${service}/${noun}s/:id`;
  const attributes = [
    [attribute('http.request.method', method)],
    [attribute('http.route', route)],
    [freshText('url.path', { before: `/api/${service}/${noun}s/` })],
    [attribute('url.scheme', 'https')],
    [attribute('server.address', `${service}.shop.example`)],
    [freshText('client.address', { before: '10.', cardinality: 65_536 })],
    [freshInt('http.request.body.size')],
    USER_AGENTS.map((agent) => attribute('user_agent.original', agent)),
    [USER_ID],
    [SESSION_ID],
    THREAD_ID,
  ];
  return {
    name: `${method} ${route}`,
    role: 'server',
    attributes: [...attributes, STATUS_CODE],
    attributesWhenFailed: [...attributes, [attribute('http.response.status_code', 500)]],
  };
}

function createCallOperation(index: number, random: Random): Operation {
  const method = at(METHODS, 2 + index);
  const callee = random.pick(SERVICE_NAMES);
  const attributes = [
    [attribute('http.request.method', method)],
    [freshText('url.full', { before: `https://${callee}.shop.example/api/items/` })],
    [attribute('server.address', `${callee}.shop.example`)],
    [attribute('server.port', 443)],
    range(16).map((i) => attribute('network.peer.address', `10.0.${i}.${random.integer(1, 250)}`)),
    [freshInt('network.peer.port')],
    [USER_ID],
    THREAD_ID,
  ];
  return {
    name: method,
    role: 'call',
    attributes: [...attributes, STATUS_CODE],
    attributesWhenFailed: [
      ...attributes,
      [attribute('http.response.status_code', 503)],
      [attribute('http.request.resend_count', 2)],
    ],
  };
}

function createQueryOperation(service: string, index: number): Operation {
  const table = `${service}_${at(NOUNS, index)}s`;
  const [verb, statement] = at(statementsFor(table), index);
  const attributes: readonly Choice[] = [
    [attribute('db.system.name', 'postgresql')],
    [attribute('db.namespace', `${service}|public`)],
    [attribute('db.operation.name', verb)],
    [attribute('db.query.text', statement)],
    [attribute('server.address', `${service}-db.shop.example`)],
    [attribute('server.port', 5432)],
    range(50).map((rows) => attribute('db.response.returned_rows', rows)),
    [freshDouble('db.client.connection.wait_time')],
    [USER_ID, 'none', 'none'],
  ];
  return {
    name: `${verb} ${service}`,
    role: 'query',
    attributes,
    attributesWhenFailed: attributes,
  };
}

function statementsFor(table: string): readonly (readonly [string, string])[] {
  return [
    ['SELECT', `SELECT id, state, total, updated_at FROM ${table} WHERE id = $1 AND tenant = $2`],
    ['SELECT', `SELECT id, name FROM ${table} WHERE owner = $1 ORDER BY created_at DESC LIMIT 20`],
    ['INSERT', `INSERT INTO ${table} (id, owner, state, total) VALUES ($1, $2, $3, $4)`],
    ['UPDATE', `UPDATE ${table} SET state = $2, updated_at = now() WHERE id = $1`],
    ['DELETE', `DELETE FROM ${table} WHERE id = $1 AND state = 'cancelled'`],
  ];
}

function createWorkOperation(service: string, index: number): Operation {
  const name = `${at(['validate', 'compute', 'render'], index)}-${at(NOUNS, service.length + index)}`;
  const attributes = [
    [attribute('code.function.name', `${service}.${name}`)],
    [attribute('code.file.path', `/app/services/${service}/src/${name}.ts`)],
    [attribute('code.line.number', 20 + 31 * index)],
    THREAD_ID,
    [freshText('order.id', { before: 'order-' })],
    range(30).map((i) => attribute('cart.items', i + 1)),
    ['EUR', 'USD', 'GBP', 'JPY', 'CHF'].map((code) => attribute('cart.currency', code)),
    [true, true, true, false].map((hit) => attribute('cache.hit', hit)),
    [freshDouble('queue.wait_ms')],
    [USER_ID],
    ['control', 'fast-path', 'new-prices'].map((name) => attribute('feature_flag.variant', name)),
  ];
  return { name, role: 'work', attributes, attributesWhenFailed: attributes };
}

function createMessageOperation(service: string): Operation {
  const attributes = [
    [attribute('messaging.system', 'kafka')],
    [attribute('messaging.destination.name', `${service}-events`)],
    [attribute('messaging.operation.name', 'publish')],
    [freshText('messaging.message.id', { before: 'm-' })],
    [freshText('messaging.kafka.message.key', { before: 'order-' })],
    range(24).map((i) => attribute('messaging.destination.partition.id', String(i))),
    [freshInt('messaging.kafka.offset')],
    [freshInt('messaging.message.body.size')],
    range(6).map((i) => attribute('server.address', `kafka-${i}.shop.example`)),
    [attribute('server.port', 9092)],
    [USER_ID],
    THREAD_ID,
  ];
  return {
    name: `${service}-events publish`,
    role: 'message',
    attributes,
    attributesWhenFailed: attributes,
  };
}

function hex(random: Random): string {
  return random
    .integer(0, 2 ** 32 - 1)
    .toString(16)
    .padStart(8, '0');
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}

/** The value at `index`, beginning again after the last. */
function at<Value>(values: readonly Value[], index: number): Value {
  const value = values[index % values.length];
  if (value === undefined) throw new Error('the list is empty');
  return value;
}
