/**
 * One port for HTTP/1.1 and for HTTP/2 without encryption: a connection whose first bytes are HTTP/2's preface goes to the one
 * server, every other to the other (RFC 9113, section 3.4: clients with prior knowledge send the preface first).
 */
import type { Server as HttpServer } from 'node:http';
import type { Http2Server, ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import { createHttpListener } from './http-listener.ts';
import type { Listener } from './listener.ts';

export interface SharedPortOptions {
  readonly http: HttpServer;
  readonly http2: Http2Server;
}

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
/** For who connects and says nothing. */
const FIRST_BYTES_TIMEOUT_MS = 10_000;

/** The server of HTTP/1.1 listens, with all its limits; the other is given connections. */
export function createSharedPortListener({ http, http2 }: SharedPortOptions): Listener {
  const sessions = new Set<ServerHttp2Session>();
  http2.on('session', (session: ServerHttp2Session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
  });
  const serveHttp = http.listeners('connection');
  http.removeAllListeners('connection');
  http.on('connection', (socket: Socket) => {
    hand(socket, (isHttp2) => {
      if (isHttp2) http2.emit('connection', socket);
      else for (const serve of serveHttp) serve.call(http, socket);
    });
  });
  const listener = createHttpListener(http);
  return {
    listen: (address) => listener.listen(address),
    close: async (graceMs) => {
      // Sends GOAWAY: calls in flight are answered.
      for (const session of sessions) session.close();
      const breakOff = setTimeout(() => {
        for (const session of sessions) session.destroy();
      }, graceMs);
      await listener.close(graceMs);
      clearTimeout(breakOff);
    },
  };
}

/** Tells whose a connection is, with its first bytes as if they had never been read. */
function hand(socket: Socket, give: (isHttp2: boolean) => void): void {
  const giveUp = (): void => void socket.destroy();
  let first: Buffer = Buffer.alloc(0);
  const look = (): void => {
    const chunk = socket.read() as Buffer | null;
    if (chunk === null) return;
    first = Buffer.concat([first, chunk]);
    const compared = Math.min(first.length, PREFACE.length);
    const isHttp2 = first.subarray(0, compared).equals(PREFACE.subarray(0, compared));
    if (isHttp2 && compared < PREFACE.length) return;
    socket.off('readable', look).off('error', giveUp).off('timeout', giveUp).off('end', giveUp);
    socket.setTimeout(0);
    socket.unshift(first);
    give(isHttp2);
    // Whoever listened for `readable` had it paused.
    if (!isHttp2) socket.resume();
  };
  socket.setTimeout(FIRST_BYTES_TIMEOUT_MS);
  socket.on('readable', look).on('error', giveUp).on('timeout', giveUp).on('end', giveUp);
}
