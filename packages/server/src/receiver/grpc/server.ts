/**
 * A server of gRPC calls on `node:http2` (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md) that take one message and
 * answer with one or with a stream of them. Bytes go from the socket to a decoder without passing through a framework, and what
 * all calls hold in memory is bounded. Health checks are answered beside the methods. Why not `@grpc/grpc-js`: `docs/adr/0009`.
 */
import { createServer } from 'node:http2';
import type {
  Http2Server,
  IncomingHttpHeaders,
  ServerHttp2Session,
  ServerHttp2Stream,
} from 'node:http2';
import { shorten } from '@clew/model';
import type { RequestOutcome } from '../../telemetry/metrics.ts';
import { BudgetShare } from '../byte-budget.ts';
import type { ByteBudget } from '../byte-budget.ts';
import { OUTCOMES, RequestAbortedError } from '../failure.ts';
import type { Failure } from '../failure.ts';
import { sendFailure, sendHttpStatus, sendMessage, sendMessages } from './answer.ts';
import type { GrpcAnswer } from './answer.ts';
import { HEALTH_CHECK, createHealthCheck } from './health.ts';
import { GrpcProtocolError } from './protocol-error.ts';
import { readMessage } from './read-message.ts';
import { parseTimeout, withDeadline } from './timeout.ts';

export interface GrpcServerOptions {
  /** By path: `/package.Service/Method`. */
  readonly methods: Readonly<Record<string, GrpcMethod>>;
  /** Of one message, compressed and decompressed. */
  readonly maxRequestBytes: number;
  /** Of all requests in flight together, shared with the other doors. */
  readonly budget: ByteBudget;
  /** How long a caller may take to send one message, 60 s by default. */
  readonly requestTimeoutMs?: number | undefined;
  /** What a caller is told of what went wrong. */
  readonly explain: (error: unknown) => Failure;
  /** Told how each call went. */
  readonly onAnswer?: ((outcome: RequestOutcome, failure?: Failure) => void) | undefined;
}

/** Answers one message with another, or with a stream of them, which is asked for the next when the caller has taken the last. */
export type GrpcMethod = (
  message: Buffer,
  call: GrpcCall,
) => Promise<GrpcAnswer> | AsyncIterable<Uint8Array>;

export interface GrpcCall {
  /** The sender's IP address, or that of the proxy before it. */
  readonly address: string;
  /** Aborted when the caller has gone or waits no longer. */
  readonly signal: AbortSignal;
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

/** Answers by the table of methods; other calls are `UNIMPLEMENTED`. */
export function createGrpcServer(options: GrpcServerOptions): Http2Server {
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
  return server;
}

interface ServeOptions extends Omit<GrpcServerOptions, 'methods'> {
  readonly methods: ReadonlyMap<string, GrpcMethod>;
}

/** Never rejects: whatever goes wrong is an answer. */
async function answer(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  options: ServeOptions,
): Promise<void> {
  const { explain, onAnswer } = options;
  try {
    const isPost = headers[':method'] === 'POST';
    if (!isPost || !isGrpc(headers['content-type'])) {
      sendHttpStatus(stream, isPost ? 415 : 405);
      onAnswer?.('unsupported');
    } else {
      const outcome = await serve(stream, headers, options);
      onAnswer?.(outcome);
    }
  } catch (error) {
    const failure = explain(error);
    sendFailure(stream, failure);
    onAnswer?.(OUTCOMES[failure.code], failure);
  }
}

async function serve(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  { methods, maxRequestBytes, budget, requestTimeoutMs = 60_000 }: ServeOptions,
): Promise<RequestOutcome> {
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
  const leftMs = timeoutMs === undefined ? undefined : timeoutMs - (performance.now() - startedMs);
  const stop = new AbortController();
  stream.once('close', () => stop.abort(new RequestAbortedError('the caller went away')));
  const address = stream.session?.socket.remoteAddress ?? '';
  // What it holds is held until it is done, even when the sender has stopped waiting.
  const work = run(stream, method(message, { address, signal: stop.signal })).finally(() =>
    share.giveBack(),
  );
  try {
    return await withDeadline(work, leftMs, 'the answer was not ready in time');
  } catch (error) {
    stop.abort(error);
    throw error;
  }
}

async function run(
  stream: ServerHttp2Stream,
  answered: ReturnType<GrpcMethod>,
): Promise<RequestOutcome> {
  if (Symbol.asyncIterator in answered) {
    await sendMessages(stream, answered);
    return 'ok';
  }
  const { message, outcome = 'ok' } = await answered;
  sendMessage(stream, message);
  return outcome;
}

/** `application/grpc`, alone or with `+proto`, its default; other codecs would need another decoder. */
function isGrpc(contentType: string | undefined): boolean {
  return /^application\/grpc(\+proto)?\s*(;|$)/i.test(contentType ?? '');
}
