import { InvalidQueryError, StorageError, TraceError, shorten } from '@clew/model';
import { withoutFrame } from './pattern.ts';

type StorageCode = StorageError['code'];

const TOO_LARGE = 'the query has more conditions than a statement of the engine takes';

/** The engine's own error numbers that mean something to a caller. Everything else is `internal`. */
const CODE_OF_ENGINE: Readonly<Record<number, { code: StorageCode; message: string }>> = {
  158: {
    code: 'resource_exhausted',
    message:
      'the query would read more rows than --query-max-rows allows; a shorter time or a service narrows it',
  },
  159: { code: 'deadline_exceeded', message: 'the query took longer than --query-timeout allows' },
  160: {
    code: 'deadline_exceeded',
    message: 'the query would take longer than --query-timeout allows',
  },
  167: { code: 'resource_exhausted', message: TOO_LARGE },
  168: { code: 'resource_exhausted', message: TOO_LARGE },
  241: {
    code: 'unavailable',
    message: 'the query needs more memory than --query-memory-bytes allows',
  },
  243: { code: 'unavailable', message: 'the disk is full' },
  572: { code: 'resource_exhausted', message: TOO_LARGE },
  306: { code: 'resource_exhausted', message: TOO_LARGE },
  252: { code: 'unavailable', message: 'the store has more parts to merge than it may' },
};

/** What the engine says about bytes it cannot make sense of: repeating the insert cannot help. */
const UNREADABLE_DATA: ReadonlySet<number> = new Set([
  6, // CANNOT_PARSE_TEXT
  27, // CANNOT_PARSE_INPUT_ASSERTION_FAILED
  32, // ATTEMPT_TO_READ_AFTER_EOF
  33, // CANNOT_READ_ALL_DATA
  49, // LOGICAL_ERROR, such as a block with other columns
  50, // UNKNOWN_TYPE
  53, // TYPE_MISMATCH
  117, // INCORRECT_DATA
  131, // TOO_LARGE_STRING_SIZE
  128, // TOO_LARGE_ARRAY_SIZE
  271, // CANNOT_DECOMPRESS
]);

/** The engine's number for a pattern that re2js takes and RE2 does not. */
const CANNOT_COMPILE_REGEXP = 427;

/** Turns whatever a call to the engine threw into a `StorageError`, or an `InvalidQueryError` where a pattern was at fault. */
export function toStorageError(cause: unknown, statement: string): TraceError {
  if (cause instanceof TraceError) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  const engineCode = engineCodeOf(cause, message);
  if (engineCode === CANNOT_COMPILE_REGEXP) return refusePattern(message, cause);
  const known = message.includes('No space left on device')
    ? { code: 'unavailable' as const, message: 'the disk is full' }
    : CODE_OF_ENGINE[engineCode ?? -1];
  return new StorageError(`${known?.message ?? 'the engine refused a statement'}: ${message}`, {
    code: known?.code ?? 'internal',
    statement: statement.slice(0, 2000),
    engineCode,
    cause,
  });
}

/** Whether an insert failed because of the bytes it read. */
export function isUnreadableData(error: unknown): boolean {
  return error instanceof StorageError && UNREADABLE_DATA.has(error.engineCode ?? -1);
}

/** Says which pattern and why, and nothing of the statement. */
function refusePattern(message: string, cause: unknown): InvalidQueryError {
  const said = /cannot compile re2: ([\s\S]*), error: ([\s\S]*?)(?:\. Look at |$)/.exec(message);
  const [, pattern = '', reason = 'it cannot be compiled'] = said ?? [];
  const shown = shorten(withoutFrame(pattern));
  return new InvalidQueryError(`not a regular expression of RE2: ${reason}: "${shown}"`, {
    parameter: 'q',
    cause,
  });
}

function engineCodeOf(cause: unknown, message: string): number | undefined {
  const code = cause instanceof Error && 'code' in cause ? Number(cause.code) : Number.NaN;
  if (Number.isInteger(code)) return code;
  const match = /Code: (\d+)\./.exec(message);
  return match === null ? undefined : Number(match[1]);
}
