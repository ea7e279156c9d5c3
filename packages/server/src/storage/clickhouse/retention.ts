/**
 * Drops what is too old or too much, whole partitions at a time: that is deleting files, where deleting rows would be
 * rewriting them.
 *
 * Tables differ in how long their partitions are: those of spans are hours, those of what is kept about them may be days.
 * What decides is when a partition ends, so that what says something about spans is never dropped before them.
 */
import type { Clock } from '@clew/model';
import type { Logger } from '../../telemetry/log.ts';
import { PARTITION_SECONDS, keptPartitions } from '../native/partition-time.ts';
import type { Engine } from './engine/engine.ts';
import { RowBinaryReader } from './engine/row-binary-reader.ts';
import { Sql, integerLiteral, sql, textLiteral } from './engine/sql.ts';
import { PARTITIONED_TABLES } from './schema/migrations.ts';

export interface RetentionOptions {
  readonly engine: Engine;
  readonly retentionMs: number;
  /** The most bytes that the store may hold; 0 for no limit. */
  readonly maxStoreBytes: number;
  /** Bytes that the store holds outside of the engine. */
  readonly otherBytes: () => number;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Drops what the limits do not allow any more; gives the number of dropped partitions. */
export async function applyRetention(options: RetentionOptions): Promise<number> {
  const { engine, retentionMs, maxStoreBytes, clock, log } = options;
  const partitions = await listPartitions(engine);
  const { first } = keptPartitions(clock.nowMs(), retentionMs);
  const expired = partitions.filter(({ endSeconds }) => endSeconds <= first);
  await dropAll(engine, expired, (fields) => log.info('dropped an expired partition', fields));
  if (maxStoreBytes === 0) return expired.length;

  const kept = partitions.filter(({ endSeconds }) => endSeconds > first);
  const limitBytes = maxStoreBytes - options.otherBytes();
  const surplus = findSurplus(kept, limitBytes, clock.nowMs());
  await dropAll(engine, surplus, (fields) =>
    log.warn('dropped a partition because the store is larger than it may be', {
      ...fields,
      maxStoreBytes,
    }),
  );
  return expired.length + surplus.length;
}

const INTERVAL_MS = 60_000;

/** Repeats `applyRetention` every minute, until the result is called and has waited for the one that is running. */
export function scheduleRetention(options: RetentionOptions): () => Promise<void> {
  let running: Promise<unknown> | undefined;
  const timer = setInterval(() => {
    running ??= applyRetention(options)
      .catch((error: unknown) => {
        options.log.warn('cannot drop old partitions', { error: String(error) });
      })
      .finally(() => (running = undefined));
  }, INTERVAL_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}

interface Partition {
  readonly table: string;
  readonly id: string;
  /** The first second after it, since 1970. */
  readonly endSeconds: number;
  readonly byteLength: number;
}

const SECONDS_PER_DAY = 86_400;

/** The partitions of all tables, oldest end first, with the bytes of their parts. */
async function listPartitions(engine: Engine): Promise<readonly Partition[]> {
  const perPartition = integerLiteral(PARTITION_SECONDS);
  const perDay = integerLiteral(SECONDS_PER_DAY);
  const statement = sql`
SELECT
  table,
  partition_id,
  toUInt64(max(if(
    toUnixTimestamp(max_time) > 0,
    toUnixTimestamp(max_time) + ${perPartition},
    (toUInt16(max_date) + 1) * ${perDay}
  ))) AS end_seconds,
  toUInt64(sum(bytes_on_disk))
FROM system.parts
WHERE database = currentDatabase() AND active AND table IN (${PARTITIONED_TABLES.map(textLiteral)})
GROUP BY table, partition_id
ORDER BY end_seconds, table, partition_id`;
  const answer = await engine.read(statement, { isOwn: true });
  const reader = new RowBinaryReader(answer);
  return reader.rows(() => ({
    table: reader.text(),
    id: reader.text(),
    endSeconds: Number(reader.uint64()),
    byteLength: Number(reader.uint64()),
  }));
}

/**
 * The oldest partitions, all that end at one time together, as many as it takes. Of those that are not over yet only the
 * one in which spans arrive now can be among them, last, when it alone is larger than the limit.
 */
function findSurplus(
  partitions: readonly Partition[],
  limitBytes: number,
  nowMs: number,
): readonly Partition[] {
  const currentEnd = (Math.floor(nowMs / 1000 / PARTITION_SECONDS) + 1) * PARTITION_SECONDS;
  let byteLength = partitions.reduce((sum, partition) => sum + partition.byteLength, 0);
  const surplus: Partition[] = [];
  for (const partition of partitions) {
    const isStarted = surplus.at(-1)?.endSeconds === partition.endSeconds;
    if (partition.endSeconds > currentEnd || (byteLength <= limitBytes && !isStarted)) break;
    surplus.push(partition);
    byteLength -= partition.byteLength;
  }
  return surplus;
}

async function dropAll(
  engine: Engine,
  partitions: readonly Partition[],
  onDropped: (fields: { table: string; partition: string; bytes: number }) => void,
): Promise<void> {
  for (const table of PARTITIONED_TABLES) {
    for (const { id, byteLength } of partitions.filter((each) => each.table === table)) {
      await engine.execute(sql`ALTER TABLE ${new Sql(table)} DROP PARTITION ID ${textLiteral(id)}`);
      onDropped({ table, partition: id, bytes: byteLength });
    }
  }
}
