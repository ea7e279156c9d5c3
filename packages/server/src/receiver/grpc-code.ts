import type { ErrorCode } from '@clew/model';

/** gRPC's number of success. */
export const GRPC_OK = 0;

/** gRPC's numbers of the error codes, which OTLP/HTTP also puts into its bodies. */
export const GRPC_CODES: Readonly<Record<ErrorCode, number>> = {
  canceled: 1,
  invalid_argument: 3,
  deadline_exceeded: 4,
  not_found: 5,
  permission_denied: 7,
  resource_exhausted: 8,
  failed_precondition: 9,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
};
