import { open } from 'node:fs/promises';
import { StorageError } from '@clew/model';

/** Makes the names in a directory durable: a file that was created, renamed or deleted stays so after a power cut. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EACCES: 'permission denied',
  EIO: 'the disk reports an input/output error',
  EMFILE: 'too many open files',
  EFBIG: 'the file is larger than the file system allows',
};

/** Says what a failed file operation means: `cannot write <path>: the disk is full`. */
export function diskError(action: string, path: string, cause: unknown): StorageError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const message = cause instanceof Error ? cause.message : String(cause);
  return new StorageError(`cannot ${action} ${path}: ${REASONS[code] ?? message}`, {
    code: 'unavailable',
    cause,
  });
}
