import { once } from 'node:events';
import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono } from 'hono';
import type { MiddlewareHandler } from 'hono';
import type { HttpHandler } from '../receiver/http/receiver.ts';

export interface OtlpRouteOptions {
  /** Takes the request of whoever gets this far. */
  readonly receive: HttpHandler;
  /** Whether pages of an origin may send spans, as on the receivers' own ports. */
  readonly isAllowedOrigin: (origin: string) => boolean;
  /** What everybody else has to pass. */
  readonly guard: MiddlewareHandler;
}

/**
 * Takes spans over OTLP/HTTP on the UI's port, so that one address is enough for commands and for pages that the UI's
 * own server delivers. The receiver reads the request itself, as it does on its own port.
 */
export function createOtlpRoute(
  path: string,
  { receive, isAllowedOrigin, guard }: OtlpRouteOptions,
): Hono {
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.use(path, (context, next) => {
    const origin = context.req.header('origin');
    if (origin !== undefined && isAllowedOrigin(origin)) return next();
    // A page that is not told that it may send does not.
    if (context.req.method === 'OPTIONS')
      return Promise.resolve(context.body(null, 204, { vary: 'Origin' }));
    return guard(context, next);
  });
  app.on(['OPTIONS', 'POST'], path, async ({ env: { incoming, outgoing } }) => {
    const closed = outgoing.closed ? undefined : once(outgoing, 'close');
    await receive(incoming, outgoing);
    await closed;
    return RESPONSE_ALREADY_SENT;
  });
  return app as unknown as Hono;
}
