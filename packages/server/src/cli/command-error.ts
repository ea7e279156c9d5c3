import { TraceError } from '@clew/model';

/** Why a command could not do what it was told; its message is all that its user sees. */
export class CommandError extends TraceError {
  readonly code = 'failed_precondition';
}
