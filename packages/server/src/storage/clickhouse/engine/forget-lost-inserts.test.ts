import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeDirectory, removeDirectory } from '../../testing/directories.ts';
import { forgetLostInserts } from './forget-lost-inserts.ts';

describe('after a crash', () => {
  let directory: string;
  let table: string;

  beforeEach(async () => {
    directory = await makeDirectory();
    table = join(directory, 'store', '0b1', '0b1c');
    await mkdir(join(table, 'deduplication_logs'), { recursive: true });
  });

  afterEach(() => removeDirectory(directory));

  test('tokens stay whose parts are there, or merged into others, or dropped on purpose', async () => {
    for (const part of ['20261128_1_3_1', '20261128_4_4_0', '20261129_1_1_0_7']) {
      await mkdir(join(table, part));
    }
    const lines = [
      '1\t20261128_1_1_0\t20261128_a',
      '1\t20261128_3_3_0\t20261128_b',
      '1\t20261128_4_4_0\t20261128_c',
      '1\t20261129_1_1_0\t20261129_d',
      '2\t20261120_9_9_0\t20261120_e',
    ];
    expect(await repaired(lines)).toEqual(lines);
  });

  test('tokens are forgotten whose parts are nowhere', async () => {
    for (const part of ['20261128_1_1_0', 'tmp_insert_20261128_2_2_0', '20261129_2_2_0']) {
      await mkdir(join(table, part));
    }
    const lines = ['1\t20261128_1_1_0\t20261128_a', '1\t20261128_2_2_0\t20261128_b'];
    expect(await repaired(lines)).toEqual([lines[0]]);
  });

  test('a directory without an engine is left alone', async () => {
    await expect(forgetLostInserts(join(directory, 'nothing'))).resolves.toBeUndefined();
  });

  async function repaired(lines: readonly string[]): Promise<readonly string[]> {
    const path = join(table, 'deduplication_logs', 'deduplication_log_1.txt');
    await writeFile(path, lines.map((line) => `${line}\n`).join(''));
    await forgetLostInserts(directory);
    // The engine takes whatever is there for a log.
    expect(await readdir(join(table, 'deduplication_logs'))).toHaveLength(1);
    return (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');
  }
});
