import { init } from '@clew/sdk';
import type { Clew } from '@clew/sdk';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import type { Pool } from 'pg';

/** What a service is started with. */
export interface ServiceOptions {
  /** 0 picks a free one. */
  readonly port: number;
  readonly databaseUrl: string;
  /** Where the spans go; `OTEL_EXPORTER_OTLP_ENDPOINT`, or http://localhost:4318, when it is not given. */
  readonly otlpEndpoint?: string | undefined;
}

/** Tracing, and a database whose queries are traced. */
export interface TracedDatabase {
  readonly clew: Clew;
  readonly pool: Pool;
}

/**
 * Starts tracing, then connects. The order matters: `pg` is loaded after OpenTelemetry's instrumentation of it, which is
 * how its queries become spans. Queries outside of a request, such as those that create the tables, are not traced.
 */
export async function startTracing(
  serviceName: string,
  { databaseUrl, otlpEndpoint }: ServiceOptions,
): Promise<TracedDatabase> {
  const clew = init({
    serviceName,
    ...(otlpEndpoint === undefined ? {} : { endpoint: otlpEndpoint }),
    resourceAttributes: { 'service.namespace': 'shop', 'service.version': '1.4.2' },
  });
  const instrumentation = new PgInstrumentation({
    ignoreConnectSpans: true,
    requireParentSpan: true,
  });
  instrumentation.enable();
  const { default: pg } = await import('pg');
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 5 });
  // A connection that breaks while nobody uses it is replaced; without a listener it would end the process.
  pool.on('error', (error) => console.error(`${serviceName}: database: ${error.message}`));
  return { clew, pool };
}

/** Runs statements as one, so that two processes that start together do not create the same things twice. */
export async function migrate(pool: Pool, statements: string): Promise<void> {
  await pool.query(`BEGIN; SELECT pg_advisory_xact_lock(4317); ${statements}; COMMIT;`);
}
