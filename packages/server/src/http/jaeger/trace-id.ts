import { InvalidQueryError, formatHex, parseTraceId, shorten } from '@clew/model';
import type { TraceId } from '@clew/model';

/**
 * Reads a trace id as Jaeger takes it: up to 32 hexadecimal digits, leading zeros or not, or the 16 bytes in base64 of
 * either alphabet, padded or not.
 */
export function parseJaegerTraceId(text: string): TraceId | undefined {
  const id = parseTraceId(text);
  if (id !== undefined) return id;
  if (!BASE64.test(text)) return undefined;
  return parseTraceId(formatHex(Buffer.from(text, 'base64')));
}

/** Reads one id of a request. Throws `InvalidQueryError`, whose message begins with `prefix`. */
export function requireTraceId(text: string, prefix = ''): TraceId {
  const traceId = parseJaegerTraceId(text);
  if (traceId !== undefined) return traceId;
  const reason =
    text.length > 32
      ? `TraceID cannot be longer than 32 hex characters: ${shorten(text)}`
      : `strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`;
  throw new InvalidQueryError(`${prefix}${reason}`, { parameter: 'traceID' });
}

/** 16 bytes are 22 digits, of which the last has two bits only, and two of padding. */
const BASE64 = /^[\w+/-]{21}[AQgw](==)?$/;

/** Writes a trace id as Jaeger does: 64-bit ids, which older senders make, in 16 digits. */
export function formatJaegerTraceId(traceId: string): string {
  return traceId.startsWith('0000000000000000') ? traceId.slice(16) : traceId;
}
