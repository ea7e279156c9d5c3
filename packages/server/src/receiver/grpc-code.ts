import { status } from '@grpc/grpc-js';
import type { ErrorCode } from '@clew/model';

/** gRPC's numbers of the error codes, which OTLP/HTTP also puts into its bodies. */
export const GRPC_CODES: Readonly<Record<ErrorCode, status>> = {
  canceled: status.CANCELLED,
  invalid_argument: status.INVALID_ARGUMENT,
  deadline_exceeded: status.DEADLINE_EXCEEDED,
  not_found: status.NOT_FOUND,
  permission_denied: status.PERMISSION_DENIED,
  resource_exhausted: status.RESOURCE_EXHAUSTED,
  failed_precondition: status.FAILED_PRECONDITION,
  unimplemented: status.UNIMPLEMENTED,
  internal: status.INTERNAL,
  unavailable: status.UNAVAILABLE,
  unauthenticated: status.UNAUTHENTICATED,
};
