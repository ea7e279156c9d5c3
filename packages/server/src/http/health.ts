import { Hono } from 'hono';

/** Where the server is in its life. */
export type Readiness = 'starting' | 'ready' | 'draining';

/**
 * `/live` says that the process answers, `/ready` (also `/` and `/status`) whether it takes spans: 503 until it does, and
 * again from the moment it begins to drain, so that a load balancer turns away first.
 */
export function createHealthApp(readReadiness: () => Readiness): Hono {
  const app = new Hono();
  app.get('/live', (context) => context.json({ status: 'live' }));
  for (const path of ['/', '/status', '/ready']) {
    app.get(path, (context) => {
      const status = readReadiness();
      return context.json({ status }, status === 'ready' ? 200 : 503);
    });
  }
  return app;
}
