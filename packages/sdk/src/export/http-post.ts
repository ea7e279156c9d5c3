import type { Agent, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { ROOT_CONTEXT, context } from '@opentelemetry/api';
import { suppressTracing } from '../context/suppress-tracing.ts';
import type { TlsFiles } from './exporter-options.ts';
import { http, https } from '../node-http.ts';

/** An answer, with as much of its body as is worth reading. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
}

export interface HttpPostRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** For the whole exchange. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** A receiver that answers with more than this is not one of spans; the rest is not read. */
const MAX_BODY_BYTES = 65_536;
const MAX_SOCKETS = 2;

/** Posts to one address over connections that are kept open. Neither they nor its timers keep the process alive. */
export class HttpPoster {
  readonly #url: URL;
  readonly #agent: Agent;

  constructor(url: URL, { ca, cert, key }: TlsFiles = {}) {
    this.#url = url;
    const options = { keepAlive: true, maxSockets: MAX_SOCKETS };
    this.#agent =
      url.protocol === 'https:'
        ? new https.Agent({ ...options, ca, cert, key })
        : new http.Agent(options);
  }

  /** Rejects when no answer came: refused, reset, timed out, aborted, not HTTP. */
  post(request: HttpPostRequest): Promise<HttpAnswer> {
    // Whoever instruments `http`, this library included, must not trace the requests that carry the traces.
    return context.with(suppressTracing(ROOT_CONTEXT), () => this.#send(request));
  }

  close(): void {
    this.#agent.destroy();
  }

  #send({ headers, body, timeoutMs, signal }: HttpPostRequest): Promise<HttpAnswer> {
    const { request: start } = this.#url.protocol === 'https:' ? https : http;
    return new Promise<HttpAnswer>((resolve, reject) => {
      const request = start(this.#url, {
        method: 'POST',
        agent: this.#agent,
        headers: { ...headers, 'content-length': String(body.byteLength) },
        signal,
      });
      const timer = setTimeout(
        () => request.destroy(new Error(`no answer within ${timeoutMs} ms`)),
        timeoutMs,
      ).unref();
      request.once('socket', (socket) => socket.unref());
      let isAnswered = false;
      request.once('close', () => {
        clearTimeout(timer);
        // The end of an answer is told to its reader, and perhaps only after this.
        if (!isAnswered) reject(new Error('the connection was closed before an answer came'));
      });
      request.on('error', reject);
      request.once('response', (response) => {
        isAnswered = true;
        readBody(response).then(
          (bytes) =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body: bytes }),
          reject,
        );
      });
      request.end(body);
    });
  }
}

async function readBody(response: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of response as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    sizeBytes += chunk.byteLength;
    // Leaving the loop destroys the response, and its connection with it.
    if (sizeBytes > MAX_BODY_BYTES) break;
  }
  return Buffer.concat(chunks);
}
