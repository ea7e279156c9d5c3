import type { ErrorCode } from '@clew/model';
import type { Failure } from '../failure.ts';

/** An answer as it goes out. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  /** `partial` when some spans were refused; only metrics see it. `ok` by default. */
  readonly outcome?: 'ok' | 'partial';
}

/** A failure as a receiver is to write it in its protocol's words. */
export interface HttpFailure extends Failure {
  readonly status: number;
  /** Of the request, as its route lists it; `undefined` when the request did not get so far. */
  readonly contentType: string | undefined;
}

/** What a failure looks like in a protocol; status and `Retry-After` are the same in all. */
export interface FailureBody {
  readonly contentType: string;
  readonly body: Uint8Array | string;
}

/** For protocols that say nothing of how a failure looks. */
export function encodeTextFailure({ message }: HttpFailure): FailureBody {
  return { contentType: 'text/plain; charset=utf-8', body: `${message}\n` };
}

/** When to come again, as a header; RFC 9110 counts in whole seconds. */
export function retryAfterHeader({ retryAfterMs }: Failure): Readonly<Record<string, string>> {
  if (retryAfterMs === undefined) return {};
  return { 'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1000))) };
}

/** Senders repeat a request after 503 and drop it after 400, 413 and 500. */
export const HTTP_STATUSES: Readonly<Record<ErrorCode, number>> = {
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
