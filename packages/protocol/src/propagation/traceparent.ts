import { parseSpanId, parseTraceId } from '@clew/model';
import type { SpanId, TraceId } from '@clew/model';

/** What the `traceparent` header carries. */
export interface SpanContextHeaders {
  readonly traceId: TraceId;
  /** The sender's span: the parent of what the receiver starts. */
  readonly spanId: SpanId;
  /** One byte: bit 0 is "sampled", bit 1 is "the trace id is random" (Level 2). */
  readonly flags: number;
}

const FLAGS_OF_LEVEL_2 = 0x03;
const VERSION_00_LENGTH = 55;
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/s;

/**
 * Reads a `traceparent` header (W3C Trace Context Level 2, section 3.2). `undefined` when it must be ignored: malformed,
 * upper-case digits, version ff, a zero id. A version after 00 may have more at its end; of its flags only those this
 * version knows are taken.
 */
export function parseTraceparent(header: string): SpanContextHeaders | undefined {
  const match = TRACEPARENT.exec(header);
  if (match === null) return undefined;
  const [, version = '', traceIdText = '', spanIdText = '', flagsText = ''] = match;
  if (version === 'ff' || (version === '00' && header.length > VERSION_00_LENGTH)) return undefined;
  const traceId = parseTraceId(traceIdText);
  const spanId = parseSpanId(spanIdText);
  if (traceId === undefined || spanId === undefined) return undefined;
  const flags = Number.parseInt(flagsText, 16);
  return { traceId, spanId, flags: version === '00' ? flags : flags & FLAGS_OF_LEVEL_2 };
}

/** Writes a version 00 `traceparent` header. Flags the version does not know are left out, as it demands. */
export function formatTraceparent(context: SpanContextHeaders): string {
  const flags = (context.flags & FLAGS_OF_LEVEL_2).toString(16).padStart(2, '0');
  return `00-${context.traceId}-${context.spanId}-${flags}`;
}
