/**
 * The user-service: `GET /users/:id` reads one user from its database. It is traced in OpenTracing's idiom: contexts are
 * taken and handed on explicitly.
 *
 * The folders `go`, `python` and `java` have the same service in those languages.
 *
 * As a program: PORT, DATABASE_URL, FAULTS, OTEL_EXPORTER_OTLP_ENDPOINT.
 */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { activeContext, runInContext, startSpanFromContext } from '@clew/sdk';
import type { Pool } from 'pg';
import { readFaults } from '../faults.ts';
import { isProgram, readPort, readRequired, runService } from '../run-service.ts';
import { connectDatabase, migrate } from './connect-database.ts';
import { RequestError, serveJson } from './http-service.ts';
import type { Answer, RunningService } from './http-service.ts';
import { startTracing } from './start-tracing.ts';
import type { ServiceOptions } from './start-tracing.ts';

/** A user as the other services see one. */
interface User {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly plan: 'personal' | 'business';
  /** Only of business users. */
  readonly creditLimitCents?: number;
}

export interface UserServiceOptions extends ServiceOptions {
  readonly databaseUrl: string;
}

/** A thousand users, of whom every tenth has a business; and a function that is as slow as such functions are. */
const SCHEMA = new URL('../../user-service.sql', import.meta.url);

/** With the fault `slow-instance` this is the slow one. */
const SLOW_INSTANCE_MS = 400;

/** Starts the service in this process. */
export async function startUserService(options: UserServiceOptions): Promise<RunningService> {
  const clew = startTracing('user-service', options);
  const pool = await connectDatabase('user-service', options.databaseUrl);
  await migrate(pool, await readFile(SCHEMA, 'utf8'));
  const delayMs = options.faults.has('slow-instance') ? SLOW_INSTANCE_MS : 0;
  const service = await serveJson(options.port, [
    {
      method: 'GET',
      route: '/users/:id',
      pattern: /^\/users\/([^/]+)$/,
      answer: ([id = '']) => getUser(pool, id, delayMs),
    },
  ]);
  return {
    url: service.url,
    stop: async () => {
      await service.stop();
      await pool.end();
      await clew.shutdown();
    },
  };
}

type Context = ReturnType<typeof activeContext>;

async function getUser(pool: Pool, idText: string, delayMs: number): Promise<Answer> {
  const { span, ctx } = startSpanFromContext(activeContext(), 'get-user');
  try {
    if (delayMs > 0) await sleep(delayMs);
    const id = parseId(idText);
    span.setAttribute('user.id', id);
    const user = await readUser(ctx, pool, id);
    if (user === undefined) throw new RequestError(404, `user ${id} does not exist`);
    span.setAttribute('user.plan', user.plan);
    return { status: 200, body: user };
  } catch (error) {
    // That somebody asks for a user who is not there is no failure of this service.
    if (error instanceof RequestError) span.addEvent('not-found', { 'user.id': idText });
    else span.recordException(error instanceof Error ? error : String(error));
    throw error;
  } finally {
    span.finish();
  }
}

async function readUser(ctx: Context, pool: Pool, id: number): Promise<User | undefined> {
  const { rows } = await runInContext(ctx, () => pool.query<User>(SELECT_USER, [id]));
  const user = rows[0];
  if (user?.plan !== 'business') return user;
  const limits = await runInContext(ctx, () =>
    pool.query<{ creditLimitCents: number }>(SELECT_CREDIT_LIMIT, [id]),
  );
  return { ...user, ...limits.rows[0] };
}

function parseId(text: string): number {
  const id = Number(text);
  if (Number.isInteger(id) && id > 0 && id <= 2 ** 31 - 1) return id;
  throw new RequestError(404, `user ${text} does not exist`);
}

const SELECT_USER = 'SELECT id, name, email, plan FROM user_service.users WHERE id = $1';
const SELECT_CREDIT_LIMIT = 'SELECT user_service.credit_limit_cents($1) AS "creditLimitCents"';

if (isProgram(import.meta.url)) {
  await runService('user-service', () =>
    startUserService({
      port: readPort(process.env['PORT']),
      databaseUrl: readRequired('DATABASE_URL'),
      faults: readFaults(),
      otlpEndpoint: process.env['OTEL_EXPORTER_OTLP_ENDPOINT'],
    }),
  );
}
