/**
 * A search cursor as the text a client hands back: base64url of what the order goes by (8 bytes, big-endian) and the
 * trace id (16 bytes). Opaque on purpose, so that what is in it can change.
 */
import { InvalidQueryError, parseTraceId } from '@clew/model';
import type { SearchCursor } from '../storage/span-store.ts';

export function formatCursor({ rank, traceId }: SearchCursor): string {
  const hex = rank.toString(16).padStart(16, '0') + traceId;
  return Buffer.from(hex, 'hex').toString('base64url');
}

/** Throws `InvalidQueryError` for anything that `formatCursor` has not made. */
export function parseCursor(text: string): SearchCursor {
  const hex = CURSOR.test(text) ? Buffer.from(text, 'base64url').toString('hex') : '';
  const traceId = parseTraceId(hex.slice(16));
  if (traceId === undefined) {
    throw new InvalidQueryError('the cursor is not one of a search answer', {
      parameter: 'cursor',
    });
  }
  return { rank: BigInt(`0x${hex.slice(0, 16)}`), traceId };
}

/** 24 bytes are 32 digits of base64url, without padding. */
const CURSOR = /^[\w-]{32}$/;
