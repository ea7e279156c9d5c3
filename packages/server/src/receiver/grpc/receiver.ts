/**
 * A server of unary gRPC calls on `node:http2` (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md), for
 * receivers: bytes go from the socket to a decoder without passing through a framework, and what all calls hold in
 * memory is bounded. A protocol is a table of methods:
 *
 *     export function createExampleReceiver({ sink, ...parts }: ExampleOptions): Listener {
 *       const post: GrpcMethod = async (message) => {
 *         await exportTraces(message, { sink, receiver: 'example', decode: decodeExample });
 *         return { message: EMPTY_RESPONSE };
 *       };
 *       return createGrpcReceiver({
 *         ...parts,
 *         receiver: 'example',
 *         methods: { '/example.v1.Collector/Post': post },
 *       });
 *     }
 *
 * where `ExampleOptions extends GrpcReceiverParts` and adds the sink. A method gets the message, decompressed, and
 * throws what the decoder and the sink throw: the failure is mapped to a status, counted and written here. Streaming
 * calls are not supported. Health checks are answered beside the methods. Why not `@grpc/grpc-js`: `docs/adr/0009`.
 */
import { createServer } from 'node:http2';
import type { IncomingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import { shorten } from '@clew/model';
import type { Logger } from '../../telemetry/log.ts';
import type { RequestOutcome, ServerMetrics } from '../../telemetry/metrics.ts';
import { BudgetShare } from '../byte-budget.ts';
import type { ByteBudget } from '../byte-budget.ts';
import { OUTCOMES, toFailure } from '../failure.ts';
import type { Listener } from '../listener.ts';
import { sendFailure, sendHttpStatus, sendMessage } from './answer.ts';
import type { GrpcAnswer } from './answer.ts';
import { HEALTH_CHECK, createHealthCheck } from './health.ts';
import { createHttp2Listener } from './http2-listener.ts';
import { GrpcProtocolError } from './protocol-error.ts';
import { readMessage } from './read-message.ts';
import { parseTimeout, withDeadline } from './timeout.ts';

/** What the server gives every receiver over gRPC. */
export interface GrpcReceiverParts {
  readonly metrics: ServerMetrics;
  readonly log: Logger;
  /** Of one message, compressed and decompressed. */
  readonly maxRequestBytes: number;
  /** Of all requests in flight together, shared with the other receivers. */
  readonly budget: ByteBudget;
  /** How long a sender may take to send one message, 60 s by default. */
  readonly requestTimeoutMs?: number | undefined;
}

export interface GrpcReceiverOptions extends GrpcReceiverParts {
  /** The receiver's name in metrics. */
  readonly receiver: string;
  /** By path: `/package.Service/Method`. */
  readonly methods: Readonly<Record<string, GrpcMethod>>;
}

/** Answers one message with another. */
export type GrpcMethod = (message: Buffer, call: GrpcCall) => Promise<GrpcAnswer>;

export interface GrpcCall {
  /** The sender's IP address, or that of the proxy before it. */
  readonly address: string;
}

/** Calls that one connection may have in flight. */
const MAX_CONCURRENT_STREAMS = 100;

/**
 * What a sender may have on its way without being asked for more: a request of 4 MB should not wait for our permission
 * every 64 KB. Everything is read at once and counted, so the windows bound nothing that the byte budget does not.
 */
const STREAM_WINDOW_BYTES = 8 * 1024 ** 2;
const SESSION_WINDOW_BYTES = 32 * 1024 ** 2;

/** Senders that can (Java, Python, Rust) then make larger frames than the usual 16 KB, which cost less each. */
const FRAME_BYTES = 256 * 1024;

/** A connection that nothing came over for so long is closed politely; its sender opens another when it needs one. */
const IDLE_TIMEOUT_MS = 10 * 60_000;

/** A listener that answers by the table of methods; other calls are `UNIMPLEMENTED`. */
export function createGrpcReceiver(options: GrpcReceiverOptions): Listener {
  const methods = new Map(Object.entries(options.methods));
  const services = [...methods.keys()].map((path) => path.split('/')[1] ?? '');
  methods.set(HEALTH_CHECK, createHealthCheck(services));
  const server = createServer({
    settings: {
      initialWindowSize: STREAM_WINDOW_BYTES,
      maxConcurrentStreams: MAX_CONCURRENT_STREAMS,
      maxFrameSize: FRAME_BYTES,
      enablePush: false,
    },
  });
  server.on('session', (session: ServerHttp2Session) => {
    session.setLocalWindowSize(SESSION_WINDOW_BYTES);
    session.setTimeout(IDLE_TIMEOUT_MS, () => session.close());
  });
  // A connection that breaks concerns nobody but its calls, and they are told themselves.
  server.on('sessionError', () => undefined);
  server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    stream.on('error', () => undefined);
    void answer(stream, headers, { ...options, methods });
  });
  return createHttp2Listener(server);
}

interface ServeOptions extends Omit<GrpcReceiverOptions, 'methods'> {
  readonly methods: ReadonlyMap<string, GrpcMethod>;
}

/** Never rejects: whatever goes wrong is an answer. */
async function answer(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  options: ServeOptions,
): Promise<void> {
  const { receiver, metrics, log } = options;
  let outcome: RequestOutcome;
  try {
    const isPost = headers[':method'] === 'POST';
    if (!isPost || !isGrpc(headers['content-type'])) {
      outcome = 'unsupported';
      sendHttpStatus(stream, isPost ? 415 : 405);
    } else {
      const { message, outcome: given = 'ok' } = await serve(stream, headers, options);
      outcome = given;
      sendMessage(stream, message);
    }
  } catch (error) {
    const failure = toFailure(error, log);
    log.debug('a request was refused', { receiver, reason: failure.message });
    outcome = OUTCOMES[failure.code];
    sendFailure(stream, failure);
  }
  metrics.countRequest(receiver, outcome);
}

async function serve(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  { methods, maxRequestBytes, budget, requestTimeoutMs = 60_000 }: ServeOptions,
): Promise<GrpcAnswer> {
  const startedMs = performance.now();
  const path = String(headers[':path']);
  const method = methods.get(path);
  if (method === undefined)
    throw new GrpcProtocolError('unimplemented', `no such method: ${shorten(path)}`);
  const timeoutMs = parseTimeout(headers['grpc-timeout']);
  const share = new BudgetShare(budget);
  let message: Buffer;
  try {
    message = await withDeadline(
      readMessage(stream, headers, { maxBytes: maxRequestBytes, share }),
      Math.min(timeoutMs ?? Infinity, requestTimeoutMs),
      'the request did not arrive in time',
    );
  } catch (error) {
    share.giveBack();
    throw error;
  }
  // What it holds is held until it is done, even when the sender has stopped waiting.
  const address = stream.session?.socket.remoteAddress ?? '';
  const answered = method(message, { address }).finally(() => share.giveBack());
  const leftMs = timeoutMs === undefined ? undefined : timeoutMs - (performance.now() - startedMs);
  return withDeadline(answered, leftMs, 'the answer was not ready in time');
}

/** `application/grpc`, alone or with `+proto`, its default; other codecs would need another decoder. */
function isGrpc(contentType: string | undefined): boolean {
  return /^application\/grpc(\+proto)?\s*(;|$)/i.test(contentType ?? '');
}
