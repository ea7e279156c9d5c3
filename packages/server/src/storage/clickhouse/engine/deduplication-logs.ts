/**
 * The engine remembers the tokens of inserts in a log beside each table, which it writes but does not sync: after a
 * power cut a table could hold the rows of an insert that it does not remember, and a replay would double them. So
 * these logs are synced here, before the segment that could be replayed is deleted.
 */
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { syncDirectory } from '../../segment/disk.ts';
import { RowBinaryReader } from './row-binary-reader.ts';
import { sql } from './sql.ts';
import type { Sql } from './sql.ts';

export class DeduplicationLogs {
  readonly #read: (statement: Sql) => Promise<Uint8Array>;
  #directories: Promise<ReadonlyMap<string, string>> | undefined;

  /** `read` asks the engine where its tables lie. */
  constructor(read: (statement: Sql) => Promise<Uint8Array>) {
    this.#read = read;
  }

  async sync(tables: readonly string[]): Promise<void> {
    this.#directories ??= this.#findDirectories();
    const directories = await this.#directories;
    await Promise.all(tables.map((table) => syncFiles(directories.get(table))));
  }

  async #findDirectories(): Promise<ReadonlyMap<string, string>> {
    const answer = await this.#read(
      sql`SELECT name, data_paths[1] FROM system.tables WHERE database = currentDatabase() AND notEmpty(data_paths)`,
    );
    const reader = new RowBinaryReader(answer);
    return new Map(
      reader.rows(() => [reader.text(), join(reader.text(), 'deduplication_logs')] as const),
    );
  }
}

async function syncFiles(directory: string | undefined): Promise<void> {
  if (directory === undefined) return;
  for (const name of await readdir(directory)) {
    const handle = await open(join(directory, name), 'r');
    try {
      await handle.datasync();
    } finally {
      await handle.close();
    }
  }
  await syncDirectory(directory);
}
