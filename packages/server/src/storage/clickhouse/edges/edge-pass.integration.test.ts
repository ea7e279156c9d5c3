import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { durationNano, quantileOf } from '@clew/model';
import type { Span, SpanKind } from '@clew/model';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { encodeSpans } from '../../native/encode-spans.ts';
import { NativeWriter } from '../../native/native-writer.ts';
import { dayOfPartition, keptPartitions } from '../../native/partition-time.ts';
import { AttributeCatalogs, SegmentRollup } from '../../rollup/segment-rollup.ts';
import { checksumSeed, formatStem, segmentPath } from '../../segment/segment-name.ts';
import { makeDirectory, removeDirectory } from '../../testing/directories.ts';
import { placeBlock } from '../../testing/place-block.ts';
import {
  MS,
  NOW_MS,
  TENANT,
  at,
  attribute,
  blockOf,
  resource,
  span,
  spanId,
  traceId,
} from '../../testing/spans.ts';
import { ManualClock, RETENTION_MS, RecordedLog } from '../../testing/stores.ts';
import { openEmbeddedEngine } from '../engine/embedded-engine.ts';
import type { Engine } from '../engine/engine.ts';
import { RowBinaryReader } from '../engine/row-binary-reader.ts';
import { sql } from '../engine/sql.ts';
import { insertSegment } from '../insert-segment.ts';
import { migrate } from '../schema/migrate.ts';
import { MIGRATIONS } from '../schema/migrations.ts';
import { RatesReader } from '../rates-reader.ts';
import { EdgePass } from './edge-pass.ts';

const NO_LATENCY = { buckets: [], weights: [] };

describe('the pass that computes service edges', () => {
  let directory: string;
  let engine: Engine;
  let clock: ManualClock;
  let edges: EdgePass;
  let lastSequence = 0;

  beforeEach(async () => {
    directory = await makeDirectory();
    await mkdir(join(directory, 'rollups'));
    engine = await openEmbeddedEngine({
      directory: join(directory, 'engine'),
      configFile: join(directory, 'engine.xml'),
      queryTimeoutMs: 30_000,
      queryMemoryBytes: 1024 ** 3,
      queryMaxRows: 0,
    });
    await migrate(engine, MIGRATIONS, new RecordedLog());
    clock = new ManualClock();
    clock.ms = NOW_MS + 5 * 60_000;
    edges = new EdgePass({ engine, directory, clock, log: new RecordedLog() });
  });

  afterEach(async () => {
    await engine[Symbol.asyncDispose]();
    await removeDirectory(directory);
  });

  async function store(spans: readonly Span[]): Promise<void> {
    const stem = formatStem(++lastSequence, '0123456789abcdef');
    const writer = new NativeWriter();
    const block = blockOf(spans);
    const kept = keptPartitions(NOW_MS, RETENTION_MS);
    const placement = placeBlock(block, kept);
    const rollup = new SegmentRollup(new AttributeCatalogs());
    rollup.add(block, placement, dayOfPartition(kept.last));
    encodeSpans(writer, block, placement);
    await writeFile(segmentPath(directory, stem, 'spans'), writer.seal(checksumSeed(stem)));
    const rollupDirectory = join(directory, 'rollups');
    await insertSegment(engine, { stem, rollup, directory, rollupDirectory });
    edges.note(rollup.minutes());
  }

  async function run(): Promise<readonly string[]> {
    await edges.run();
    clock.ms += 1000;
    const answer = await engine.read(sql`
SELECT concat(client, ' -> ', server, if(connection = '', '', concat(' (', connection, ')')),
  ' ', toString(sum(call_count)), ' calls ', toString(sum(error_count)), ' errors ',
  toString(arraySum(sumMap(latency).2)))
FROM edges_1m FINAL
WHERE call_count > 0
GROUP BY client, server, connection
ORDER BY client, server`);
    const reader = new RowBinaryReader(answer);
    return reader.rows(() => reader.text());
  }

  test('joins a client and a server that came in different requests', async () => {
    const { client, server } = call(1, 'orders', 'users');
    await store([client]);
    await store([{ ...server, status: 'error' }]);
    expect(await run()).toEqual(['orders -> users 1 calls 1 errors 1']);
  });

  test('counts a call that only the client told of, by the name of what it called', async () => {
    await store([
      caller(1, 'client', 'orders', {
        'db.system.name': 'postgresql',
        'db.namespace': 'orders_db',
      }),
      caller(2, 'producer', 'orders', { 'messaging.destination.name': 'parcels' }),
      caller(3, 'client', 'orders', { 'server.address': 'api.bank.example' }),
      caller(4, 'client', 'orders', {}),
    ]);
    expect(await run()).toEqual([
      'orders -> api.bank.example (external) 1 calls 0 errors 1',
      'orders -> orders_db (database) 1 calls 0 errors 1',
      'orders -> parcels (messaging) 1 calls 0 errors 1',
    ]);
  });

  test('takes back what was one-sided when the other side arrives late', async () => {
    const { client, server } = call(1, 'orders', 'users');
    await store([{ ...client, attributes: [attribute('server.address', 'users.example')] }]);
    expect(await run()).toEqual(['orders -> users.example (external) 1 calls 0 errors 1']);
    await store([server]);
    expect(await run()).toEqual(['orders -> users 1 calls 0 errors 1']);
  });

  test('finds the other side in the next minute, and before the client by a late clock', async () => {
    const late = call(1, 'orders', 'users');
    const early = call(2, 'orders', 'prices');
    await store([late.client, early.client]);
    await store([
      { ...late.server, startUnixNano: at(59_000) },
      { ...early.server, startUnixNano: at(-30_000) },
    ]);
    expect(await run()).toEqual([
      'orders -> prices 1 calls 0 errors 1',
      'orders -> users 1 calls 0 errors 1',
    ]);
  });

  test('joins spans that share their id, as Zipkin’s do', async () => {
    const { client, server } = call(1, 'orders', 'users');
    const shared = { ...server, spanId: client.spanId, parentSpanId: undefined };
    await store([client, { ...shared, attributes: [attribute('zipkin.shared', true)] }]);
    expect(await run()).toEqual(['orders -> users 1 calls 0 errors 1']);
  });

  test('joins services whose spans have no kinds, and leaves out calls within one', async () => {
    const { client, server } = call(1, 'orders', 'users');
    const inner = call(2, 'orders', 'orders');
    await store([
      { ...client, kind: 'internal' },
      { ...server, kind: 'unspecified' },
      { ...inner.client, kind: 'internal' },
      { ...inner.server, kind: 'internal' },
    ]);
    expect(await run()).toEqual(['orders -> users 1 calls 0 errors 1']);
  });

  test('changes nothing when it is repeated, or run again after a restart', async () => {
    const { client, server } = call(1, 'orders', 'users');
    await store([client, server, caller(2, 'producer', 'orders', { 'messaging.system': 'kafka' })]);
    const once = await run();
    expect(await run()).toEqual(once);
    edges = new EdgePass({ engine, directory, clock, log: new RecordedLog() });
    expect(await run()).toEqual(once);
    await engine.execute(sql`TRUNCATE TABLE edge_passes`);
    edges = new EdgePass({ engine, directory, clock, log: new RecordedLog() });
    expect(await run()).toEqual(once);
  });

  test('and what is counted by the minute are read for a time, in intervals', async () => {
    const inMinute = (minute: number, number: number, fields: Partial<Span> = {}): Span[] => {
      const { client, server } = call(number, 'orders', 'users');
      const startUnixNano = at(minute * 60_000);
      return [
        { ...client, startUnixNano, durationNano: durationNano(3n * MS) },
        { ...server, startUnixNano, ...fields },
      ];
    };
    const ofMinutes = [
      inMinute(0, 1),
      inMinute(1, 2, { status: 'error' }),
      inMinute(1, 3),
      inMinute(3, 4),
    ];
    await store(ofMinutes.flat());
    clock.ms = NOW_MS + 10 * 60_000;
    await edges.run();
    const rates = new RatesReader(engine);
    const minutes = { tenant: TENANT, startUnixNano: at(61_000), endUnixNano: at(4 * 60_000) };
    const whole = await rates.readServiceEdges(minutes);
    expect(whole).toMatchObject([
      { interval: 0, client: 'orders', server: 'users', connection: '', callCount: 3 },
    ]);
    expect(whole[0]).toMatchObject({ weight: 3, errorCount: 1, clientDurationNano: 9n * MS });
    expect(quantileOf(whole[0]?.latency ?? NO_LATENCY, 0.5) / 3e6).toBeCloseTo(1, 1);
    const stepNano = 60_000_000_000n;
    const byMinute = await rates.readServiceEdges({ ...minutes, stepNano });
    expect(byMinute.map(({ interval, callCount }) => [interval, callCount])).toEqual([
      [0, 2],
      [2, 1],
    ]);
    const ofUsers = await rates.readSpanRates({
      ...minutes,
      stepNano,
      services: ['users'],
      groupBy: ['service', 'spanKind', 'status'],
    });
    const users = { service: 'users', spanKind: 'server' };
    expect(ofUsers).toMatchObject([
      { ...users, interval: 0, status: 'unset', spanCount: 1 },
      { ...users, interval: 0, status: 'error', spanCount: 1 },
      { ...users, interval: 2, status: 'unset', spanCount: 1 },
    ]);
    const all = await rates.readSpanRates({ ...minutes, kinds: ['client'], groupBy: [] });
    expect(all).toMatchObject([{ interval: 0, spanCount: 3, weight: 3, durationNano: 9n * MS }]);
    const withoutLatency = { ...minutes, withoutLatency: true };
    expect(await rates.readServiceEdges(withoutLatency)).toEqual(
      whole.map((edge) => ({ ...edge, latency: NO_LATENCY })),
    );
    expect(
      await rates.readSpanRates({ ...withoutLatency, kinds: ['client'], groupBy: [] }),
    ).toMatchObject([{ spanCount: 3, latency: NO_LATENCY }]);
    expect(await rates.readSpanRates({ ...minutes, services: [], groupBy: [] })).toEqual([]);
    expect(await rates.readSpanRates({ ...minutes, tenant: 'other', groupBy: [] })).toEqual([]);
  });

  test('computes the same edges when it takes the traces a few at a time', async () => {
    edges = new EdgePass({ engine, directory, clock, log: new RecordedLog(), sliceSpans: 4 });
    const calls = Array.from({ length: 8 }, (_, number) => call(number, 'orders', 'users'));
    await store(calls.flatMap(({ client, server }) => [client, server]));
    await store([caller(1, 'client', 'orders', { 'server.address': 'api.bank.example' })]);
    expect(await run()).toEqual([
      'orders -> api.bank.example (external) 1 calls 0 errors 1',
      'orders -> users 8 calls 0 errors 8',
    ]);
  });

  test('takes a span for called only where its sender does not deny it', async () => {
    const { client, server } = call(1, 'orders', 'users');
    const local = call(2, 'orders', 'users');
    await store([
      client,
      { ...server, kind: 'internal', flags: 0x301 },
      { ...local.client, kind: 'internal' },
      { ...local.server, kind: 'internal', flags: 0x101 },
    ]);
    expect(await run()).toEqual(['orders -> users 1 calls 0 errors 1']);
  });

  test('leaves a minute alone until it has ended', async () => {
    const { client, server } = call(1, 'orders', 'users');
    clock.ms = NOW_MS + 61_000;
    await store([client, server]);
    expect(await run()).toEqual([]);
    clock.ms = NOW_MS + 101_000;
    expect(await run()).toEqual(['orders -> users 1 calls 0 errors 1']);
  });
});

/** A client's span and its child in another service. */
function call(number: number, client: string, server: string): { client: Span; server: Span } {
  const id = traceId(1000 + number);
  const ofClient = span({ traceId: id, kind: 'client', resource: resource(client) });
  return {
    client: ofClient,
    server: span({
      traceId: id,
      spanId: spanId(500_000 + number),
      parentSpanId: ofClient.spanId,
      kind: 'server',
      durationNano: durationNano(MS / 2n),
      resource: resource(server),
    }),
  };
}

function caller(
  number: number,
  kind: SpanKind,
  service: string,
  attributes: Readonly<Record<string, string>>,
): Span {
  return span({
    traceId: traceId(2000 + number),
    kind,
    resource: resource(service),
    attributes: Object.entries(attributes).map(([key, value]) => attribute(key, value)),
  });
}
