import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { StorageError } from '@clew/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeDirectory, removeDirectory } from '../../testing/directories.ts';
import { openEmbeddedEngine } from './embedded-engine.ts';
import type { Engine } from './engine.ts';
import { RowBinaryReader } from './row-binary-reader.ts';
import { sql } from './sql.ts';

const ENDLESS = sql`SELECT sum(sipHash64(number)) FROM numbers(1000000000000)`;

function open(parent: string, name: string, queryMaxRows = 0): Promise<Engine> {
  return openEmbeddedEngine({
    directory: join(parent, name),
    configFile: join(parent, `${name}.xml`),
    queryTimeoutMs: 1500,
    queryMemoryBytes: 50_000_000,
    queryMaxRows,
  });
}

async function fail(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    return error;
  }
}

describe('the embedded engine', () => {
  let parent: string;
  let engine: Engine;

  beforeAll(async () => {
    parent = await makeDirectory();
    await mkdir(join(parent, 'one'));
    engine = await open(parent, 'one');
  });

  afterAll(async () => {
    await engine[Symbol.asyncDispose]();
    await removeDirectory(parent);
  });

  test('says when a question took too long', async () => {
    const error = await fail(engine.read(ENDLESS));
    expect(error).toBeInstanceOf(StorageError);
    expect(error).toMatchObject({ code: 'deadline_exceeded', engineCode: 159 });
  });

  test('says when a question needs too much memory', async () => {
    const error = await fail(engine.read(sql`SELECT groupArray(number) FROM numbers(100000000)`));
    expect(error).toMatchObject({ code: 'unavailable', engineCode: 241 });
  });

  test('says which statement it refused', async () => {
    const error = await fail(engine.read(sql`SELECT nothing`));
    expect(error).toMatchObject({ code: 'internal', statement: 'SELECT nothing' });
    await expect(engine.execute(sql`DROP TABLE nothing`)).rejects.toBeInstanceOf(StorageError);
  });

  test('stops questions whose callers have gone, and answers those who wait', async () => {
    const callers = Array.from({ length: 20 }, () => new AbortController());
    const start = performance.now();
    const abandoned = callers.map(({ signal }) => fail(engine.read(ENDLESS, { signal })));
    await new Promise((resolve) => setTimeout(resolve, 50));
    for (const caller of callers) caller.abort(new Error('gone'));
    for (const error of await Promise.all(abandoned)) {
      expect(error).toMatchObject({ message: 'gone' });
    }
    const answer = await engine.read(sql`SELECT toUInt8(7)`);
    expect(new RowBinaryReader(answer).uint8()).toBe(7);
    expect(performance.now() - start).toBeLessThan(1200);
  });

  test('answers whole to everyone while others are stopped half-way', async () => {
    const rows = sql`
SELECT number, toString(number) FROM numbers(300000)
WHERE sipHash64(number) % 3 = 0 ORDER BY number LIMIT 5000`;
    const whole = Buffer.from(await engine.read(rows));
    const ask = async (): Promise<void> => {
      for (let i = 0; i < 150; i++) {
        const caller = new AbortController();
        const timer = setTimeout(() => caller.abort(), (i * 7) % 13);
        await fail(engine.read(rows, { signal: caller.signal }));
        clearTimeout(timer);
        expect(whole.equals(await engine.read(rows))).toBe(true);
      }
    };
    await Promise.all([ask(), ask()]);
  });

  test('is one for the process', async () => {
    await mkdir(join(parent, 'two'));
    const error = await fail(open(parent, 'two'));
    expect(error).toMatchObject({ code: 'failed_precondition' });
    expect(String(error)).toContain('this process already has an open store');
  });

  test('stops running questions when it is closed, and can be opened again elsewhere', async () => {
    const running = fail(engine.read(ENDLESS));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await engine[Symbol.asyncDispose]();
    expect(await running).toBeInstanceOf(StorageError);
    engine = await open(parent, 'two');
    expect(new RowBinaryReader(await engine.read(sql`SELECT toUInt8(8)`)).uint8()).toBe(8);
  });

  test('says when a question would read too many rows, and lets the store itself read them', async () => {
    await engine[Symbol.asyncDispose]();
    engine = await open(parent, 'two', 1_000_000);
    await engine.execute(sql`CREATE TABLE many (n UInt32) ENGINE = MergeTree ORDER BY n`);
    await engine.execute(sql`INSERT INTO many SELECT number FROM numbers(1500000)`);
    const all = sql`SELECT toUInt32(max(sipHash64(n) % 7)) FROM many`;
    const error = await fail(engine.read(all));
    expect(error).toMatchObject({ code: 'resource_exhausted', engineCode: 158 });
    expect(String(error)).toContain('--query-max-rows');
    const own = await engine.read(all, { isOwn: true });
    expect(new RowBinaryReader(own).uint32()).toBe(6);
    const some = sql`SELECT toUInt32(max(sipHash64(n) % 7)) FROM many WHERE n < 400000`;
    expect(new RowBinaryReader(await engine.read(some)).uint32()).toBe(6);
  });
});
