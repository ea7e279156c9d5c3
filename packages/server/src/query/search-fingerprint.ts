/** What tells a search from others, so that a cursor continues only the one it came from. */
import { InvalidQueryError } from '@clew/model';
import { printQuery } from '@clew/traceql';
import type { SpanQuery, TraceQuery } from '../storage/span-store.ts';

export const FINGERPRINT_BYTES = 8;

type Search = Pick<SpanQuery, 'search' | 'startUnixNano' | 'endUnixNano'> &
  Partial<Pick<TraceQuery, 'traces' | 'order'>>;

/** Of all but the limit, which may differ from page to page: hexadecimal digits. */
export function fingerprintOf({
  search,
  traces,
  order,
  startUnixNano,
  endUnixNano,
}: Search): string {
  const { by, direction } = search.order ?? order ?? { by: 'start', direction: 'desc' };
  const unordered = printQuery({ ...search, order: undefined });
  const parts = [unordered, traces, by, direction, startUnixNano, endUnixNano];
  const text = JSON.stringify(parts, (_, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
  return hashOf(text)
    .toString(16)
    .padStart(2 * FINGERPRINT_BYTES, '0');
}

/** FNV-1a of 64 bits: nobody gains by finding two searches that share it. */
function hashOf(text: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(text))
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash;
}

/** Throws `InvalidQueryError` where the fingerprint of a cursor is not that of the search which it came with. */
export function refuseOtherSearch(ofCursor: string, ofSearch: string): void {
  if (ofCursor === ofSearch) return;
  const message =
    'the cursor is of another search: expected the conditions, start, end and order of the answer it came from';
  throw new InvalidQueryError(message, { parameter: 'cursor' });
}
