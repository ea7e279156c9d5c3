import type { Http2Server, ServerHttp2Session } from 'node:http2';
import { listen } from '../listen.ts';
import type { Listener } from '../listener.ts';

/** Lets a `node:http2` server listen, and drains it. */
export function createHttp2Listener(server: Http2Server): Listener {
  const sessions = new Set<ServerHttp2Session>();
  server.on('session', (session: ServerHttp2Session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
  });
  return {
    listen: (address) => listen(server, address),
    close: (graceMs) => close(server, sessions, graceMs),
  };
}

async function close(
  server: Http2Server,
  sessions: ReadonlySet<ServerHttp2Session>,
  graceMs: number,
): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  // Sends GOAWAY: calls in flight are answered, and the sender opens its next one elsewhere.
  for (const session of sessions) session.close();
  const breakOff = setTimeout(() => {
    for (const session of sessions) session.destroy();
  }, graceMs);
  await closed;
  clearTimeout(breakOff);
}
