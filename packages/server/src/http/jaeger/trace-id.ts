import { formatHex, parseTraceId } from '@clew/model';
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

/** 16 bytes are 22 digits, of which the last has two bits only, and two of padding. */
const BASE64 = /^[\w+/-]{21}[AQgw](==)?$/;

/** Writes a trace id as Jaeger does: 64-bit ids, which older senders make, in 16 digits. */
export function formatJaegerTraceId(traceId: string): string {
  return traceId.startsWith('0000000000000000') ? traceId.slice(16) : traceId;
}
