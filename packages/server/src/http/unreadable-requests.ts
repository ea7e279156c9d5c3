/** What a server answers where it cannot even read a request: the API's error, as elsewhere. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ErrorResponse } from '@clew/api';

export interface UnreadableRequests {
  /** Told of every request that could be read. */
  readonly note: (request: IncomingMessage, response: ServerResponse) => void;
  /** Listens to the server's `clientError`. */
  readonly answer: (error: Error & { readonly code?: string }, socket: Duplex) => void;
}

/** How long a client may take to read the answer before its connection is broken off. */
const GRACE_MS = 2000;

/** `maxHeaderBytes` is what the server was told; the answer names it. */
export function createUnreadableRequests({
  maxHeaderBytes,
}: {
  readonly maxHeaderBytes: number;
}): UnreadableRequests {
  /** The last answer of each connection. */
  const answers = new WeakMap<Duplex, ServerResponse>();
  return {
    note: ({ socket }, response) => {
      answers.set(socket, response);
    },
    answer: ({ code = '' }, socket) => {
      // What is still on its way comes here as well, and the client must not lose its answer over it.
      if (socket.writableEnded) return;
      const isFree = answers.get(socket)?.writableFinished !== false;
      if (!socket.writable || !isFree || code === 'ECONNRESET') {
        socket.destroy();
        return;
      }
      socket.end(formatAnswer(failureOf(code, maxHeaderBytes)));
      setTimeout(() => socket.destroy(), GRACE_MS).unref();
    },
  };
}

interface Failure {
  readonly status: string;
  readonly body: ErrorResponse;
}

/** `code` is Node's, of an error while a request was read. */
function failureOf(code: string, maxHeaderBytes: number): Failure {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW': {
      const message = `the request line and the headers exceed ${maxHeaderBytes} bytes`;
      return {
        status: '431 Request Header Fields Too Large',
        body: { error: { code: 'resource_exhausted', message } },
      };
    }
    case 'ERR_HTTP_REQUEST_TIMEOUT': {
      const message = 'the request took too long to arrive';
      return {
        status: '408 Request Timeout',
        body: { error: { code: 'deadline_exceeded', message } },
      };
    }
    default: {
      const message = 'the request is not HTTP';
      return { status: '400 Bad Request', body: { error: { code: 'invalid_argument', message } } };
    }
  }
}

function formatAnswer({ status, body }: Failure): string {
  const text = `${JSON.stringify(body)}\n`;
  const head = [
    `HTTP/1.1 ${status}`,
    'connection: close',
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(text)}`,
  ];
  return `${head.join('\r\n')}\r\n\r\n${text}`;
}
