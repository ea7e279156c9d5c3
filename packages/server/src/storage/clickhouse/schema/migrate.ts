import { StorageError } from '@clew/model';
import type { Logger } from '../../../telemetry/log.ts';
import type { Engine } from '../engine/engine.ts';
import { RowBinaryReader } from '../engine/row-binary-reader.ts';
import { integerLiteral, sql, textLiteral } from '../engine/sql.ts';
import type { Migration } from './migrations.ts';

/**
 * Brings the store's schema to the last of `migrations`. A store that a newer program has brought further is refused:
 * this one does not know what it would break.
 */
export async function migrate(
  engine: Engine,
  migrations: readonly Migration[],
  log: Logger,
): Promise<void> {
  await engine.execute(sql`CREATE TABLE IF NOT EXISTS schema_migrations (
  version UInt32,
  description String,
  applied_at DateTime DEFAULT now()
)
ENGINE = MergeTree
ORDER BY version
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`);

  const found = await readVersion(engine);
  const known = migrations.at(-1)?.version ?? 0;
  if (found > known) {
    throw new StorageError(
      `the store was written by a newer version of clew: its schema has version ${found}, ` +
        `this program knows version ${known} at most; start the newer program or choose another data directory`,
      { code: 'failed_precondition' },
    );
  }
  for (const { version, description, statements } of migrations) {
    if (version <= found) continue;
    for (const statement of statements) await engine.execute(statement);
    await engine.execute(
      sql`INSERT INTO schema_migrations (version, description) VALUES (${integerLiteral(version)}, ${textLiteral(description)})`,
    );
    log.debug('schema migrated', { version, description });
  }
}

async function readVersion(engine: Engine): Promise<number> {
  const answer = await engine.read(sql`SELECT max(version) FROM schema_migrations`);
  return new RowBinaryReader(answer).uint32();
}
