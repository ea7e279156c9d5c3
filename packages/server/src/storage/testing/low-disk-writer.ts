/**
 * Brings the disk under a store to the limit of free bytes and back. It runs in the directory given, on a small file
 * system of its own, and prints what happened as JSON.
 */
import { randomBytes } from 'node:crypto';
import { readdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { OverloadedError, systemClock, unixNanoFromMs } from '@clew/model';
import type { SpanBlock } from '@clew/model';
import { openStore } from '../clickhouse/open-store.ts';
import { EVERYTHING, TENANT, attribute, blockOf, span } from './spans.ts';
import { RETENTION_MS, RecordedLog } from './stores.ts';

const MIB = 1024 * 1024;
const MIN_FREE_BYTES = 32 * MIB;

/** 20 spans of 5 kB each that do not compress. */
function largeBlock(): SpanBlock {
  const large = () =>
    span({
      startUnixNano: unixNanoFromMs(Date.now()),
      attributes: [attribute('payload', randomBytes(4000).toString('base64'))],
    });
  return blockOf(Array.from({ length: 20 }, large));
}

async function main(mount: string): Promise<void> {
  const log = new RecordedLog();
  const dataDir = join(mount, 'data');
  const store = await openStore({
    dataDir,
    retentionMs: RETENTION_MS,
    clock: systemClock,
    log,
    minFreeBytes: MIN_FREE_BYTES,
    maxSegmentSpans: 500,
  });
  let acknowledged = 0;
  const failures: unknown[] = [];
  const tryWrite = async (): Promise<boolean> => {
    try {
      const block = largeBlock();
      await store.write(block);
      acknowledged += block.spanCount;
      return true;
    } catch (error) {
      failures.push(error);
      return false;
    }
  };
  const filler = join(mount, 'filler');
  const { bavail, bsize } = await statfs(mount);
  await writeFile(filler, Buffer.alloc(bavail * bsize - MIN_FREE_BYTES - 6 * MIB));
  for (let attempt = 0; attempt < 5000 && failures.length === 0; attempt++) {
    await tryWrite();
    await sleep(2);
  }
  const acknowledgedWhenLow = acknowledged;
  // What was accepted still has room, and can be read, while nothing more is accepted.
  await store.flush();
  await tryWrite();
  const free = await statfs(mount);
  const page = await store.searchTraces({ tenant: TENANT, search: EVERYTHING, limit: 10_000 });

  await rm(filler);
  const start = performance.now();
  while (!(await tryWrite()) && performance.now() - start < 20_000) await sleep(50);
  const resumedAfterMs = performance.now() - start;
  await store.flush();
  const after = await store.searchTraces({ tenant: TENANT, search: EVERYTHING, limit: 10_000 });
  const { freeBytes } = store.stats();
  const left = await readdir(join(dataDir, 'segments'));
  await store[Symbol.asyncDispose]();
  process.stdout.write(
    JSON.stringify({
      acknowledged,
      acknowledgedWhenLow,
      foundWhenLow: page.traces.length,
      found: after.traces.length,
      isEveryFailureRetryable: failures.every(
        (error) => error instanceof OverloadedError && error.retryAfterMs > 0,
      ),
      failures: failures.slice(0, 2).map(String),
      freeWhenLow: free.bavail * free.bsize,
      freeBytes,
      resumedAfterMs,
      left,
      log: log.lines,
    }),
  );
}

await main(process.argv[2] ?? '');
