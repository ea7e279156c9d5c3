import { once } from 'node:events';
import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono } from 'hono';
import type { HttpHandler } from '../receiver/http/receiver.ts';

/**
 * Takes spans over OTLP/HTTP on the UI's port, so that one address is enough for commands and for pages that the UI's
 * own server delivers. The receiver reads the request itself, as it does on its own port.
 */
export function createOtlpRoute(path: string, receive: HttpHandler): Hono {
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.post(path, async ({ env: { incoming, outgoing } }) => {
    const closed = outgoing.closed ? undefined : once(outgoing, 'close');
    await receive(incoming, outgoing);
    await closed;
    return RESPONSE_ALREADY_SENT;
  });
  return app as unknown as Hono;
}
