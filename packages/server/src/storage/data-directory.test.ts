import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError, StorageError } from '@clew/model';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDataDirectory } from './data-directory.ts';
import { processStart } from './process-start.ts';
import { makeDirectory, removeDirectory } from './testing/directories.ts';

describe('the data directory', () => {
  let parent: string;
  let path: string;

  beforeEach(async () => {
    parent = await makeDirectory();
    path = join(parent, 'a', 'b');
  });

  afterEach(() => removeDirectory(parent));

  test('is created where it is missing, with its parents', async () => {
    const directory = await openDataDirectory(path);
    expect((await readdir(path)).sort()).toEqual([
      'engine',
      'lock',
      'quarantine',
      'rollups',
      'segments',
    ]);
    await directory.release();
    expect(await readdir(path)).not.toContain('lock');
  });

  test('belongs to one user at a time', async () => {
    const directory = await openDataDirectory(path);
    await expect(openDataDirectory(path)).rejects.toThrow(
      `data directory ${path} is in use by this process already`,
    );
    await directory.release();
    await (await openDataDirectory(path)).release();
  });

  test('is refused to a second process, which is told whose it is', async () => {
    const owner = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const pid = owner.pid ?? 0;
    await (await openDataDirectory(path)).release();
    await writeFile(join(path, 'lock'), JSON.stringify({ pid, start: await processStart(pid) }));

    const error: unknown = await openDataDirectory(path).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(StorageError);
    expect(error).toMatchObject({
      code: 'failed_precondition',
      message: `data directory ${path} is in use by process ${pid}`,
    });

    owner.kill('SIGKILL');
    await once(owner, 'exit');
    const directory = await openDataDirectory(path);
    expect(JSON.parse(await readFile(join(path, 'lock'), 'utf8'))).toMatchObject({
      pid: process.pid,
    });
    await directory.release();
  });

  test('is taken over from a process whose number another one has now', async () => {
    await (await openDataDirectory(path)).release();
    await writeFile(join(path, 'lock'), JSON.stringify({ pid: process.ppid, start: 'long ago' }));
    await (await openDataDirectory(path)).release();
  });

  test('is taken over when its lock is not one', async () => {
    await (await openDataDirectory(path)).release();
    await writeFile(join(path, 'lock'), 'x');
    await (await openDataDirectory(path)).release();
  });

  test('is refused when it is a file', async () => {
    const file = join(parent, 'file');
    await writeFile(file, '');
    const error: unknown = await openDataDirectory(file).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({
      key: 'data-dir',
      message: `data directory ${file}: it is a file, not a directory`,
    });
    await expect(openDataDirectory(join(file, 'below'))).rejects.toThrow(
      'a part of the path is a file',
    );
  });

  test.runIf(process.platform === 'linux')('is refused where nothing can be created', async () => {
    await expect(openDataDirectory('/proc/clew')).rejects.toThrow(
      'data directory /proc/clew: it cannot be created or written',
    );
  });

  test('is refused when the engine would read its path as a pattern', async () => {
    await expect(openDataDirectory(join(parent, 'a*'))).rejects.toThrow(ConfigError);
  });
});
