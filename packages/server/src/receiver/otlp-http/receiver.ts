/**
 * OTLP over HTTP (https://opentelemetry.io/docs/specs/otlp/#otlphttp), traces only. Works on `node:http` itself: a
 * framework would copy every body once more.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { PermissionError, shorten } from '@clew/model';
import { decodeTracesJson, decodeTracesProtobuf, parseOtlpContentType } from '@clew/protocol';
import type { SpanSink } from '../../pipeline/span-sink.ts';
import type { Logger } from '../../telemetry/log.ts';
import type { RequestOutcome, ServerMetrics } from '../../telemetry/metrics.ts';
import { exportTraces } from '../export-traces.ts';
import { OUTCOMES, toFailure } from '../failure.ts';
import { createHttpListener } from '../http-listener.ts';
import type { Listener } from '../listener.ts';
import { ByteBudget } from './byte-budget.ts';
import { corsHeaders, preflightHeaders } from './cors.ts';
import { encodeFailure, encodeRefusal, encodeSuccess } from './encode.ts';
import type { Answer } from './encode.ts';
import { readBody } from './read-body.ts';

export interface OtlpHttpOptions {
  readonly sink: SpanSink;
  readonly metrics: ServerMetrics;
  readonly log: Logger;
  /** Of one request, compressed and decompressed. */
  readonly maxRequestBytes: number;
  /** Of all requests in flight together; 256 MiB or eight of the largest by default. */
  readonly maxInFlightBytes?: number | undefined;
  /** Whether a page of this origin may send. Senders that are not browsers name no origin and always may. */
  readonly isAllowedOrigin: (origin: string) => boolean;
  /** How long a sender may take over one request, 60 s by default. */
  readonly requestTimeoutMs?: number | undefined;
}

const RECEIVER = 'otlp_http';
const PATH = '/v1/traces';
const IDLE_TIMEOUT_MS = 65_000;
const HEADERS_TIMEOUT_MS = 10_000;

/** Receives `POST /v1/traces` in protobuf and JSON, plain and gzip, from services and from browsers. */
export function createOtlpHttpReceiver(options: OtlpHttpOptions): Listener {
  return createHttpListener(createOtlpHttpServer(options));
}

function createOtlpHttpServer(options: OtlpHttpOptions): Server {
  const { maxRequestBytes, requestTimeoutMs = 60_000 } = options;
  const budget = new ByteBudget(
    options.maxInFlightBytes ?? Math.max(256 * 1024 ** 2, 8 * maxRequestBytes),
  );
  return createServer(
    {
      requestTimeout: requestTimeoutMs,
      headersTimeout: Math.min(HEADERS_TIMEOUT_MS, requestTimeoutMs),
      // A load balancer's connections stay open for about a minute; they must not be closed under its feet.
      keepAliveTimeout: IDLE_TIMEOUT_MS,
      connectionsCheckingInterval: Math.min(5000, requestTimeoutMs),
    },
    (request, response) => {
      void answer(request, response, { ...options, budget });
    },
  );
}

interface ServeOptions extends OtlpHttpOptions {
  readonly budget: ByteBudget;
}

interface Served {
  readonly answer: Answer;
  readonly outcome: RequestOutcome;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: ServeOptions,
): Promise<void> {
  const { answer, outcome } = await serve(request, options);
  options.metrics.countRequest(RECEIVER, outcome);
  send(request, response, answer, options);
}

/** Never rejects: whatever goes wrong is an answer. */
async function serve(request: IncomingMessage, options: ServeOptions): Promise<Served> {
  const early = answerEarly(request);
  if (early !== undefined) return early;
  const encoding = parseOtlpContentType(request.headers['content-type'] ?? '');
  if (encoding === undefined) return refuseContentType(request);
  const compression = parseContentEncoding(request.headers['content-encoding']);
  if (compression === undefined) return refuseContentEncoding(request);
  try {
    checkOrigin(request, options);
    const body = await readBody(request, {
      maxBytes: options.maxRequestBytes,
      gzip: compression === 'gzip',
      budget: options.budget,
    });
    const decode = encoding === 'json' ? decodeTracesJson : decodeTracesProtobuf;
    const partial = await exportTraces(body, { sink: options.sink, receiver: RECEIVER, decode });
    const outcome = partial === undefined ? 'ok' : 'partial';
    return { answer: encodeSuccess(partial, encoding), outcome };
  } catch (error) {
    const failure = toFailure(error, options.log);
    options.log.debug('an OTLP/HTTP request was refused', { reason: failure.message });
    return { answer: encodeFailure(failure, encoding), outcome: OUTCOMES[failure.code] };
  }
}

function answerEarly(request: IncomingMessage): Served | undefined {
  const path = (request.url ?? '').split('?', 1)[0] ?? '';
  if (path !== PATH) {
    const message = `no such path: ${shorten(path)}; spans go to ${PATH}`;
    return { answer: encodeRefusal(404, message), outcome: 'unsupported' };
  }
  if (request.method === 'OPTIONS')
    return { answer: { status: 204, headers: {}, body: '' }, outcome: 'ok' };
  if (request.method === 'POST') return undefined;
  const message = `${request.method} is not supported; spans are sent with POST`;
  const answer = encodeRefusal(405, message, { allow: 'POST, OPTIONS' });
  return { answer, outcome: 'unsupported' };
}

function refuseContentType(request: IncomingMessage): Served {
  const given = shorten(request.headers['content-type'] ?? '');
  const message = `content type "${given}" is not supported; expected application/x-protobuf or application/json`;
  return { answer: encodeRefusal(415, message), outcome: 'unsupported' };
}

function refuseContentEncoding(request: IncomingMessage): Served {
  const given = shorten(request.headers['content-encoding'] ?? '');
  const message = `content encoding "${given}" is not supported; expected gzip or none`;
  const answer = encodeRefusal(415, message, { 'accept-encoding': 'gzip' });
  return { answer, outcome: 'unsupported' };
}

function parseContentEncoding(header: string | undefined): 'identity' | 'gzip' | undefined {
  switch (header?.trim().toLowerCase()) {
    case undefined:
    case '':
    case 'identity':
      return 'identity';
    case 'gzip':
    case 'x-gzip':
      return 'gzip';
    default:
      return undefined;
  }
}

/** A foreign page may not even write: a browser would send for it, and only hide the answer. */
function checkOrigin({ headers }: IncomingMessage, { isAllowedOrigin }: OtlpHttpOptions): void {
  const { origin } = headers;
  if (origin === undefined || isAllowedOrigin(origin)) return;
  throw new PermissionError(
    `origin ${shorten(origin)} may not send spans; --cors-origins lists those that may`,
  );
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: Answer,
  { isAllowedOrigin }: OtlpHttpOptions,
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
