import { statfs } from 'node:fs/promises';
import { OverloadedError } from '@clew/model';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DiskSpace } from './disk-space.ts';
import { makeDirectory, removeDirectory } from './testing/directories.ts';
import { RecordedLog } from './testing/stores.ts';

describe('the watch over free disk space', () => {
  let directory: string;
  let log: RecordedLog;
  let space: DiskSpace | undefined;

  beforeEach(async () => {
    directory = await makeDirectory();
    log = new RecordedLog();
  });

  afterEach(async () => {
    await space?.stop();
    await removeDirectory(directory);
  });

  async function watch(minFreeBytes: number, path = directory): Promise<DiskSpace> {
    space = await DiskSpace.watch({ directory: path, minFreeBytes, log });
    return space;
  }

  test('knows how much is free, and lets everything pass without a limit', async () => {
    const watched = await watch(0);
    const { bavail, bsize } = await statfs(directory);
    expect(Math.abs((watched.freeBytes ?? 0) - bavail * bsize)).toBeLessThan(
      bavail * bsize * 0.5 + 1,
    );
    expect(() => watched.refuseWhenLow()).not.toThrow();
    expect(log.lines).toEqual([]);
  });

  test('refuses below the limit, says when to try again, and logs it once', async () => {
    const watched = await watch(Number.MAX_SAFE_INTEGER);
    expect(() => watched.refuseWhenLow()).toThrow(OverloadedError);
    expect(() => watched.refuseWhenLow()).toThrow(
      expect.objectContaining({ code: 'unavailable', retryAfterMs: 5000 }),
    );
    await watched.check();
    expect(log.lines).toHaveLength(1);
  });

  test('refuses nothing when the system does not say what is free', async () => {
    const watched = await watch(Number.MAX_SAFE_INTEGER, `${directory}/missing`);
    await watched.check();
    expect(() => watched.refuseWhenLow()).not.toThrow();
    expect(watched.freeBytes).toBeUndefined();
    expect(log.lines).toEqual([expect.stringMatching(/^cannot tell how much room/)]);
  });
});
