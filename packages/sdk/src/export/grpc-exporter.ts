import { describeError } from './describe-error.ts';
import type { ExportRequest } from './export-request.ts';
import type { ExporterOptions } from './exporter-options.ts';
import { GrpcConnection } from './grpc-connection.ts';
import type { GrpcAnswer } from './grpc-connection.ts';
import { gzipBody } from './gzip.ts';
import { decodePartialSuccess } from './partial-success.ts';
import { computeHeaders } from './request-headers.ts';
import type { ExportResult, SpanExporter } from './span-exporter.ts';
import { within } from './within.ts';

const PATH = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';

/** One byte that says whether the message is compressed, four of its length. */
const FRAME_HEADER_BYTES = 5;

/** `grpc-timeout` has eight digits at most. */
const MAX_TIMEOUT_MS = 99_999_999;

const OK = 0;
const RESOURCE_EXHAUSTED = 8;

/** CANCELLED, DEADLINE_EXCEEDED, ABORTED, OUT_OF_RANGE, UNAVAILABLE, DATA_LOSS (OTLP 1.x, section "OTLP/gRPC"). */
const RETRYABLE_CODES: ReadonlySet<number> = new Set([1, 4, 10, 11, 14, 15]);

/**
 * Sends requests as OTLP over gRPC, which is a frame around the message and a status after the answer
 * (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md).
 */
export class GrpcExporter implements SpanExporter {
  readonly target: string;
  readonly #options: ExporterOptions;
  readonly #connection: GrpcConnection;

  constructor(options: ExporterOptions) {
    this.target = options.url.origin;
    this.#options = options;
    this.#connection = new GrpcConnection(options.url, options.tls);
  }

  async export({ body }: ExportRequest, signal: AbortSignal): Promise<ExportResult> {
    const { headers, timeoutMs } = this.#options;
    const isCompressed = this.#options.compression === 'gzip';
    try {
      const message = isCompressed ? await gzipBody(body) : body;
      // A copy, so that no frame that still lies in a connection's queue reads the body after the answer.
      const frame = frameOf(message, isCompressed);
      const given = await within(computeHeaders(headers), timeoutMs, signal);
      const answer = await this.#connection.call({
        headers: { ...given, ...callHeaders(isCompressed, timeoutMs) },
        frame,
        timeoutMs,
        signal,
      });
      return toResult(answer);
    } catch (cause) {
      return { status: 'retry', afterMs: undefined, message: describeError(cause) };
    }
  }

  close(): void {
    this.#connection.close();
  }
}

function callHeaders(isCompressed: boolean, timeoutMs: number): Record<string, string> {
  return {
    ':method': 'POST',
    ':path': PATH,
    te: 'trailers',
    'content-type': 'application/grpc',
    'grpc-accept-encoding': 'identity',
    'grpc-timeout': `${Math.min(Math.ceil(timeoutMs), MAX_TIMEOUT_MS)}m`,
    ...(isCompressed ? { 'grpc-encoding': 'gzip' } : {}),
  };
}

function frameOf(message: Uint8Array, isCompressed: boolean): Buffer {
  const frame = Buffer.allocUnsafe(FRAME_HEADER_BYTES + message.length);
  frame.writeUInt8(isCompressed ? 1 : 0, 0);
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, FRAME_HEADER_BYTES);
  return frame;
}

function toResult({ status, body }: GrpcAnswer): ExportResult {
  const { code, retryAfterMs } = status;
  if (code === OK) {
    return { status: 'success', ...decodePartialSuccess(body.subarray(FRAME_HEADER_BYTES)) };
  }
  const message = `the receiver answered gRPC status ${code}: ${status.message}`;
  const isRetryable =
    RETRYABLE_CODES.has(code) || (code === RESOURCE_EXHAUSTED && retryAfterMs !== undefined);
  return isRetryable
    ? { status: 'retry', afterMs: retryAfterMs, message }
    : { status: 'failure', message };
}
