import type { ErrorCode } from '@clew/model';
import {
  OTLP_CONTENT_TYPES,
  encodeExportResponseJson,
  encodeExportResponseProtobuf,
  encodeStatusJson,
  encodeStatusProtobuf,
} from '@clew/protocol';
import type { OtlpEncoding, PartialSuccess } from '@clew/protocol';
import type { Failure } from '../failure.ts';
import { GRPC_CODES } from '../grpc-code.ts';

/** An answer as it goes out. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
}

/** The answer to a request that was served, whole or in part; both are 200 in OTLP. */
export function encodeSuccess(partial: PartialSuccess | undefined, encoding: OtlpEncoding): Answer {
  return {
    status: 200,
    headers: { 'content-type': OTLP_CONTENT_TYPES[encoding] },
    body:
      encoding === 'json'
        ? encodeExportResponseJson(partial)
        : encodeExportResponseProtobuf(partial),
  };
}

/** The answer to a request that was not served: a `google.rpc.Status` in the request's encoding. */
export function encodeFailure(failure: Failure, encoding: OtlpEncoding): Answer {
  const { retryAfterMs } = failure;
  return {
    status: HTTP_STATUSES[failure.code],
    headers: {
      'content-type': OTLP_CONTENT_TYPES[encoding],
      ...(retryAfterMs === undefined
        ? {}
        : { 'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1000))) }),
    },
    body: encodeStatus(failure, encoding),
  };
}

/** The answer to what is not an OTLP request at all. `headers` say what would be. */
export function encodeRefusal(
  status: 404 | 405 | 415,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  const code = status === 404 ? 'not_found' : status === 405 ? 'unimplemented' : 'invalid_argument';
  return {
    status,
    headers: { 'content-type': OTLP_CONTENT_TYPES.json, ...headers },
    body: encodeStatus({ code, message }, 'json'),
  };
}

function encodeStatus({ code, message }: Failure, encoding: OtlpEncoding): Uint8Array | string {
  const status = { code: GRPC_CODES[code], message };
  return encoding === 'json' ? encodeStatusJson(status) : encodeStatusProtobuf(status);
}

/** OTLP senders repeat a request after 503 and drop it after 400, 413 and 500. */
const HTTP_STATUSES: Readonly<Record<ErrorCode, number>> = {
  invalid_argument: 400,
  failed_precondition: 400,
  unauthenticated: 401,
  permission_denied: 403,
  not_found: 404,
  resource_exhausted: 413,
  // Nobody is left to read it.
  canceled: 499,
  internal: 500,
  unimplemented: 501,
  unavailable: 503,
  deadline_exceeded: 503,
};
