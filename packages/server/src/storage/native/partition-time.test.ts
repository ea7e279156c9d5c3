import { Uint64Column } from '@clew/model';
import { describe, expect, test } from 'vitest';
import { NOW_MS } from '../testing/spans.ts';
import {
  PARTITION_SECONDS,
  dayOfPartition,
  fileByPartition,
  keptPartitions,
  partitionOfUnixNano,
} from './partition-time.ts';

const DAY_MS = 86_400_000;
const DAY_SECONDS = 86_400;
const RETENTION_MS = 7 * DAY_MS;
const PARTITION_NANOS = BigInt(PARTITION_SECONDS) * 1_000_000_000n;
const NOW = partitionOfUnixNano(BigInt(NOW_MS) * 1_000_000n);
const TODAY = Math.floor(NOW_MS / DAY_MS);

function file(starts: readonly bigint[]): { partitions: number[]; clamped: number[] } {
  const column = new Uint64Column();
  for (const start of starts) column.pushBigint(start);
  const target = {
    partitions: new Uint32Array(starts.length),
    clamped: new Uint8Array(starts.length),
  };
  fileByPartition(column, keptPartitions(NOW_MS, RETENTION_MS), target);
  return { partitions: [...target.partitions], clamped: [...target.clamped] };
}

describe('filing spans by partition', () => {
  test('takes the partition that a span started in', () => {
    const start = BigInt(NOW_MS) * 1_000_000n;
    expect(file([start, start - PARTITION_NANOS])).toEqual({
      partitions: [NOW, NOW - PARTITION_SECONDS],
      clamped: [0, 0],
    });
  });

  test('is exact at the nanosecond between two', () => {
    const border = BigInt(NOW) * 1_000_000_000n;
    const before = NOW - PARTITION_SECONDS;
    expect(file([border - 1n, border, border + 1n]).partitions).toEqual([before, NOW, NOW]);
  });

  test('moves starts outside of what is kept to its ends, and marks them', () => {
    const year2500 = BigInt(Date.UTC(2500, 0, 1)) * 1_000_000n;
    const { first, last } = keptPartitions(NOW_MS, RETENTION_MS);
    expect(file([0n, year2500, (1n << 64n) - 1n])).toEqual({
      partitions: [first, last, last],
      clamped: [1, 1, 1],
    });
  });

  test('keeps what the retention asks for, to the end of tomorrow', () => {
    const { first, last } = keptPartitions(NOW_MS, RETENTION_MS);
    expect(first).toBeLessThanOrEqual((NOW_MS - RETENTION_MS) / 1000);
    expect(first + PARTITION_SECONDS).toBeGreaterThan((NOW_MS - RETENTION_MS) / 1000);
    expect(last + PARTITION_SECONDS).toBe((TODAY + 2) * DAY_SECONDS);
    expect(dayOfPartition(last)).toBe(TODAY + 1);
  });

  test('knows the partition of every start that there can be', () => {
    expect(partitionOfUnixNano(0n)).toBe(0);
    expect(dayOfPartition(partitionOfUnixNano((1n << 64n) - 1n))).toBe(213_503);
  });
});
