import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { diskError, syncDirectory } from './disk.ts';

/**
 * A file that only grows, by whole writes that are on the disk when `append` resolves. When one fails, what was half
 * written is cut off again and the file is as before; when even that fails, `isTorn` says that it has to be cut at
 * `length` before anybody reads it.
 */
export class AppendFile {
  readonly path: string;
  readonly #handle: FileHandle;
  /** Bytes that are durable. */
  length = 0;
  isTorn = false;

  private constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.#handle = handle;
  }

  /** Creates the file, and makes its name durable. */
  static async create(path: string): Promise<AppendFile> {
    try {
      const handle = await open(path, 'ax');
      await syncDirectory(dirname(path));
      return new AppendFile(path, handle);
    } catch (cause) {
      throw diskError('create', path, cause);
    }
  }

  async append(buffers: readonly Uint8Array[]): Promise<void> {
    try {
      const byteLength = await writeAll(this.#handle, buffers);
      await this.#handle.datasync();
      this.length += byteLength;
    } catch (cause) {
      await this.#cutBack();
      throw diskError('write', this.path, cause);
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  async #cutBack(): Promise<void> {
    try {
      await this.#handle.truncate(this.length);
      await this.#handle.datasync();
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
