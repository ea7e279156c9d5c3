/**
 * Brings a store that was filled in minutes to where one is that was filled in the hours its spans are of: partitions to
 * which nothing is added any more are merged into one part, which the engine does by itself after a quarter of an hour.
 * In a process of its own, because an engine's directory is given back only when a process ends.
 */
import { DATABASE, openEngine, select } from './engine.ts';

/** Those of the store's tables that are merged when they are quiet, and up to how many bytes (`schema/migrations.ts`). */
const MAX_BYTES: Readonly<Record<string, number>> = { spans: 503_316_480, traces: 2 ** 36 };

function ageStore(dataDir: string): void {
  using session = openEngine(dataDir);
  for (const [table, maxBytes] of Object.entries(MAX_BYTES)) {
    const partitions = select<{ id: string; bytes: string }>(
      session,
      `SELECT partition_id AS id, sum(bytes_on_disk) AS bytes FROM system.parts
       WHERE database = '${DATABASE}' AND table = '${table}' AND active GROUP BY id ORDER BY id`,
    );
    // The newest is still being added to.
    for (const { id, bytes } of partitions.slice(0, -1)) {
      if (Number(bytes) > maxBytes) continue;
      session.query(`OPTIMIZE TABLE ${DATABASE}.${table} PARTITION ID '${id}' FINAL`);
    }
  }
}

process.on('message', (dataDir: string) => {
  ageStore(dataDir);
  // Not within the handler: the channel is still busy with its message.
  setImmediate(() => process.disconnect());
});
