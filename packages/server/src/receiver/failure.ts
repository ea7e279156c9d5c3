import { OverloadedError, StorageError, TraceError } from '@clew/model';
import type { ErrorCode } from '@clew/model';
import type { Logger } from '../telemetry/log.ts';
import type { RequestOutcome } from '../telemetry/metrics.ts';

/** What a sender is told when its request was not served; each receiver writes it in its protocol's words. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  /** When to send the same request again; absent when that cannot help. */
  readonly retryAfterMs?: number;
}

/** The sender went away before its request was complete, so there is nobody to answer. */
export class RequestAbortedError extends TraceError {
  readonly code = 'canceled';
}

/** A disk that refuses is looked after by a person, so a sender need not ask often. */
const STORAGE_RETRY_MS = 5000;

/**
 * What to answer for `error`. None of the request's spans were accepted, so whatever the store refuses may be sent
 * again. An error that is not a `TraceError` is a bug: it is logged, and the sender is told nothing of it.
 */
export function toFailure(error: unknown, log: Logger): Failure {
  if (error instanceof OverloadedError)
    return { code: 'unavailable', message: error.message, retryAfterMs: error.retryAfterMs };
  if (error instanceof StorageError)
    return { code: 'unavailable', message: error.message, retryAfterMs: STORAGE_RETRY_MS };
  if (error instanceof TraceError) return { code: error.code, message: error.message };
  log.error('a request failed in an unforeseen way', {
    error: error instanceof Error ? (error.stack ?? error.message) : String(error),
  });
  return { code: 'internal', message: 'internal error' };
}

/** Under which outcome a failed request is counted. */
export const OUTCOMES: Readonly<Record<ErrorCode, RequestOutcome>> = {
  invalid_argument: 'invalid',
  resource_exhausted: 'too_large',
  unavailable: 'overloaded',
  canceled: 'canceled',
  deadline_exceeded: 'canceled',
  permission_denied: 'forbidden',
  unauthenticated: 'forbidden',
  not_found: 'unsupported',
  unimplemented: 'unsupported',
  failed_precondition: 'failed',
  internal: 'failed',
};
