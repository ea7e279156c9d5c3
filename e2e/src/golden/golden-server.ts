/** The app of the UI's port, which has all APIs, over a real store that has the golden spans, at a time that stands still. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SpanBlock } from '@clew/model';
import { appendSpans } from '@clew/protocol';
import { createApp } from '../../../packages/server/src/http/app.ts';
import { JaegerQueries } from '../../../packages/server/src/http/jaeger/jaeger-queries.ts';
import { SpanTails } from '../../../packages/server/src/query/span-tails.ts';
import { TraceQueries } from '../../../packages/server/src/query/trace-queries.ts';
import { openStore } from '../../../packages/server/src/storage/clickhouse/open-store.ts';
import type { SpanStore } from '../../../packages/server/src/storage/span-store.ts';
import { GOLDEN_SPANS, NOW_MS } from './golden-spans.ts';

export interface GoldenServer extends AsyncDisposable {
  /** A path, with its parameters. */
  request(path: string, init: RequestInit): Promise<Response>;
}

const TENANT = 'default';
const WEEK_MS = 7 * 86_400_000;
const EDGES_TIMEOUT_MS = 30_000;

export async function startGoldenServer(): Promise<GoldenServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'clew-golden-'));
  const clock = { nowMs: () => NOW_MS };
  const ignore = (): void => undefined;
  const log = { debug: ignore, info: ignore, warn: ignore, error: console.error };
  const store = await openStore({ dataDir, retentionMs: WEEK_MS, clock, log });
  const block = new SpanBlock(TENANT);
  appendSpans(block, GOLDEN_SPANS);
  await store.write(block);
  await store.flush();
  await edgesAreComputed(store);
  const queries = new TraceQueries({ store, observe: ignore });
  const app = createApp({
    queries,
    jaeger: new JaegerQueries({ queries, maxClockSkewNano: 0n }),
    tails: new SpanTails({ queries, clock }),
    clock,
    log,
    version: '1.2.3',
    basePath: '',
    ui: undefined,
    allowedHosts: [],
    receiveTraces: () => Promise.resolve(),
    isAllowedOrigin: () => false,
  });
  return {
    request: async (path, init) => app.request(path, init),
    [Symbol.asyncDispose]: async () => {
      await store[Symbol.asyncDispose]();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** A pass in the background computes them, some seconds after the start. */
async function edgesAreComputed(store: SpanStore): Promise<void> {
  const startUnixNano = BigInt(NOW_MS - WEEK_MS) * 1_000_000n;
  const endUnixNano = BigInt(NOW_MS) * 1_000_000n;
  const giveUpAt = Date.now() + EDGES_TIMEOUT_MS;
  for (;;) {
    const request = { tenant: TENANT, startUnixNano, endUnixNano };
    if ((await store.readServiceEdges(request)).length > 0 || Date.now() > giveUpAt) return;
    await sleep(100);
  }
}
