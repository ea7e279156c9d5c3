import { execFile, execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeDirectory, removeDirectory } from '../testing/directories.ts';

/** A file system in memory, mounted where only the process and its children see it. */
const MOUNT_AND_RUN = 'mount -t tmpfs -o size=48m tmpfs "$0" && exec "$@"';

function canMount(): boolean {
  try {
    execFileSync('unshare', ['-rm', 'sh', '-c', MOUNT_AND_RUN, '/mnt', 'true'], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false; // Not Linux, or a container that does not allow it.
  }
}

describe.skipIf(!canMount())('a full disk', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await makeDirectory();
  });

  afterEach(() => removeDirectory(directory));

  test('is told to the sender, loses nothing acknowledged, and is over when there is room', async () => {
    const script = fileURLToPath(new URL('../testing/full-disk-writer.ts', import.meta.url));
    const node = [process.execPath, '--conditions=@clew/source', '--import', 'tsx', script];
    const { stdout } = await promisify(execFile)('unshare', [
      '-rm',
      'sh',
      '-c',
      MOUNT_AND_RUN,
      directory,
      ...node,
      directory,
    ]);
    const result = JSON.parse(stdout) as Record<string, unknown>;
    const errors = result['errors'] as string[];
    expect(errors).toHaveLength(6);
    for (const error of errors)
      expect(error).toMatch(/^StorageError: cannot .*: the disk is full$/);
    expect(result['acknowledged']).toBeGreaterThan(20);
    expect(result['found']).toBe(result['acknowledged']);
    expect(result['left']).toEqual([]);
    expect(result['lateResource']).toEqual(['service.name', 'host.name']);
  });
});
