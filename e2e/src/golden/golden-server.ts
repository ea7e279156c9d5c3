/**
 * The app of the UI's port, which has all APIs over HTTP, and the ports of those over gRPC, over a real store that has the golden
 * spans, at a time that stands still.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SpanBlock } from '@clew/model';
import { appendSpans } from '@clew/protocol';
import { createApp } from '../../../packages/server/src/http/app.ts';
import { createJaegerGrpcQueries } from '../../../packages/server/src/http/jaeger/grpc/listener.ts';
import { JaegerQueries } from '../../../packages/server/src/http/jaeger/jaeger-queries.ts';
import { createTempoListener } from '../../../packages/server/src/http/tempo/listener.ts';
import { SpanTails } from '../../../packages/server/src/query/span-tails.ts';
import { TraceQueries } from '../../../packages/server/src/query/trace-queries.ts';
import { ByteBudget } from '../../../packages/server/src/receiver/byte-budget.ts';
import { openStore } from '../../../packages/server/src/storage/clickhouse/open-store.ts';
import type { SpanStore } from '../../../packages/server/src/storage/span-store.ts';
import { GOLDEN_SPANS, NOW_MS } from './golden-spans.ts';

export interface GoldenServer extends AsyncDisposable {
  /** A path, with its parameters. */
  request(path: string, init: RequestInit): Promise<Response>;
  /** Of Jaeger's query services. */
  readonly jaegerPort: number;
  /** Of Tempo's. */
  readonly tempoPort: number;
}

const TENANT = 'default';
const WEEK_MS = 7 * 86_400_000;
const EDGES_TIMEOUT_MS = 30_000;
/** Of all questions in flight. */
const MAX_REQUEST_BYTES = 1_000_000;

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
  const jaeger = new JaegerQueries({ queries, maxClockSkewNano: 0n });
  const version = '1.2.3';
  const app = createApp({
    queries,
    jaeger,
    tails: new SpanTails({ queries, clock }),
    clock,
    log,
    version,
    basePath: '',
    ui: undefined,
    allowedHosts: [],
    embedOrigins: [],
    receiveTraces: () => Promise.resolve(),
    isAllowedOrigin: () => false,
  });
  const budget = new ByteBudget(MAX_REQUEST_BYTES);
  const jaegerGrpc = createJaegerGrpcQueries({ jaeger, budget, log });
  const tempo = createTempoListener({ queries, clock, log, version, budget });
  const free = { host: '127.0.0.1', port: 0 };
  return {
    request: async (path, init) => app.request(path, init),
    jaegerPort: await jaegerGrpc.listen(free),
    tempoPort: await tempo.listen(free),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([jaegerGrpc.close(0), tempo.close(0)]);
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
