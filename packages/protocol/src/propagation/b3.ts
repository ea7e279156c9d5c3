/** Zipkin's context headers (github.com/openzipkin/b3-propagation), in one header or in several. */
import { parseSpanId, parseTraceId } from '@clew/model';
import type { SpanContextHeaders } from './traceparent.ts';

const SAMPLED = 0x01;
const B3 = /^([0-9a-f]{16}|[0-9a-f]{32})-([0-9a-f]{16})(?:-([01d]))?(?:-[0-9a-f]{16})?$/i;

/** The headers of the form with several, each as it came. */
export interface B3Fields {
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
  /** `1`, `0`, and of old senders `true` and `false`; missing when the decision is left to the receiver. */
  readonly sampled: string | undefined;
  /** `1` means that the trace is to be recorded by all means. */
  readonly flags: string | undefined;
}

/** Reads a `b3` header. `undefined` when it is malformed, or says only whether to sample. */
export function parseB3(header: string): SpanContextHeaders | undefined {
  const match = B3.exec(header);
  if (match === null) return undefined;
  const [, traceId, spanId, state] = match;
  const isSampled = state === '1' || state?.toLowerCase() === 'd';
  return toContext(traceId, spanId, isSampled);
}

/** Reads the `x-b3-…` headers. `undefined` when an id is missing or malformed. */
export function parseB3Fields(fields: B3Fields): SpanContextHeaders | undefined {
  const { traceId, spanId, sampled, flags } = fields;
  const isSampled = flags === '1' || sampled === '1' || sampled?.toLowerCase() === 'true';
  return toContext(traceId, spanId, isSampled);
}

export function formatB3({ traceId, spanId, flags }: SpanContextHeaders): string {
  return `${traceId}-${spanId}-${formatSampled(flags)}`;
}

export function formatB3Fields({ traceId, spanId, flags }: SpanContextHeaders): B3Fields {
  return { traceId, spanId, sampled: formatSampled(flags), flags: undefined };
}

function formatSampled(flags: number): string {
  return (flags & SAMPLED) === 0 ? '0' : '1';
}

/** A trace id may have 64 bits: it is the lower half of one of 128. */
function toContext(
  traceIdText: string | undefined,
  spanIdText: string | undefined,
  isSampled: boolean,
): SpanContextHeaders | undefined {
  const isShort = traceIdText?.length === 16;
  const traceId = parseTraceId(`${isShort ? '0'.repeat(16) : ''}${traceIdText?.toLowerCase()}`);
  const spanId = parseSpanId(spanIdText?.toLowerCase() ?? '');
  if (traceId === undefined || spanId === undefined) return undefined;
  return { traceId, spanId, flags: isSampled ? SAMPLED : 0 };
}
