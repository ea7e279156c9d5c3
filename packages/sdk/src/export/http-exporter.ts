import { describeError } from './describe-error.ts';
import type { ExportRequest } from './export-request.ts';
import type { ExporterOptions } from './exporter-options.ts';
import { gzipBody } from './gzip.ts';
import type { HttpAnswer } from './http-post.ts';
import { HttpPoster } from './http-post.ts';
import type { PartialSuccess } from './partial-success.ts';
import { decodePartialSuccess } from './partial-success.ts';
import { readFields, textOf } from './read-fields.ts';
import { computeHeaders } from './request-headers.ts';
import { parseRetryAfter } from './retry-after.ts';
import type { ExportResult, SpanExporter } from './span-exporter.ts';
import { within } from './within.ts';

/** How requests and answers are written. */
export interface HttpEncoding {
  readonly contentType: string;
  /** Throws when the body is no request. */
  readonly encodeBody: (body: Uint8Array) => Uint8Array;
  /** Takes what cannot be read as nothing said. */
  readonly decodeSuccess: (body: Uint8Array) => PartialSuccess;
  /** What an error says of itself, perhaps nothing. */
  readonly decodeError: (body: Uint8Array) => string;
}

/** The body of an error is a `google.rpc.Status`, which has its message in field 2. */
export const PROTOBUF_ENCODING: HttpEncoding = {
  contentType: 'application/x-protobuf',
  encodeBody: (body) => body,
  decodeSuccess: decodePartialSuccess,
  decodeError: (body) => textOf(readFields(body), 2),
};

/** The statuses after which OTLP/HTTP lets a client send the same request again. */
const RETRYABLE_STATUSES: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** Sends requests as OTLP over HTTP (OTLP 1.x, section "OTLP/HTTP"). */
export class HttpExporter implements SpanExporter {
  readonly target: string;
  readonly #options: ExporterOptions;
  readonly #encoding: HttpEncoding;
  readonly #poster: HttpPoster;

  constructor(options: ExporterOptions, encoding: HttpEncoding) {
    this.target = `${options.url.origin}${options.url.pathname}`;
    this.#options = options;
    this.#encoding = encoding;
    this.#poster = new HttpPoster(options.url, options.tls);
  }

  async export(request: ExportRequest, signal: AbortSignal): Promise<ExportResult> {
    let body: Uint8Array;
    try {
      const encoded = this.#encoding.encodeBody(request.body);
      body = this.#options.compression === 'gzip' ? await gzipBody(encoded) : encoded;
    } catch (cause) {
      return {
        status: 'failure',
        message: `the spans cannot be encoded: ${describeError(cause)}`,
      };
    }
    try {
      return this.#toResult(await this.#post(body, signal));
    } catch (cause) {
      return { status: 'retry', afterMs: undefined, message: describeError(cause) };
    }
  }

  close(): void {
    this.#poster.close();
  }

  async #post(body: Uint8Array, signal: AbortSignal): Promise<HttpAnswer> {
    const { headers, timeoutMs, compression } = this.#options;
    const own: Record<string, string> = { 'content-type': this.#encoding.contentType };
    if (compression === 'gzip') own['content-encoding'] = 'gzip';
    const given = await within(computeHeaders(headers), timeoutMs, signal);
    return this.#poster.post({ headers: { ...given, ...own }, body, timeoutMs, signal });
  }

  #toResult({ status, headers, body }: HttpAnswer): ExportResult {
    if (status >= 200 && status < 300) {
      return { status: 'success', ...this.#encoding.decodeSuccess(body) };
    }
    const isOtlp = headers['content-type']?.startsWith(this.#encoding.contentType) ?? false;
    const said = isOtlp ? this.#encoding.decodeError(body) : '';
    const message = `the receiver answered ${status}${said === '' ? '' : `: ${said}`}`;
    if (!RETRYABLE_STATUSES.has(status)) return { status: 'failure', message };
    return { status: 'retry', afterMs: parseRetryAfter(headers['retry-after']), message };
  }
}
