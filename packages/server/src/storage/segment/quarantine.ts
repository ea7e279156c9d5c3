/**
 * Where files that are damaged are kept as they were found, each with a file beside it that says what is wrong: they may
 * hold spans that were acknowledged, so nothing of them is thrown away, and nothing of them stops the store.
 */
import { copyFile, open, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Logger } from '../../telemetry/log.ts';
import { syncDirectory } from './disk.ts';

export class Quarantine {
  readonly directory: string;
  readonly #log: Logger;
  /** Files that were set aside since the start. */
  fileCount = 0;

  constructor(directory: string, log: Logger) {
    this.directory = directory;
    this.#log = log;
  }

  /** Keeps a copy of the file, which is about to be repaired; durable when it resolves. */
  async keepCopy(path: string, reason: string): Promise<void> {
    const target = join(this.directory, basename(path));
    await copyFile(path, target);
    const handle = await open(target, 'r+');
    try {
      await handle.datasync();
    } finally {
      await handle.close();
    }
    await this.#report(target, reason);
  }

  /** Takes the file away from where it is. */
  async take(path: string, reason: string): Promise<void> {
    const target = join(this.directory, basename(path));
    await rename(path, target);
    await syncDirectory(dirname(path));
    await this.#report(target, reason);
  }

  async #report(path: string, reason: string): Promise<void> {
    this.fileCount++;
    this.#log.error('set aside a damaged segment file', { path, reason });
    // The log has said it; a disk without room for a note is no reason to stop.
    await writeFile(`${path}.reason.txt`, `${reason}\n`).catch(() => undefined);
    await syncDirectory(this.directory);
  }
}
