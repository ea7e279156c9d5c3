/**
 * A search cursor as the text a client hands back: base64url of what the order goes by (8 bytes, big-endian), the trace id (16
 * bytes), the end of the time (8 bytes, zero for none) and the fingerprint of the search. Opaque on purpose, so that what is in it
 * can change.
 */
import { InvalidQueryError, parseTraceId, unixNano } from '@clew/model';
import type { SearchCursor } from '../storage/span-store.ts';
import { FINGERPRINT_BYTES, refuseOtherSearch } from './search-fingerprint.ts';

/** `fingerprint` is of the search that the cursor continues. */
export function formatCursor(
  { rank, traceId, endUnixNano = unixNano(0n) }: SearchCursor,
  fingerprint: string,
): string {
  const hex = `${toHex(rank)}${traceId}${toHex(endUnixNano)}${fingerprint}`;
  return Buffer.from(hex, 'hex').toString('base64url');
}

/** Throws `InvalidQueryError` for anything that `formatCursor` has not made, or has made for another search. */
export function parseCursor(text: string, fingerprint: string): SearchCursor {
  const bytes = Buffer.from(text, 'base64url');
  const hex = bytes.toString('hex');
  const traceId = parseTraceId(hex.slice(16, 48));
  const isWhole = bytes.length === CURSOR_BYTES && bytes.toString('base64url') === text;
  if (!isWhole || traceId === undefined) {
    throw new InvalidQueryError('the cursor is not one of a search answer', {
      parameter: 'cursor',
    });
  }
  refuseOtherSearch(hex.slice(64), fingerprint);
  const end = BigInt(`0x${hex.slice(48, 64)}`);
  return {
    rank: BigInt(`0x${hex.slice(0, 16)}`),
    traceId,
    endUnixNano: end === 0n ? undefined : unixNano(end),
  };
}

function toHex(number: bigint): string {
  return number.toString(16).padStart(16, '0');
}

const CURSOR_BYTES = 32 + FINGERPRINT_BYTES;
