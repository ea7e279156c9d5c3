import { Hono } from 'hono';
import type { ServerMetrics } from '../telemetry/metrics.ts';

/** Serves Clew's own metrics to Prometheus at `/metrics`. */
export function createMetricsApp(metrics: ServerMetrics): Hono {
  const app = new Hono();
  app.get('/metrics', async (context) =>
    context.body(await metrics.format(), 200, { 'content-type': metrics.contentType }),
  );
  return app;
}
