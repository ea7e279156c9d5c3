import { TraceError } from '@clew/model';

/** A query that is understood and cannot be answered, for what its series turn out to be. */
export class PromqlExecutionError extends TraceError {
  readonly code = 'invalid_argument';
}
