/**
 * Which partition a span is filed in: the stretch of `PARTITION_HOURS` it started in, held between the oldest that is
 * kept and tomorrow's last. The engine opens one part per partition of an insert, so without the bounds one sender with
 * a broken clock would turn a batch into thousands of parts, and its spans would never age out. A span that had to be
 * moved is marked, so that a search by time can tell whose partition says when it started and whose does not.
 *
 * A partition is what retention drops, so it is short enough that a store with a byte limit can give up a part of a day;
 * and long enough that a trace spread over a week, or an import of one, is a few dozen parts and not hundreds. Partitions
 * are named by their first second since 1970-01-01.
 */
import type { SpanBlock, Uint64Column } from '@clew/model';

/** Divides a day, so that what is filed by day has whole partitions of spans. */
export const PARTITION_HOURS = 4;

export const PARTITION_SECONDS: number = PARTITION_HOURS * 3600;

/** The first and the last partition, both inclusive. */
export interface PartitionRange {
  readonly first: number;
  readonly last: number;
}

const SECONDS_PER_DAY = 86_400;
const PARTITION_NANOS = PARTITION_SECONDS * 1e9;
const BIG_PARTITION_NANOS = BigInt(PARTITION_NANOS);
/** A 64-bit number as a `double` is off by at most 1024 above 2^63. */
const ROUNDING = 2048;

/** Where each span of a block is filed. */
export interface BlockFiling {
  /** Partitions, as ClickHouse's `DateTime`. */
  readonly partitions: Uint32Array;
  /** 1 where that is not the partition the span began in. */
  readonly clamped: Uint8Array;
  /** The days of the partitions, as ClickHouse's `Date`. */
  readonly days: Uint16Array;
}

/** Files the spans of a block. */
export function fileBlock(block: SpanBlock, range: PartitionRange): BlockFiling {
  const filing = {
    partitions: new Uint32Array(block.spanCount),
    clamped: new Uint8Array(block.spanCount),
    days: new Uint16Array(block.spanCount),
  };
  fileByPartition(block.startUnixNano, range, filing);
  for (let row = 0; row < filing.days.length; row++) {
    filing.days[row] = dayOfPartition(filing.partitions[row] ?? 0);
  }
  return filing;
}

/** The partitions that a span that arrives now may be filed in: the oldest one kept to the end of tomorrow. */
export function keptPartitions(nowMs: number, retentionMs: number): PartitionRange {
  const tomorrow = Math.floor(nowMs / 1000 / SECONDS_PER_DAY) + 1;
  return {
    first: Math.max(0, partitionOfSeconds((nowMs - retentionMs) / 1000)),
    last: (tomorrow + 1) * SECONDS_PER_DAY - PARTITION_SECONDS,
  };
}

/** The partition of a time in nanoseconds since 1970. */
export function partitionOfUnixNano(time: bigint): number {
  return Number(time / BIG_PARTITION_NANOS) * PARTITION_SECONDS;
}

/** The day, counted from 1970-01-01, that a partition is a part of. */
export function dayOfPartition(partition: number): number {
  return Math.floor(partition / SECONDS_PER_DAY);
}

/** Fills `partitions` (ClickHouse's `DateTime`) and `clamped` (`Bool`) for each start. */
export function fileByPartition(
  starts: Uint64Column,
  range: PartitionRange,
  target: { readonly partitions: Uint32Array; readonly clamped: Uint8Array },
): void {
  const halves = starts.halves;
  const { partitions, clamped } = target;
  for (let row = 0; row < starts.length; row++) {
    const nanos = (halves[2 * row + 1] ?? 0) * 0x1_0000_0000 + (halves[2 * row] ?? 0);
    let number = Math.floor(nanos / PARTITION_NANOS);
    const into = nanos - number * PARTITION_NANOS;
    if (into < ROUNDING || into > PARTITION_NANOS - ROUNDING) {
      number = Number(starts.at(row) / BIG_PARTITION_NANOS);
    }
    const own = number * PARTITION_SECONDS;
    const filed = own < range.first ? range.first : own > range.last ? range.last : own;
    partitions[row] = filed;
    clamped[row] = filed === own ? 0 : 1;
  }
}

function partitionOfSeconds(seconds: number): number {
  return Math.floor(seconds / PARTITION_SECONDS) * PARTITION_SECONDS;
}
