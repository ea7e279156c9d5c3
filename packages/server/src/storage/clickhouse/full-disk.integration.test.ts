import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeDirectory, removeDirectory } from '../testing/directories.ts';
import { runOnSmallDisk, whyNoSmallDisk } from '../testing/small-disk.ts';

const MIB = 1024 * 1024;
const reason = whyNoSmallDisk();

describe('a small disk', () => {
  let directory: string;

  beforeEach(async (context) => {
    if (reason !== undefined) context.skip(reason);
    directory = await makeDirectory();
  });

  afterEach(async () => {
    if (reason === undefined) await removeDirectory(directory);
  });

  test('that is full is told to the sender, loses nothing acknowledged, and is over when there is room', async () => {
    const result = await runOnSmallDisk(
      new URL('../testing/full-disk-writer.ts', import.meta.url),
      { directory, sizeMib: 48 },
    );
    const errors = result['errors'] as string[];
    expect(errors).toHaveLength(6);
    for (const error of errors)
      expect(error).toMatch(/^StorageError: cannot .*: the disk is full$/);
    expect(result['acknowledged']).toBeGreaterThan(20);
    expect(result['found']).toBe(result['acknowledged']);
    expect(result['left']).toEqual([]);
    expect(result['lateResource']).toEqual(['service.name', 'host.name']);
  });

  test('that is nearly full takes no more spans, stores those it took, answers, and takes some again', async () => {
    const result = await runOnSmallDisk(new URL('../testing/low-disk-writer.ts', import.meta.url), {
      directory,
      sizeMib: 128,
    });
    expect(result).toMatchObject({ isEveryFailureRetryable: true, left: [] });
    const failures = result['failures'] as string[];
    expect(failures[0]).toMatch(/the disk has \d+ bytes free, fewer than the 33554432/);
    expect(result['acknowledgedWhenLow']).toBeGreaterThan(20);
    expect(result['foundWhenLow']).toBe(result['acknowledgedWhenLow']);
    // Far from empty: what was accepted before the limit was seen took a part of the reserve, and no more.
    expect(result['freeWhenLow']).toBeGreaterThan(16 * MIB);
    expect(result['acknowledged']).toBe(Number(result['acknowledgedWhenLow']) + 20);
    expect(result['found']).toBe(result['acknowledged']);
    expect(result['resumedAfterMs']).toBeLessThan(3000);
    expect(result['freeBytes']).toBeGreaterThan(32 * MIB);
    expect(result['log']).toEqual([
      expect.stringContaining('spans are refused because the disk is nearly full'),
      expect.stringContaining('spans are accepted again because the disk has room'),
    ]);
  });
});
