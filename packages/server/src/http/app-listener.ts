import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import type { HttpHandler } from '../receiver/http/receiver.ts';
import { createHttpListener } from '../receiver/http-listener.ts';
import type { Listener } from '../receiver/listener.ts';
import { createUnreadableRequests } from './unreadable-requests.ts';

const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
const IDLE_TIMEOUT_MS = 65_000;
/** A query of 128 KiB of which every byte takes three characters of the URL, and room for what else there is. */
const MAX_HEADER_BYTES = (3 * 128 + 64) * 1024;

/** Lets an app listen. */
export function createAppListener(app: Hono): Listener {
  return createHttpListener(createAppServer(app));
}

/** Answers with an app. A request whose client goes away has its `signal` aborted. */
export function createAppServer(app: Hono): Server {
  const handle = getRequestListener(app.fetch);
  const unreadable = createUnreadableRequests({ maxHeaderBytes: MAX_HEADER_BYTES });
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: IDLE_TIMEOUT_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
    },
    (request, response) => {
      unreadable.note(request, response);
      void handle(request, response);
    },
  );
  server.on('clientError', unreadable.answer);
  return server;
}

/** Lets an app answer requests that came in at another listener. */
export function createAppHandler(app: Hono): HttpHandler {
  const handle = getRequestListener(app.fetch);
  return async (request, response) => {
    await handle(request, response);
  };
}
