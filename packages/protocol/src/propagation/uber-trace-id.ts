/** The context header of Jaeger's clients (jaegertracing.io, "Client Libraries", section "Propagation Format"). */
import { parseSpanId, parseTraceId } from '@clew/model';
import type { SpanContextHeaders } from './traceparent.ts';

const SAMPLED = 0x01;
const UBER_TRACE_ID = /^([0-9a-f]{1,32}):([0-9a-f]{1,16}):[0-9a-f]{0,16}:([0-9a-f]{1,2})$/i;
/** What is longer even with every character escaped is none. */
const MAX_CHARACTERS = 3 * 70;

/**
 * Reads an `uber-trace-id` header: `trace:span:parent:flags`, in hexadecimal digits without leading zeros, perhaps
 * percent-encoded. `undefined` when it is malformed, or an id is zero.
 */
export function parseUberTraceId(header: string): SpanContextHeaders | undefined {
  if (header.length > MAX_CHARACTERS) return undefined;
  const match = UBER_TRACE_ID.exec(header.replaceAll(/%3a/gi, ':'));
  if (match === null) return undefined;
  const [, traceIdText = '', spanIdText = '', flagsText = ''] = match;
  const traceId = parseTraceId(traceIdText.toLowerCase().padStart(32, '0'));
  const spanId = parseSpanId(spanIdText.toLowerCase().padStart(16, '0'));
  if (traceId === undefined || spanId === undefined) return undefined;
  return { traceId, spanId, flags: Number.parseInt(flagsText, 16) & SAMPLED };
}

/** The parent is not told any more: its place has a zero. */
export function formatUberTraceId({ traceId, spanId, flags }: SpanContextHeaders): string {
  return `${traceId}:${spanId}:0:${flags & SAMPLED}`;
}
