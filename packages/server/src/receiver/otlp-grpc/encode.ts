import { Metadata } from '@grpc/grpc-js';
import type { ServerErrorResponse } from '@grpc/grpc-js';
import type { Failure } from '../failure.ts';
import { GRPC_CODES } from '../grpc-code.ts';
import { encodeRetryStatus } from './retry-info.ts';

type GrpcFailure = Required<Pick<ServerErrorResponse, 'code' | 'details' | 'metadata'>>;

/** A failure as a gRPC status, with the time to wait in a trailer where trying again can help. */
export function encodeFailure({ code, message, retryAfterMs }: Failure): GrpcFailure {
  const metadata = new Metadata();
  const status = { code: GRPC_CODES[code], message };
  if (retryAfterMs !== undefined)
    metadata.add('grpc-status-details-bin', encodeRetryStatus(status, retryAfterMs));
  return { code: status.code, details: message, metadata };
}
