import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import type { Pool } from 'pg';

/** As many as the customers order at once, so that nobody waits for a connection, which no span would show. */
const MAX_CONNECTIONS = 10;

/**
 * Connects to a database whose queries are traced: `pg` is loaded after OpenTelemetry's instrumentation of it, and both after
 * tracing has started. Queries outside of a request, such as those that create the tables, are not traced.
 */
export async function connectDatabase(serviceName: string, databaseUrl: string): Promise<Pool> {
  const instrumentation = new PgInstrumentation({
    ignoreConnectSpans: true,
    requireParentSpan: true,
  });
  instrumentation.enable();
  const { default: pg } = await import('pg');
  const pool = new pg.Pool({ connectionString: databaseUrl, max: MAX_CONNECTIONS });
  // A connection that breaks while nobody uses it is replaced; without a listener it would end the process.
  pool.on('error', (error) => console.error(`${serviceName}: database: ${error.message}`));
  return pool;
}

/** Runs statements as one, so that two processes that start together do not create the same things twice. */
export async function migrate(pool: Pool, statements: string): Promise<void> {
  await pool.query(`BEGIN; SELECT pg_advisory_xact_lock(4317); ${statements}; COMMIT;`);
}
