import type { ExportRequest } from './export-request.ts';
import type { HttpAnswer } from './http-post.ts';
import { HttpPoster } from './http-post.ts';
import { decodePartialSuccess } from './partial-success.ts';
import type { ExportResult, SpanExporter } from './span-exporter.ts';

export interface OtlpExporterOptions {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** The statuses after which OTLP/HTTP lets a client send the same request again. */
const RETRYABLE_STATUSES: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** Sends batches as OTLP over HTTP in protobuf (OTLP 1.x, section "OTLP/HTTP"). */
export class OtlpExporter implements SpanExporter {
  readonly target: string;
  readonly #options: OtlpExporterOptions;
  readonly #poster: HttpPoster;

  constructor(options: OtlpExporterOptions) {
    this.target = `${options.url.origin}${options.url.pathname}`;
    this.#options = options;
    this.#poster = new HttpPoster(options.url);
  }

  async export({ body }: ExportRequest, signal: AbortSignal): Promise<ExportResult> {
    try {
      const answer = await this.#poster.post({
        headers: { ...this.#options.headers, 'content-type': 'application/x-protobuf' },
        body,
        timeoutMs: this.#options.timeoutMs,
        signal,
      });
      return toResult(answer);
    } catch (cause) {
      return { status: 'retry', afterMs: undefined, message: describe(cause) };
    }
  }

  close(): void {
    this.#poster.close();
  }
}

function toResult(answer: HttpAnswer): ExportResult {
  if (answer.status >= 200 && answer.status < 300) {
    return { status: 'success', ...decodePartialSuccess(answer.body) };
  }
  const message = `the receiver answered ${answer.status}`;
  if (!RETRYABLE_STATUSES.has(answer.status)) return { status: 'failure', message };
  return { status: 'retry', afterMs: parseRetryAfter(answer.headers['retry-after']), message };
}

/** `Retry-After` is a number of seconds or a date. */
function parseRetryAfter(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const seconds = Number(header);
  const afterMs = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - Date.now();
  return afterMs >= 0 ? afterMs : undefined;
}

/** A connection that is refused on every address of a host is an error without a message, only with a code. */
function describe(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.message !== '' || !('code' in cause) ? cause.message : String(cause.code);
}
