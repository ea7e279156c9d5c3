/**
 * Which day's partition a span is filed in: the day it started, held between the oldest day that is kept and tomorrow.
 * The engine opens one part per partition of an insert, so without the bounds one sender with a broken clock would turn
 * a batch into thousands of parts, and its spans would never age out. A span that had to be moved is marked, so that
 * a search by time can tell whose partition says when it started and whose does not.
 */
import type { Uint64Column } from '@clew/model';

/** Days since 1970-01-01, both inclusive. */
export interface DayRange {
  readonly first: number;
  readonly last: number;
}

const MS_PER_DAY = 86_400_000;
const NANOS_PER_DAY = 86_400_000_000_000;
const BIG_NANOS_PER_DAY = BigInt(NANOS_PER_DAY);
/** A 64-bit number as a `double` is off by at most 1024 above 2^63. */
const ROUNDING = 2048;

/** The days a span that arrives now may be filed under: the oldest one kept to tomorrow. */
export function keptDays(nowMs: number, retentionMs: number): DayRange {
  return {
    first: Math.max(0, Math.floor((nowMs - retentionMs) / MS_PER_DAY)),
    last: Math.floor(nowMs / MS_PER_DAY) + 1,
  };
}

/** The day of a time in nanoseconds since 1970. */
export function dayOfUnixNano(time: bigint): number {
  return Number(time / BIG_NANOS_PER_DAY);
}

/** Fills `days` (ClickHouse's `Date`) and `clamped` (`Bool`) for each start. */
export function fileByDay(
  starts: Uint64Column,
  range: DayRange,
  target: { readonly days: Uint16Array; readonly clamped: Uint8Array },
): void {
  const halves = starts.halves;
  const { days, clamped } = target;
  for (let row = 0; row < starts.length; row++) {
    const nanos = (halves[2 * row + 1] ?? 0) * 0x1_0000_0000 + (halves[2 * row] ?? 0);
    let day = Math.floor(nanos / NANOS_PER_DAY);
    const intoDay = nanos - day * NANOS_PER_DAY;
    if (intoDay < ROUNDING || intoDay > NANOS_PER_DAY - ROUNDING)
      day = dayOfUnixNano(starts.at(row));
    const filed = day < range.first ? range.first : day > range.last ? range.last : day;
    days[row] = filed;
    clamped[row] = filed === day ? 0 : 1;
  }
}
