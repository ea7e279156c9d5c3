/** In which order spans are found: what it goes by, and where in it a search goes on. */
import { SPAN_KINDS, unixNano } from '@clew/model';
import type { Span } from '@clew/model';
import type { FoundSpan, SpanOrder } from '../../span-store.ts';
import type { CandidateQuery } from './candidates.ts';
import { endAfter } from './end-after.ts';

export const NEWEST_SPANS_FIRST: SpanOrder = { by: 'start', direction: 'desc' };

export function isNewestFirst({ by, direction }: SpanOrder): boolean {
  return by === 'start' && direction === 'desc';
}

/** What the order goes by, in nanoseconds. */
export function rankOf({ startUnixNano, durationNano }: Span, { by }: SpanOrder): bigint {
  return by === 'start' ? startUnixNano : durationNano;
}

/** Whether what has the one rank stands before what has the other. */
export function isRankBefore(a: bigint, b: bigint, { direction }: SpanOrder): boolean {
  return direction === 'desc' ? a > b : a < b;
}

/** A rank that every span's comes before. */
export function rankBehindAll({ direction }: SpanOrder): bigint {
  return direction === 'desc' ? -1n : 1n << 64n;
}

/** As the engine puts spans in order. */
export function compareInOrder({ direction }: SpanOrder): (a: FoundSpan, b: FoundSpan) => number {
  return direction === 'desc' ? (a, b) => compareUpwards(b, a) : compareUpwards;
}

function compareUpwards(a: FoundSpan, b: FoundSpan): number {
  return (
    compare(a.rank, b.rank) ||
    compare(a.startUnixNano, b.startUnixNano) ||
    compare(a.traceId, b.traceId) ||
    compare(a.spanId, b.spanId) ||
    Buffer.compare(Buffer.from(a.service), Buffer.from(b.service)) ||
    SPAN_KINDS.indexOf(a.kind) - SPAN_KINDS.indexOf(b.kind)
  );
}

function compare<Value extends bigint | string>(a: Value, b: Value): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Leaves out the spans whose rank comes before the one that is given. */
export function beginAt(query: CandidateQuery, order: SpanOrder, rank: bigint): CandidateQuery {
  if (order.by === 'duration') {
    const bound =
      order.direction === 'desc' ? { maxDurationNano: rank } : { minDurationNano: rank };
    return { ...query, ...bound };
  }
  const { startUnixNano = unixNano(0n), endUnixNano } = query;
  if (order.direction === 'asc') {
    return { ...query, startUnixNano: rank > startUnixNano ? unixNano(rank) : startUnixNano };
  }
  const end = endAfter(rank);
  const isEarlier = end !== undefined && (endUnixNano === undefined || end < endUnixNano);
  return isEarlier ? { ...query, endUnixNano: end } : query;
}
