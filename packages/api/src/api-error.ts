import type { ErrorCode } from '@clew/model';
import { TraceError } from '@clew/model';
import { z } from 'zod';

/** The body of every answer that is not a success. */
export interface ErrorResponse {
  readonly error: {
    /** A gRPC code in lower case, such as `invalid_argument`. */
    readonly code: ErrorCode;
    readonly message: string;
    /** The query or path parameter that was refused. */
    readonly parameter?: string | undefined;
    /** Of a query that cannot be read: where in its text, counted in characters from 0. */
    readonly position?: number | undefined;
    /** Of such a query: one that can be read and that was probably meant, where there is a guess. */
    readonly suggestion?: string | undefined;
  };
}

const errorCode: z.ZodType<ErrorCode> = z.enum([
  'invalid_argument',
  'not_found',
  'resource_exhausted',
  'failed_precondition',
  'deadline_exceeded',
  'canceled',
  'unavailable',
  'unimplemented',
  'unauthenticated',
  'permission_denied',
  'internal',
]);

export const errorResponse: z.ZodType<ErrorResponse> = z.object({
  error: z.object({
    code: errorCode,
    message: z.string(),
    parameter: z.string().optional(),
    position: z.int().nonnegative().optional(),
    suggestion: z.string().optional(),
  }),
});

/** An answer of the API that is not a success, or no answer at all (`status` 0). */
export class ApiError extends TraceError {
  readonly code: ErrorCode;
  readonly status: number;
  readonly parameter: string | undefined;
  readonly position: number | undefined;
  readonly suggestion: string | undefined;

  constructor(
    message: string,
    details: {
      code: ErrorCode;
      status: number;
      parameter?: string | undefined;
      position?: number | undefined;
      suggestion?: string | undefined;
      cause?: unknown;
    },
  ) {
    super(message, details);
    this.code = details.code;
    this.status = details.status;
    this.parameter = details.parameter;
    this.position = details.position;
    this.suggestion = details.suggestion;
  }
}
