import { constants, open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { diskError, syncDirectory } from './disk.ts';

/**
 * When what was written is on the disk and not only in the system's memory: before a write is confirmed, when `sync` is
 * called after it, or whenever the system does it.
 */
export type SyncMode = 'always' | 'interval' | 'off';

const NEW = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_EXCL;

/**
 * A file that only grows, by whole writes that are there, as far as the mode promises, when `append` resolves. When one
 * fails, what was half written is cut off again and the file is as before; when even that fails, `isTorn` says that it
 * has to be cut at `length` before anybody reads it.
 */
export class AppendFile {
  readonly path: string;
  readonly #handle: FileHandle;
  readonly #mode: SyncMode;
  /** Resolves when its name is durable, unless nothing is synced. */
  readonly #named: Promise<void>;
  /** Bytes that were confirmed. */
  length = 0;
  isTorn = false;
  #isDirty = false;

  private constructor(path: string, handle: FileHandle, mode: SyncMode) {
    this.path = path;
    this.#handle = handle;
    this.#mode = mode;
    this.#named = mode === 'off' ? Promise.resolve() : syncDirectory(dirname(path));
    this.#named.catch(() => undefined); // For the first append to tell.
  }

  /** Creates the file; its name becomes durable while the first append is written, which saves that one a wait. */
  static async create(path: string, mode: SyncMode): Promise<AppendFile> {
    try {
      const flags = mode === 'always' ? NEW | constants.O_DSYNC : NEW;
      return new AppendFile(path, await open(path, flags), mode);
    } catch (cause) {
      throw diskError('create', path, cause);
    }
  }

  async append(buffers: readonly Uint8Array[]): Promise<void> {
    try {
      const [byteLength] = await Promise.all([writeAll(this.#handle, buffers), this.#named]);
      this.#isDirty = true;
      this.length += byteLength;
    } catch (cause) {
      await this.#cutBack();
      throw diskError('write', this.path, cause);
    }
  }

  /** Brings to the disk what was written and is not there yet. */
  async sync(): Promise<void> {
    if (!this.#isDirty || this.#mode !== 'interval') return;
    this.#isDirty = false;
    try {
      await this.#handle.datasync();
    } catch (cause) {
      throw diskError('sync', this.path, cause);
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  async #cutBack(): Promise<void> {
    try {
      await this.#handle.truncate(this.length);
      if (this.#mode === 'always') await this.#handle.datasync();
    } catch {
      this.isTorn = true; // The reason is the one of the write that failed before.
    }
  }
}

/** Writes all buffers, however few bytes the system takes at a time; gives their number. */
async function writeAll(handle: FileHandle, buffers: readonly Uint8Array[]): Promise<number> {
  let total = 0;
  let rest = buffers;
  while (rest.length > 0) {
    const { bytesWritten } = await handle.writev(rest);
    total += bytesWritten;
    rest = dropBytes(rest, bytesWritten);
  }
  return total;
}

function dropBytes(buffers: readonly Uint8Array[], count: number): readonly Uint8Array[] {
  let left = count;
  for (const [i, buffer] of buffers.entries()) {
    if (left < buffer.length) {
      return left === 0 ? buffers.slice(i) : [buffer.subarray(left), ...buffers.slice(i + 1)];
    }
    left -= buffer.length;
  }
  return [];
}
