import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import { createHttpListener } from '../receiver/http-listener.ts';
import type { Listener } from '../receiver/listener.ts';

const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
const IDLE_TIMEOUT_MS = 65_000;

/** Lets an app listen. A request whose client goes away has its `signal` aborted. */
export function createAppListener(app: Hono): Listener {
  const handle = getRequestListener(app.fetch);
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: IDLE_TIMEOUT_MS,
    },
    (request, response) => {
      void handle(request, response);
    },
  );
  return createHttpListener(server);
}
