/**
 * Where a page of spans ended, as the text a client hands back: base64url of the start (8 bytes, big-endian), trace id (16), span id
 * (8) and kind (1) of its last span, and behind them its service. Opaque on purpose, so that what is in it can change.
 */
import { InvalidQueryError, SPAN_KINDS, parseSpanId, parseTraceId, unixNano } from '@clew/model';
import type { SpanIdentity } from '@clew/model';

export function formatSpanCursor(span: SpanIdentity): string {
  const { startUnixNano, traceId, spanId, kind, service } = span;
  const start = startUnixNano.toString(16).padStart(16, '0');
  const kindNumber = SPAN_KINDS.indexOf(kind).toString(16).padStart(2, '0');
  const ids = Buffer.from(start + traceId + spanId + kindNumber, 'hex');
  return Buffer.concat([ids, Buffer.from(service)]).toString('base64url');
}

/** Throws `InvalidQueryError` for anything that `formatSpanCursor` has not made. */
export function parseSpanCursor(text: string): SpanIdentity {
  const bytes = Buffer.from(text, 'base64url');
  const hex = bytes.toString('hex', 0, SERVICE_OFFSET);
  const traceId = parseTraceId(hex.slice(16, 48));
  const spanId = parseSpanId(hex.slice(48, 64));
  const kind = SPAN_KINDS[bytes[SERVICE_OFFSET - 1] ?? SPAN_KINDS.length];
  const isWhole = bytes.length >= SERVICE_OFFSET && bytes.toString('base64url') === text;
  if (!isWhole || traceId === undefined || spanId === undefined || kind === undefined) {
    throw new InvalidQueryError('the cursor is not one of a search for spans', {
      parameter: 'cursor',
    });
  }
  const startUnixNano = unixNano(BigInt(`0x${hex.slice(0, 16)}`));
  const service = bytes.toString('utf8', SERVICE_OFFSET);
  return { startUnixNano, traceId, spanId, kind, service };
}

const SERVICE_OFFSET = 33;
