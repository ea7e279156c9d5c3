/**
 * A process to be killed: it writes spans to the store in the directory given and prints the number of each block that
 * was acknowledged; the third argument is when it syncs. Block `n` holds `SPANS_PER_BLOCK` spans over several days, of traces `n * SPANS_PER_BLOCK` and on.
 */
import { systemClock, unixNanoFromMs } from '@clew/model';
import { openStore } from '../clickhouse/open-store.ts';
import { TENANT, blockOf, resource, span, spanId, traceId } from './spans.ts';
import { RETENTION_MS, RecordedLog } from './stores.ts';

const SPANS_PER_BLOCK = 5;
const WRITERS = 4;
const SYNC_MODES = ['always', 'interval', 'off'] as const;
const DAY_MS = 86_400_000;

async function main(dataDir: string, firstBlock: number, fsync: string): Promise<void> {
  const store = await openStore({
    dataDir,
    retentionMs: RETENTION_MS,
    clock: systemClock,
    log: new RecordedLog(),
    fsync: SYNC_MODES.find((mode) => mode === fsync),
    fsyncIntervalMs: 20,
    maxSegmentSpans: 500,
    maxSegmentAgeMs: 30,
  });
  let next = firstBlock;
  const write = async (): Promise<void> => {
    for (;;) {
      const number = next++;
      const spans = Array.from({ length: SPANS_PER_BLOCK }, (_, i) => {
        const id = number * SPANS_PER_BLOCK + i + 1;
        return span({
          traceId: traceId(id),
          spanId: spanId(id),
          startUnixNano: unixNanoFromMs(Date.now() - i * DAY_MS),
          resource: resource(`service-${i}`),
        });
      });
      await store.write(blockOf(spans, TENANT));
      process.stdout.write(`${number}\n`);
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, write));
}

await main(process.argv[2] ?? '', Number(process.argv[3]), process.argv[4] ?? '');
