import type { Server } from 'node:http';
import { listen } from './listen.ts';
import type { Listener } from './listener.ts';

/** How often connections that have become idle are looked for while a server closes. */
const IDLE_CHECK_MS = 20;

/** Lets a `node:http` server listen, and drains it. */
export function createHttpListener(server: Server): Listener {
  return {
    listen: (address) => listen(server, address),
    close: (graceMs) => close(server, graceMs),
  };
}

async function close(server: Server, graceMs: number): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  // `close` ends the connections that are idle now; one whose last answer is still to come would stay open.
  const idleCheck = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
  const breakOff = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearInterval(idleCheck);
  clearTimeout(breakOff);
}
