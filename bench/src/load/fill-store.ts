/** Fills a store through its own port, without a receiver in front: that is where start times can be chosen. */
import { setTimeout as sleep } from 'node:timers/promises';
import { SpanBlock, systemClock } from '@clew/model';
import { decodeTracesProtobuf } from '@clew/protocol';
import { openStore } from '../../../packages/server/src/storage/clickhouse/open-store.ts';
import type { SpanStore } from '../../../packages/server/src/storage/span-store.ts';
import { createLogger } from '../../../packages/server/src/telemetry/create-logger.ts';
import { FillRequests, SPANS_PER_REQUEST } from './fill.ts';
import type { Fill } from './fill.ts';

interface StoreToFill {
  readonly dataDir: string;
  readonly fill: Fill;
}

const RETENTION_MS = 30 * 24 * 3600 * 1000;
const MAX_WAITING_SEGMENTS = 2;
const PROGRESS_SPANS = 1_000_000;

async function fillStore({ dataDir, fill }: StoreToFill): Promise<void> {
  const log = createLogger({
    format: 'text',
    level: 'warn',
    clock: systemClock,
    write: (line) => process.stderr.write(line),
  });
  await using store = await openStore({
    dataDir,
    retentionMs: RETENTION_MS,
    clock: systemClock,
    log,
  });
  const requests = new FillRequests(fill);
  let spans = 0;
  for (let pair = 0; pair < fill.pairs; pair++) {
    await Promise.all(([0, 1] as const).map((half) => write(store, requests.bytesOf(pair, half))));
    while (store.stats().backlogSegments > MAX_WAITING_SEGMENTS) await sleep(10);
    spans += 2 * SPANS_PER_REQUEST;
    if (spans % PROGRESS_SPANS === 0) console.error(`${spans} spans written`);
  }
  await store.flush();
}

async function write(store: SpanStore, bytes: Uint8Array): Promise<void> {
  const block = new SpanBlock('default');
  const { count } = decodeTracesProtobuf(bytes, block);
  if (count > 0) throw new Error(`${count} spans were refused`);
  await store.write(block);
}

process.on('message', (message: StoreToFill) => {
  void fillStore(message).then(() => process.disconnect());
});
