import { TraceError } from '@clew/model';
import type { ErrorCode } from '@clew/model';

/** A call that gRPC answers with a status of its own, before any method is asked. */
export class GrpcProtocolError extends TraceError {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
