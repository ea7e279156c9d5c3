/**
 * Fills the disk under a store. It runs in the directory given, on a small file system of its own, and prints what
 * happened as JSON.
 */
import { randomBytes } from 'node:crypto';
import { readdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock, unixNanoFromMs } from '@clew/model';
import type { SpanBlock } from '@clew/model';
import { openStore } from '../clickhouse/open-store.ts';
import { TENANT, attribute, blockOf, span } from './spans.ts';
import { RETENTION_MS, RecordedLog } from './stores.ts';

const FREE_BYTES = 3_000_000;

/** Twenty spans of 5 kB that do not compress. */
function largeBlock(): SpanBlock {
  const spans = Array.from({ length: 20 }, () =>
    span({
      startUnixNano: unixNanoFromMs(Date.now()),
      attributes: [attribute('payload', randomBytes(4000).toString('base64'))],
    }),
  );
  return blockOf(spans);
}

async function main(mount: string): Promise<void> {
  const log = new RecordedLog();
  const dataDir = join(mount, 'data');
  const store = await openStore({ dataDir, retentionMs: RETENTION_MS, clock: systemClock, log });
  const filler = join(mount, 'filler');
  const { bavail, bsize } = await statfs(mount);
  await writeFile(filler, Buffer.alloc(bavail * bsize - FREE_BYTES));

  let acknowledged = 0;
  const errors: string[] = [];
  for (let attempt = 0; attempt < 300 && errors.length < 5; attempt++) {
    await store.write(largeBlock()).then(
      () => (acknowledged += 20),
      (error: unknown) => errors.push(String(error)),
    );
  }
  await rm(filler);
  await store.write(largeBlock());
  acknowledged += 20;
  await store.flush();
  const page = await store.searchTraces({ tenant: TENANT, attributes: [], limit: 10_000 });
  const left = await readdir(join(dataDir, 'segments'));
  await store[Symbol.asyncDispose]();
  const { length: found } = page.traces;
  process.stdout.write(JSON.stringify({ acknowledged, found, errors, left, log: log.lines }));
}

await main(process.argv[2] ?? '');
