import { parseSpanId, parseTraceId } from '@clew/model';
import { decodePercent } from './percent.ts';
import type { SpanContextHeaders } from './traceparent.ts';

/** Bits of the flags of `uber-trace-id`. */
export const UBER_SAMPLED = 0x01;
export const UBER_DEBUG = 0x02;

const UBER_TRACE_ID = /^([0-9a-f]{1,32}):([0-9a-f]{1,16}):[0-9a-f]{0,16}:([0-9a-f]{1,2})$/i;

/**
 * Reads Jaeger's `uber-trace-id: trace:span:parent:flags`, percent-encoded or not, ids with or without leading zeros. `undefined`
 * when it is malformed or an id is zero. The flags are Jaeger's; the parent is not used any more, there either.
 */
export function parseUberTraceId(header: string): SpanContextHeaders | undefined {
  const match = UBER_TRACE_ID.exec(decodePercent(header));
  if (match === null) return undefined;
  const [, traceIdText = '', spanIdText = '', flagsText = ''] = match;
  const traceId = parseTraceId(traceIdText);
  const spanId = parseSpanId(spanIdText);
  if (traceId === undefined || spanId === undefined) return undefined;
  return { traceId, spanId, flags: Number.parseInt(flagsText, 16) };
}

/** Writes `uber-trace-id` with full ids and no parent. */
export function formatUberTraceId({ traceId, spanId, flags }: SpanContextHeaders): string {
  return `${traceId}:${spanId}:0:${flags.toString(16)}`;
}
