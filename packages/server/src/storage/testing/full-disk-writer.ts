/**
 * Fills the disk under a store. It runs in the directory given, on a small file system of its own, and prints what
 * happened as JSON.
 */
import { randomBytes } from 'node:crypto';
import { readdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock, unixNanoFromMs } from '@clew/model';
import type { Span, SpanBlock } from '@clew/model';
import { openStore } from '../clickhouse/open-store.ts';
import { EVERYTHING, TENANT, attribute, blockOf, resource, span } from './spans.ts';
import { RETENTION_MS, RecordedLog } from './stores.ts';

const FREE_BYTES = 3_000_000;

/** 5 kB that do not compress. */
function largeSpan(): Span {
  return span({
    startUnixNano: unixNanoFromMs(Date.now()),
    attributes: [attribute('payload', randomBytes(4000).toString('base64'))],
  });
}

function largeBlock(): SpanBlock {
  return blockOf(Array.from({ length: 20 }, largeSpan));
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
  // A resource that is new while the disk is full, and then again when there is room.
  const late = span({ resource: resource('late', [attribute('host.name', 'a')]) });
  const block = blockOf([late, ...Array.from({ length: 400 }, largeSpan)]);
  await store.write(block).catch((error: unknown) => errors.push(String(error)));
  await rm(filler);
  await store.write(block);
  acknowledged += block.spanCount;
  await store.flush();
  const spans = await store.readSpans({ tenant: TENANT, traceId: late.traceId });
  const lateResource = spans?.[0]?.resource.attributes.map(({ key }) => key);
  const page = await store.searchTraces({ tenant: TENANT, search: EVERYTHING, limit: 10_000 });
  const left = await readdir(join(dataDir, 'segments'));
  await store[Symbol.asyncDispose]();
  const { length: found } = page.traces;
  process.stdout.write(
    JSON.stringify({ acknowledged, found, errors, left, lateResource, log: log.lines }),
  );
}

await main(process.argv[2] ?? '');
