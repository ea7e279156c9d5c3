import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';

/** Below this a compressed answer saves no packet. */
const MIN_COMPRESSED_LENGTH = 1400;

const compress = promisify(gzip);

export interface JsonOptions {
  readonly status?: number | undefined;
  readonly contentType?: string | undefined;
  readonly indent?: number | undefined;
  /** The request's `Accept-Encoding`. */
  readonly acceptEncoding: string | undefined;
}

export interface BytesOptions {
  readonly status?: number | undefined;
  readonly contentType: string;
  readonly acceptEncoding: string | undefined;
}

/**
 * An answer in JSON, compressed when it is large and the client can read that. The fastest level, off the main thread:
 * a trace of 100,000 spans is some 60 MB of very repetitive text, and most clients are near.
 */
export async function jsonResponse(value: unknown, options: JsonOptions): Promise<Response> {
  const { status = 200, contentType = 'application/json', indent, acceptEncoding } = options;
  const text = `${JSON.stringify(value, undefined, indent)}\n`;
  return bytesResponse(text, { status, contentType, acceptEncoding });
}

/** An answer of another kind, compressed likewise. */
export async function bytesResponse(
  content: string | Uint8Array<ArrayBuffer>,
  options: BytesOptions,
): Promise<Response> {
  const { status = 200, contentType, acceptEncoding } = options;
  const headers = answerHeaders(contentType);
  if (content.length < MIN_COMPRESSED_LENGTH || !acceptsGzip(acceptEncoding))
    return new Response(content, { status, headers });
  const body = await compress(content, { level: constants.Z_BEST_SPEED, chunkSize: 256 * 1024 });
  headers.set('content-encoding', 'gzip');
  return new Response(body, { status, headers });
}

export function answerHeaders(contentType: string): Headers {
  return new Headers({
    'content-type': contentType,
    'cache-control': 'no-store',
    vary: 'Accept, Accept-Encoding',
  });
}

/** Whether an `Accept-Encoding` header takes gzip (RFC 9110, section 12.5.3). */
export function acceptsGzip(header: string | undefined): boolean {
  const weights = new Map<string, number>();
  for (const item of (header ?? '').toLowerCase().split(',')) {
    const [name = '', ...parameters] = item.split(';').map((part) => part.trim());
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    weights.set(name, weight === undefined ? 1 : Number(weight));
  }
  return (weights.get('gzip') ?? weights.get('*') ?? 0) > 0;
}
