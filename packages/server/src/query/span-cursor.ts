/**
 * Where a page of spans ended, as the text a client hands back: base64url of what the order goes by (8 bytes, big-endian), the
 * start (8), trace id (16), span id (8) and kind (1) of its last span, the fingerprint of the search, and behind them the span's
 * service. Opaque on purpose, so that
 * what is in it can change.
 */
import { InvalidQueryError, SPAN_KINDS, parseSpanId, parseTraceId, unixNano } from '@clew/model';
import type { FoundSpan } from '../storage/span-store.ts';
import { FINGERPRINT_BYTES, refuseOtherSearch } from './search-fingerprint.ts';

/** `fingerprint` is of the search that the cursor continues. */
export function formatSpanCursor(span: FoundSpan, fingerprint: string): string {
  const { rank, startUnixNano, traceId, spanId, kind, service } = span;
  const numbers = toHex(rank) + toHex(startUnixNano);
  const kindNumber = SPAN_KINDS.indexOf(kind).toString(16).padStart(2, '0');
  const fixed = Buffer.from(numbers + traceId + spanId + kindNumber + fingerprint, 'hex');
  return Buffer.concat([fixed, Buffer.from(service)]).toString('base64url');
}

/** Throws `InvalidQueryError` for anything that `formatSpanCursor` has not made, or has made for another search. */
export function parseSpanCursor(text: string, fingerprint: string): FoundSpan {
  const bytes = Buffer.from(text, 'base64url');
  const hex = bytes.toString('hex', 0, SERVICE_OFFSET);
  const traceId = parseTraceId(hex.slice(32, 64));
  const spanId = parseSpanId(hex.slice(64, 80));
  const kind = SPAN_KINDS[bytes[KIND_OFFSET] ?? SPAN_KINDS.length];
  const isWhole = bytes.length >= SERVICE_OFFSET && bytes.toString('base64url') === text;
  if (!isWhole || traceId === undefined || spanId === undefined || kind === undefined) {
    throw new InvalidQueryError('the cursor is not one of a search for spans', {
      parameter: 'cursor',
    });
  }
  refuseOtherSearch(hex.slice(2 * (KIND_OFFSET + 1)), fingerprint);
  const rank = BigInt(`0x${hex.slice(0, 16)}`);
  const startUnixNano = unixNano(BigInt(`0x${hex.slice(16, 32)}`));
  const service = bytes.toString('utf8', SERVICE_OFFSET);
  return { rank, startUnixNano, traceId, spanId, kind, service };
}

function toHex(number: bigint): string {
  return number.toString(16).padStart(16, '0');
}

const KIND_OFFSET = 40;
const SERVICE_OFFSET: number = KIND_OFFSET + 1 + FINGERPRINT_BYTES;
