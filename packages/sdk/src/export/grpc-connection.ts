import { connect, constants } from 'node:http2';
import type {
  ClientHttp2Session,
  ClientHttp2Stream,
  IncomingHttpHeaders,
  OutgoingHttpHeaders,
} from 'node:http2';
import { ROOT_CONTEXT, context } from '@opentelemetry/api';
import { suppressTracing } from '../context/suppress-tracing.ts';
import type { TlsFiles } from './exporter-options.ts';
import { readGrpcStatus } from './grpc-status.ts';
import type { GrpcStatus } from './grpc-status.ts';

export interface GrpcCall {
  readonly headers: OutgoingHttpHeaders;
  /** The message with its frame around it. */
  readonly frame: Uint8Array;
  /** For the whole call. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface GrpcAnswer {
  readonly status: GrpcStatus;
  /** Frames as they came. */
  readonly body: Uint8Array;
}

/** A receiver that answers with more than this is not one of spans. */
const MAX_BODY_BYTES = 65_536;

/**
 * Unary calls over one connection of HTTP/2, which is made when it is needed and again after it broke or the other side
 * said goodbye. Neither it nor its timers keep the process alive.
 */
export class GrpcConnection {
  readonly #url: URL;
  readonly #tls: TlsFiles;
  #session: ClientHttp2Session | undefined;

  constructor(url: URL, tls: TlsFiles = {}) {
    this.#url = url;
    this.#tls = tls;
  }

  /** Resolves with whatever status; rejects when none came: refused, reset, timed out, aborted, not HTTP/2. */
  call(call: GrpcCall): Promise<GrpcAnswer> {
    return context.with(suppressTracing(ROOT_CONTEXT), () => this.#call(call));
  }

  close(): void {
    this.#session?.destroy();
    this.#session = undefined;
  }

  #call({ headers, frame, timeoutMs, signal }: GrpcCall): Promise<GrpcAnswer> {
    return new Promise((resolve, reject) => {
      const session = this.#open();
      const stream = session.request(headers);
      const abort = (): void => {
        reject(signal.reason);
        cancel(stream);
      };
      signal.addEventListener('abort', abort, { once: true });
      const timer = setTimeout(() => {
        reject(new Error(`no answer within ${timeoutMs} ms`));
        // A connection over which nothing comes may be dead without knowing; the next call makes another.
        this.#forget(session);
        session.destroy();
      }, timeoutMs).unref();
      const answer = readAnswer(stream);
      session.once('error', reject);
      stream.once('error', reject);
      stream.once('close', () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
        session.removeListener('error', reject);
        const read = answer();
        if (read === undefined)
          reject(new Error('the connection was closed before an answer came'));
        else resolve(read);
      });
      stream.end(frame);
      if (signal.aborted) abort();
    });
  }

  #open(): ClientHttp2Session {
    if (this.#session !== undefined && !this.#session.closed) return this.#session;
    const { ca, cert, key } = this.#tls;
    const session = connect(this.#url.origin, { ca, cert, key });
    this.#session = session;
    session.unref();
    // Its calls are told themselves.
    session.on('error', () => this.#forget(session));
    session.once('goaway', () => this.#forget(session));
    session.once('close', () => this.#forget(session));
    return session;
  }

  #forget(session: ClientHttp2Session): void {
    if (this.#session === session) this.#session = undefined;
    // What is under way over it may end; then it closes.
    if (!session.closed) session.close();
  }
}

function cancel(stream: ClientHttp2Stream): void {
  stream.close(constants.NGHTTP2_CANCEL);
}

/** Collects what comes; the function answers with it, or with `undefined` when no status has come. */
function readAnswer(stream: ClientHttp2Stream): () => GrpcAnswer | undefined {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  let headers: IncomingHttpHeaders | undefined;
  let trailers: IncomingHttpHeaders | undefined;
  let isComplete = false;
  stream.once('response', (received) => (headers = received));
  stream.once('trailers', (received) => (trailers = received));
  stream.once('end', () => (isComplete = stream.rstCode === constants.NGHTTP2_NO_ERROR));
  stream.on('data', (chunk: Uint8Array) => {
    chunks.push(chunk);
    sizeBytes += chunk.byteLength;
    if (sizeBytes > MAX_BODY_BYTES) cancel(stream);
  });
  return () =>
    headers === undefined || !isComplete
      ? undefined
      : { status: readGrpcStatus(headers, trailers), body: Buffer.concat(chunks) };
}
