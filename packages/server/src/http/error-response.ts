import type { ErrorResponse } from '@clew/api';
import {
  InvalidQueryError,
  QuerySyntaxError,
  QuotaError,
  TraceError,
  unreachable,
} from '@clew/model';
import type { ErrorCode } from '@clew/model';
import { suggestQuery } from '@clew/traceql';
import type { Logger } from '../telemetry/log.ts';

/** The statuses that the query APIs answer with when they do not succeed. */
export type ErrorStatus = 400 | 401 | 403 | 404 | 409 | 413 | 429 | 499 | 500 | 501 | 503 | 504;

/** A failure as an answer; each API puts it into its own envelope. */
export interface ErrorAnswer {
  readonly status: ErrorStatus;
  readonly body: ErrorResponse;
}

/**
 * What to answer for an error of any kind. One that is not a `TraceError` is a bug: it is logged with its stack, and
 * the client learns nothing of it.
 */
export function toErrorAnswer(error: unknown, log: Logger): ErrorAnswer {
  if (error instanceof TraceError) {
    const { code, message } = error;
    if (code === 'internal') log.error('a request failed', { reason: message });
    // A limit on one request is final, one on all of them is not.
    const status = error instanceof QuotaError ? 429 : httpStatus(code);
    return { status, body: { error: { code, message, ...placeOf(error) } } };
  }
  // A request that the client gave up is thrown out of the store as the signal's reason.
  if (error instanceof Error && error.name === 'AbortError')
    return {
      status: 499,
      body: { error: { code: 'canceled', message: 'the request was canceled' } },
    };
  log.error('a request failed in an unforeseen way', {
    error: error instanceof Error ? (error.stack ?? error.message) : String(error),
  });
  return { status: 500, body: { error: { code: 'internal', message: 'internal error' } } };
}

/** What of the request is at fault. */
function placeOf(error: TraceError): Omit<ErrorResponse['error'], 'code' | 'message'> {
  if (error instanceof QuerySyntaxError) {
    const suggestion = error.suggestion ?? suggestQuery(error.text);
    return { parameter: 'q', position: error.position, ...(suggestion && { suggestion }) };
  }
  const parameter = error instanceof InvalidQueryError ? error.parameter : undefined;
  return parameter === undefined ? {} : { parameter };
}

function httpStatus(code: ErrorCode): ErrorStatus {
  switch (code) {
    case 'invalid_argument':
      return 400;
    case 'unauthenticated':
      return 401;
    case 'permission_denied':
      return 403;
    case 'not_found':
      return 404;
    case 'failed_precondition':
      return 409;
    case 'resource_exhausted':
      return 413;
    case 'canceled':
      return 499;
    case 'internal':
      return 500;
    case 'unimplemented':
      return 501;
    case 'unavailable':
      return 503;
    case 'deadline_exceeded':
      return 504;
    default:
      return unreachable(code);
  }
}
