/**
 * What went wrong, in words. A connection that is refused on every address of a host is an error with a code and no message;
 * of what was aborted, the reason says more.
 */
export function describeError(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  if (cause.name === 'AbortError' && cause.cause !== undefined) return describeError(cause.cause);
  return cause.message !== '' || !('code' in cause) ? cause.message : String(cause.code);
}
