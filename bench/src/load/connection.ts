/** One connection to Clew: one request after the other, as an exporter of OpenTelemetry sends them. */
import { Client, credentials } from '@grpc/grpc-js';
import { Agent, request } from 'node:http';
import type { IncomingMessage } from 'node:http';

/** OTLP over HTTP and over gRPC, Jaeger's thrift over HTTP, Zipkin's JSON (version 2). */
export const PROTOCOLS = ['http', 'grpc', 'jaeger', 'zipkin'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

/** What became of a request. Only an acknowledgement says anything about what is stored. */
export type Outcome =
  | { readonly type: 'acknowledged' }
  /** Answered, but not with a plain success: a partial success, or an error. */
  | { readonly type: 'refused'; readonly reason: string }
  /** Not answered. */
  | { readonly type: 'broken'; readonly reason: string };

export interface Connection {
  /** The bytes may be changed once the outcome is known. */
  send(bytes: Uint8Array): Promise<Outcome>;
  close(): void;
}

export interface ConnectionOptions {
  readonly protocol: Protocol;
  readonly port: number;
}

const EXPORT = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
const TIMEOUT_MS = 60_000;

export function connect({ protocol, port }: ConnectionOptions): Connection {
  return protocol === 'grpc' ? connectGrpc(port) : connectHttp(port, HTTP_ENDPOINTS[protocol]);
}

interface HttpEndpoint {
  readonly path: string;
  readonly contentType: string;
}

const HTTP_ENDPOINTS: Readonly<Record<Exclude<Protocol, 'grpc'>, HttpEndpoint>> = {
  http: { path: '/v1/traces', contentType: 'application/x-protobuf' },
  jaeger: { path: '/api/traces?format=jaeger.thrift', contentType: 'application/x-thrift' },
  zipkin: { path: '/api/v2/spans', contentType: 'application/json' },
};

function connectHttp(port: number, { path, contentType }: HttpEndpoint): Connection {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return {
    send: (bytes) =>
      new Promise((resolve) => {
        const headers = {
          'content-type': contentType,
          'content-length': bytes.length,
        };
        const options = { agent, port, method: 'POST', path, headers };
        const sent = request({ ...options, timeout: TIMEOUT_MS }, (response) => {
          readOutcome(response).then(resolve, (error: unknown) => resolve(broken(error)));
        });
        sent.on('timeout', () => sent.destroy(new Error('no answer in time')));
        sent.on('error', (error) => resolve(broken(error)));
        sent.end(bytes);
      }),
    close: () => agent.destroy(),
  };
}

async function readOutcome(response: IncomingMessage): Promise<Outcome> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  // A plain success is an empty message, or accepted without a word; anything in it is a partial success.
  const isSuccess = response.statusCode === 200 || response.statusCode === 202;
  if (isSuccess && body.length === 0) return { type: 'acknowledged' };
  return { type: 'refused', reason: `HTTP ${response.statusCode}: ${printable(body)}` };
}

function connectGrpc(port: number): Connection {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
    'grpc.use_local_subchannel_pool': 1,
    'grpc.initial_reconnect_backoff_ms': 50,
    'grpc.max_reconnect_backoff_ms': 200,
  });
  const asIs = (bytes: Buffer): Buffer => bytes;
  return {
    send: (bytes) =>
      new Promise((resolve) => {
        const message = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
        const deadline = Date.now() + TIMEOUT_MS;
        client.makeUnaryRequest(EXPORT, asIs, asIs, message, { deadline }, (error, answer) => {
          if (error !== null) resolve(broken(error));
          else if (answer === undefined || answer.length === 0) resolve({ type: 'acknowledged' });
          else resolve({ type: 'refused', reason: `partial success: ${printable(answer)}` });
        });
      }),
    close: () => client.close(),
  };
}

function broken(error: unknown): Outcome {
  return { type: 'broken', reason: error instanceof Error ? error.message : String(error) };
}

function printable(bytes: Buffer): string {
  return bytes
    .toString('latin1')
    .replaceAll(/[^ -~]+/g, ' ')
    .trim()
    .slice(0, 200);
}
