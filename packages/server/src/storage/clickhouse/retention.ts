/**
 * Drops what is older than the retention, a day's partition at a time: that is deleting files, where deleting rows would
 * be rewriting them.
 */
import type { Clock } from '@clew/model';
import type { Logger } from '../../telemetry/log.ts';
import { keptDays } from '../native/partition-day.ts';
import type { Engine } from './engine/engine.ts';
import { RowBinaryReader } from './engine/row-binary-reader.ts';
import { Sql, dateLiteral, sql, textLiteral } from './engine/sql.ts';
import { PARTITIONED_TABLES } from './schema/migrations.ts';

export interface RetentionOptions {
  readonly engine: Engine;
  readonly retentionMs: number;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Drops all partitions whose day ended longer ago than the retention; gives their number. */
export async function dropExpired(options: RetentionOptions): Promise<number> {
  const { engine, retentionMs, clock, log } = options;
  const { first } = keptDays(clock.nowMs(), retentionMs);
  const answer = await engine.read(sql`
SELECT DISTINCT table, partition_id
FROM system.parts
WHERE database = currentDatabase() AND active
  AND table IN (${PARTITIONED_TABLES.map(textLiteral)})
  AND max_date < ${dateLiteral(first)}`);
  const reader = new RowBinaryReader(answer);
  const expired = reader.rows(() => ({ table: reader.text(), partition: reader.text() }));
  for (const { table, partition } of expired) {
    const name = new Sql(PARTITIONED_TABLES.find((each) => each === table) ?? '');
    await engine.execute(sql`ALTER TABLE ${name} DROP PARTITION ID ${textLiteral(partition)}`);
    log.info('dropped an expired partition', { table, partition });
  }
  return expired.length;
}

const INTERVAL_MS = 10 * 60_000;

/** Repeats `dropExpired` every ten minutes until the result is called. */
export function scheduleRetention(options: RetentionOptions): () => void {
  const timer = setInterval(() => {
    dropExpired(options).catch((error: unknown) => {
      options.log.warn('cannot drop expired partitions', { error: String(error) });
    });
  }, INTERVAL_MS);
  timer.unref();
  return () => clearInterval(timer);
}
