import type { IncomingHttpHeaders } from 'node:http2';
import { bytesOf, numberOf, readFields, textOf } from './read-fields.ts';

/** How a call ended. */
export interface GrpcStatus {
  /** gRPC's number; 0 is success. */
  readonly code: number;
  readonly message: string;
  /** How long the receiver asks to wait; `undefined` when it does not say. */
  readonly retryAfterMs: number | undefined;
}

const INTERNAL = 13;
const UNKNOWN = 2;
const UNAVAILABLE = 14;

/** gRPC's codes for HTTP's, for answers of proxies that speak no gRPC (gRPC's http-grpc-status-mapping.md). */
const CODE_BY_HTTP_STATUS: ReadonlyMap<number, number> = new Map([
  [400, INTERNAL],
  [401, 16],
  [403, 7],
  [404, 12],
  [429, UNAVAILABLE],
  [502, UNAVAILABLE],
  [503, UNAVAILABLE],
  [504, UNAVAILABLE],
]);

/** Reads the status from the headers of an answer and, where it has any, its trailers. */
export function readGrpcStatus(
  headers: IncomingHttpHeaders,
  trailers: IncomingHttpHeaders | undefined,
): GrpcStatus {
  const fields = trailers ?? headers;
  const text = String(fields['grpc-status'] ?? '');
  if (/^\d{1,9}$/.test(text)) {
    return {
      code: Number(text),
      message: decodePercent(String(fields['grpc-message'] ?? '')),
      retryAfterMs: readRetryDelay(fields['grpc-status-details-bin']),
    };
  }
  const status = Number(headers[':status']);
  const code = CODE_BY_HTTP_STATUS.get(status) ?? UNKNOWN;
  const message = `no gRPC answer, with HTTP status ${status}`;
  return { code, message, retryAfterMs: undefined };
}

/** Messages are percent-encoded UTF-8; one that is not is taken as it is. */
function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const RETRY_INFO = 'type.googleapis.com/google.rpc.RetryInfo';

/**
 * The delay of a `RetryInfo` among the details, in milliseconds.
 *
 * | message | field | name | type |
 * |---|--:|---|---|
 * | google.rpc.Status | 3 | details | google.protobuf.Any, repeated |
 * | google.protobuf.Any | 1 | type_url | string |
 * | google.protobuf.Any | 2 | value | bytes |
 * | google.rpc.RetryInfo | 1 | retry_delay | google.protobuf.Duration |
 * | google.protobuf.Duration | 1 | seconds | int64 |
 * | google.protobuf.Duration | 2 | nanos | int32 |
 */
function readRetryDelay(details: string | readonly string[] | undefined): number | undefined {
  if (typeof details !== 'string') return undefined;
  for (const { number, value } of readFields(Buffer.from(details, 'base64')) ?? []) {
    const any = number === 3 && value instanceof Uint8Array ? readFields(value) : undefined;
    if (textOf(any, 1) !== RETRY_INFO) continue;
    const info = readFields(bytesOf(any, 2) ?? new Uint8Array());
    const delay = readFields(bytesOf(info, 1) ?? new Uint8Array());
    return numberOf(delay, 1) * 1000 + numberOf(delay, 2) / 1e6;
  }
  return undefined;
}
