/**
 * What all receivers over HTTP share: bodies with limits, compression, web origins, routing, metrics and failures. A
 * protocol is then a table of routes, and how it writes a failure:
 *
 *     export function createExampleReceiver({ sink, ...parts }: ExampleOptions): Listener {
 *       const handle: HttpRoute['handle'] = async (body) => {
 *         await exportTraces(body, { sink, receiver: 'example', decode: decodeExample });
 *         return { status: 202 };
 *       };
 *       return createHttpReceiver({
 *         ...parts,
 *         receiver: 'example',
 *         routes: [{ path: '/api/v2/spans', contentTypes: ['application/json', ''], handle }],
 *         encodeFailure: encodeTextFailure,
 *       });
 *     }
 *
 * where `ExampleOptions extends HttpReceiverParts` and adds the sink. A handler gets the whole body, decompressed, and
 * throws what the decoder and the sink throw: the failure is mapped to a status, counted and written here. Everything
 * works on `node:http` itself; a framework would copy every body once more.
 */
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { PermissionError, shorten } from '@clew/model';
import type { Logger } from '../../telemetry/log.ts';
import type { RequestOutcome, ServerMetrics } from '../../telemetry/metrics.ts';
import { BudgetShare } from '../byte-budget.ts';
import type { ByteBudget } from '../byte-budget.ts';
import { OUTCOMES, toFailure } from '../failure.ts';
import type { Failure } from '../failure.ts';
import { createHttpListener } from '../http-listener.ts';
import type { Listener } from '../listener.ts';
import { HTTP_STATUSES, retryAfterHeader } from './answer.ts';
import type { FailureBody, HttpAnswer, HttpFailure } from './answer.ts';
import { ACCEPTED_ENCODINGS, parseContentEncoding } from './content-encoding.ts';
import { corsHeaders, preflightHeaders } from './cors.ts';
import { readBody } from './read-body.ts';

/** What the server gives every receiver over HTTP. */
export interface HttpReceiverParts {
  readonly metrics: ServerMetrics;
  readonly log: Logger;
  /** Of one request, compressed and decompressed. */
  readonly maxRequestBytes: number;
  /** Of all requests in flight together, shared with the other receivers. */
  readonly budget: ByteBudget;
  /** Whether a page of this origin may send. Senders that are not browsers name no origin and always may. */
  readonly isAllowedOrigin: (origin: string) => boolean;
  /** How long a sender may take over one request, 60 s by default. */
  readonly requestTimeoutMs?: number | undefined;
}

export interface HttpReceiverOptions extends HttpReceiverParts {
  /** The receiver's name in metrics. */
  readonly receiver: string;
  readonly routes: readonly HttpRoute[];
  readonly encodeFailure: (failure: HttpFailure) => FailureBody;
  /** Answers `GET` and `HEAD` in the receiver's place, where one port is for those who send and those who ask. */
  readonly answerReads?: HttpHandler | undefined;
}

/** What is sent with `POST` to one path. */
export interface HttpRoute {
  /** Exactly; a query after it is passed over. */
  readonly path: string;
  /** In lower case and without parameters; `''` also takes requests that name none. */
  readonly contentTypes: readonly string[];
  readonly handle: (body: Buffer, request: HttpRequest) => Promise<HttpAnswer>;
}

export interface HttpRequest {
  /** As the route lists it. */
  readonly contentType: string;
  readonly headers: IncomingHttpHeaders;
  /** The sender's IP address, or that of the proxy before it. */
  readonly address: string;
}

const IDLE_TIMEOUT_MS = 65_000;
const HEADERS_TIMEOUT_MS = 10_000;

/** A listener that answers by the table of routes. */
export function createHttpReceiver(options: HttpReceiverOptions): Listener {
  const { requestTimeoutMs = 60_000, answerReads } = options;
  const server = createServer(
    {
      requestTimeout: requestTimeoutMs,
      headersTimeout: Math.min(HEADERS_TIMEOUT_MS, requestTimeoutMs),
      // A load balancer's connections stay open for about a minute; they must not be closed under its feet.
      keepAliveTimeout: IDLE_TIMEOUT_MS,
      connectionsCheckingInterval: Math.min(5000, requestTimeoutMs),
    },
    (request, response) => {
      const isRead = request.method === 'GET' || request.method === 'HEAD';
      if (isRead && answerReads !== undefined) void answerReads(request, response);
      else void answer(request, response, options);
    },
  );
  return createHttpListener(server);
}

/** Answers one request. Never rejects: whatever goes wrong is an answer. */
export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** What such a listener does with a request, for another listener that has paths of its own. */
export function createHttpHandler(options: HttpReceiverOptions): HttpHandler {
  return (request, response) => answer(request, response, options);
}

interface Served {
  readonly answer: HttpAnswer;
  readonly outcome: RequestOutcome;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: HttpReceiverOptions,
): Promise<void> {
  const share = new BudgetShare(options.budget);
  const { answer, outcome } = await serve(request, options, share);
  share.giveBack();
  options.metrics.countRequest(options.receiver, outcome);
  send(request, response, answer, options);
}

/** Never rejects: whatever goes wrong is an answer. */
async function serve(
  request: IncomingMessage,
  options: HttpReceiverOptions,
  share: BudgetShare,
): Promise<Served> {
  const route = findRoute(request, options);
  if ('answer' in route) return route;
  const contentType = parseMediaType(request.headers['content-type']);
  if (!route.contentTypes.includes(contentType)) return refuseContentType(request, route, options);
  const compression = parseContentEncoding(request.headers['content-encoding']);
  if (compression === undefined) return refuseContentEncoding(request, options);
  try {
    checkOrigin(request, options);
    const maxBytes = options.maxRequestBytes;
    const body = await readBody(request, { maxBytes, compression, share });
    const answer = await route.handle(body, {
      contentType,
      headers: request.headers,
      address: request.socket.remoteAddress ?? '',
    });
    return { answer, outcome: answer.outcome ?? 'ok' };
  } catch (error) {
    const failure = toFailure(error, options.log);
    options.log.debug('a request was refused', {
      receiver: options.receiver,
      reason: failure.message,
    });
    return fail({ ...failure, status: HTTP_STATUSES[failure.code], contentType }, options);
  }
}

/** The route of a request to be served, or the answer to one that is none. */
function findRoute(request: IncomingMessage, options: HttpReceiverOptions): HttpRoute | Served {
  const path = (request.url ?? '').split('?', 1)[0] ?? '';
  const route = options.routes.find((route) => route.path === path);
  if (route === undefined) {
    const paths = options.routes.map(({ path }) => path).join(' and ');
    const message = `no such path: ${shorten(path)}; this port takes ${paths}`;
    return refuse(404, { code: 'not_found', message }, options);
  }
  if (request.method === 'OPTIONS') return { answer: { status: 204 }, outcome: 'ok' };
  if (request.method === 'POST') return route;
  const message = `${request.method} is not supported; spans are sent with POST`;
  return refuse(405, { code: 'unimplemented', message }, options, { allow: 'POST, OPTIONS' });
}

function refuseContentType(
  request: IncomingMessage,
  { contentTypes }: HttpRoute,
  options: HttpReceiverOptions,
): Served {
  const given = shorten(request.headers['content-type'] ?? '');
  const expected = contentTypes.filter((type) => type !== '').join(' or ');
  const message = `content type "${given}" is not supported; expected ${expected}`;
  return refuse(415, { code: 'invalid_argument', message }, options);
}

function refuseContentEncoding(request: IncomingMessage, options: HttpReceiverOptions): Served {
  const given = shorten(request.headers['content-encoding'] ?? '');
  const message = `content encoding "${given}" is not supported; expected ${ACCEPTED_ENCODINGS} or none`;
  const headers = { 'accept-encoding': ACCEPTED_ENCODINGS };
  return refuse(415, { code: 'invalid_argument', message }, options, headers);
}

/** The answer to what is not a request of the protocol at all. `headers` say what would be. */
function refuse(
  status: 404 | 405 | 415,
  failure: Failure,
  options: HttpReceiverOptions,
  headers: Readonly<Record<string, string>> = {},
): Served {
  const { answer } = fail({ ...failure, status, contentType: undefined }, options);
  return {
    answer: { ...answer, headers: { ...answer.headers, ...headers } },
    outcome: 'unsupported',
  };
}

function fail(failure: HttpFailure, { encodeFailure }: HttpReceiverOptions): Served {
  const { contentType, body } = encodeFailure(failure);
  return {
    answer: {
      status: failure.status,
      headers: { 'content-type': contentType, ...retryAfterHeader(failure) },
      body,
    },
    outcome: OUTCOMES[failure.code],
  };
}

function parseMediaType(header: string | undefined): string {
  return (header ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** A foreign page may not even write: a browser would send for it, and only hide the answer. */
function checkOrigin({ headers }: IncomingMessage, { isAllowedOrigin }: HttpReceiverParts): void {
  const { origin } = headers;
  if (origin === undefined || isAllowedOrigin(origin)) return;
  throw new PermissionError(
    `origin ${shorten(origin)} may not send spans; --cors-origins lists those that may`,
  );
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body = '' }: HttpAnswer,
  { isAllowedOrigin }: HttpReceiverParts,
): void {
  if (response.destroyed) return;
  const { origin } = request.headers;
  const isAllowed = origin !== undefined && isAllowedOrigin(origin);
  response.writeHead(status, {
    ...corsHeaders(origin, isAllowed),
    ...(request.method === 'OPTIONS' && isAllowed ? preflightHeaders(request) : {}),
    ...headers,
    ...(status === 204 ? {} : { 'content-length': Buffer.byteLength(body) }),
  });
  response.end(body);
}
