import http from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setHttpRoute } from '@clew/sdk';

/** What a request is answered with. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** By their names in lower case. */
export type RequestHeaders = http.IncomingHttpHeaders;

/** One thing that a service does. */
export interface Endpoint {
  readonly method: string;
  /** For people and traces: `/users/:id`. */
  readonly route: string;
  /** Its groups are handed to `answer`. */
  readonly pattern: RegExp;
  answer(parameters: readonly string[], body: string, headers: RequestHeaders): Promise<Answer>;
}

/** A request that fails, and why, with the status that says whose fault it is. */
export class RequestError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'RequestError';
    this.status = status;
  }
}

export interface RunningService {
  /** `http://127.0.0.1:8080`, as it was bound. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Reads a JSON object, whatever is in it. A `RequestError` says that it is none. */
export function parseObject(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw Object.assign(new RequestError(400, 'the request is not JSON'), { cause });
  }
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

const MAX_BODY_CHARACTERS = 100_000;

/** Serves JSON on 127.0.0.1 until `stop`. */
export async function serveJson(
  port: number,
  endpoints: readonly Endpoint[],
): Promise<RunningService> {
  const server = http.createServer((request, response) => {
    void respond(request, response, endpoints);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      await closed;
    },
  };
}

async function respond(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  endpoints: readonly Endpoint[],
): Promise<void> {
  const { status, body, headers } = await answerRequest(request, endpoints);
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(`${JSON.stringify(body)}\n`);
}

async function answerRequest(
  request: http.IncomingMessage,
  endpoints: readonly Endpoint[],
): Promise<Answer> {
  try {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    for (const endpoint of endpoints) {
      const match = request.method === endpoint.method ? endpoint.pattern.exec(path) : null;
      if (match === null) continue;
      setHttpRoute(endpoint.route);
      return await endpoint.answer(match.slice(1), await readBody(request), request.headers);
    }
    return { status: 404, body: { error: 'no such thing here' } };
  } catch (error) {
    if (error instanceof RequestError) {
      return { status: error.status, body: { error: error.message } };
    }
    return { status: 500, body: { error: 'something went wrong' } };
  }
}

async function readBody(request: http.IncomingMessage): Promise<string> {
  request.setEncoding('utf8');
  let text = '';
  for await (const chunk of request as AsyncIterable<string>) {
    text += chunk;
    if (text.length > MAX_BODY_CHARACTERS) throw new RequestError(413, 'the request is too large');
  }
  return text;
}
