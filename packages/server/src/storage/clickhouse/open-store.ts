import { randomBytes } from 'node:crypto';
import type { Clock } from '@clew/model';
import type { Logger } from '../../telemetry/log.ts';
import { AttributeSets, isSetIdentity } from '../attribute-sets/attribute-sets.ts';
import { openDataDirectory } from '../data-directory.ts';
import type { DataDirectory } from '../data-directory.ts';
import { DiskSpace } from '../disk-space.ts';
import type { SyncMode } from '../segment/append-file.ts';
import { AttributeCatalogs, SegmentRollup } from '../rollup/segment-rollup.ts';
import { RecentBlocks } from '../recent-blocks.ts';
import { Quarantine } from '../segment/quarantine.ts';
import { recoverSegment } from '../segment/recover-segment.ts';
import { SegmentLog } from '../segment/segment-log.ts';
import type { ClosedSegment } from '../segment/segment-log.ts';
import { listSegments, sequenceOf } from '../segment/segment-name.ts';
import type { SpanStore } from '../span-store.ts';
import { ArchivedTraces } from './archive/archived-traces.ts';
import { TraceArchive } from './archive/trace-archive.ts';
import { AttributeKeys } from './attribute-keys.ts';
import { KnownValues } from './known-values.ts';
import { BlockIdentities } from './block-identities.ts';
import { ClickHouseStore } from './clickhouse-store.ts';
import { EdgePass } from './edges/edge-pass.ts';
import { openEmbeddedEngine } from './engine/embedded-engine.ts';
import type { Engine } from './engine/engine.ts';
import { forgetLostInserts } from './engine/forget-lost-inserts.ts';
import { InsertQueue } from './insert-queue.ts';
import { RatesReader } from './rates-reader.ts';
import { applyRetention, scheduleRetention } from './retention.ts';
import { migrate } from './schema/migrate.ts';
import { MIGRATIONS } from './schema/migrations.ts';
import { TraceLoader } from './trace-loader.ts';
import { ClickHouseTraceReader } from './trace-reader.ts';

export interface StoreOptions {
  /** Created when missing. One process at a time may use it. */
  readonly dataDir: string;
  /** Spans that started longer ago than this are dropped, a partition at a time. */
  readonly retentionMs: number;
  readonly clock: Clock;
  readonly log: Logger;
  /** A segment goes to the engine when it holds this many spans, 250,000 by default … */
  readonly maxSegmentSpans?: number | undefined;
  /** … or when its first span is this old, 800 ms by default. */
  readonly maxSegmentAgeMs?: number | undefined;
  /** Bytes of segments that may wait for the engine before `write` refuses, 384 MiB by default. */
  readonly maxBacklogBytes?: number | undefined;
  /** When accepted spans are synced: before they are acknowledged (`always`, the default), at intervals, or never. */
  readonly fsync?: SyncMode | undefined;
  /** The longest that accepted spans wait to be synced in the mode `interval`, 1 s by default. */
  readonly fsyncIntervalMs?: number | undefined;
  /** Free bytes of the file system below which `write` refuses; 0, the default, for no limit. */
  readonly minFreeBytes?: number | undefined;
  /** Bytes the store may take before its oldest partitions are dropped; 0, the default, for no limit. */
  readonly maxStoreBytes?: number | undefined;
  /** The longest a question may take, 30 s by default. */
  readonly queryTimeoutMs?: number | undefined;
  /** The most memory a question may take in the engine, 1 GiB by default. */
  readonly queryMemoryBytes?: number | undefined;
  /** Rows that a statement of a question may read; 0, the default, for no limit. */
  readonly queryMaxRows?: number | undefined;
}

/**
 * Opens the store in `dataDir`: takes its lock, migrates its schema and inserts what a crash left. Disposing of it
 * stores what was accepted and gives the directory free.
 */
export async function openStore(options: StoreOptions): Promise<SpanStore> {
  const directory = await openDataDirectory(options.dataDir);
  try {
    const { stems } = await listSegments(directory.segments);
    if (stems.length > 0) await forgetLostInserts(directory.engine);
    const engine = await openEmbeddedEngine({
      directory: directory.engine,
      configFile: directory.engineConfig,
      queryTimeoutMs: options.queryTimeoutMs ?? QUERY_TIMEOUT_MS,
      queryMemoryBytes: options.queryMemoryBytes ?? 1024 ** 3,
      queryMaxRows: options.queryMaxRows ?? 0,
    });
    try {
      return await startStore(options, directory, engine);
    } catch (error) {
      await engine[Symbol.asyncDispose]();
      throw error;
    }
  } catch (error) {
    await directory.release();
    throw error;
  }
}

const QUERY_TIMEOUT_MS = 30_000;

async function startStore(
  options: StoreOptions,
  directory: DataDirectory,
  engine: Engine,
): Promise<SpanStore> {
  const { clock, log, retentionMs, queryTimeoutMs = QUERY_TIMEOUT_MS } = options;
  await migrate(engine, MIGRATIONS, log);

  const quarantine = new Quarantine(directory.quarantine, log);
  const identities = new BlockIdentities();
  const attributeSets = new AttributeSets();
  const edges = new EdgePass({ engine, directory: directory.rollups, clock, log });
  let segments: SegmentLog | undefined;
  const known = { keys: new AttributeKeys(engine), values: new KnownValues({ engine, clock }) };
  const queue = new InsertQueue({
    engine,
    directory: directory.segments,
    rollupDirectory: directory.rollups,
    quarantine,
    log,
    onStored: (segment, { isRepaired }) => {
      identities.markStored(segment, { isRepaired });
      attributeSets.markStored(segment.identities, { isRepaired });
      if (isRepaired || mayBringValues(segment)) forget(known);
      edges.note(isRepaired ? undefined : segment.rollup?.minutes());
    },
    onIdle: () => segments?.sealIfDue(),
  });
  const recent = new RecentBlocks(clock);
  const lastSequence = await replay({
    directory: directory.segments,
    quarantine,
    queue,
    recent,
    log,
  });
  const retention = {
    engine,
    retentionMs,
    maxStoreBytes: options.maxStoreBytes ?? 0,
    otherBytes: () => queue.byteLength + (segments?.openBytes ?? 0),
    clock,
    log,
  };
  await applyRetention(retention);

  segments = createSegmentLog(options, { directory, firstSequence: lastSequence + 1, queue });
  const stopRetention = scheduleRetention(retention);
  edges.start();
  const disk = await DiskSpace.watch({
    directory: directory.path,
    minFreeBytes: options.minFreeBytes ?? 0,
    log,
  });
  const loader = new TraceLoader(engine);
  const archive = new TraceArchive({ engine, clock, directory: directory.rollups });
  const traces = { loader, archived: new ArchivedTraces(archive, loader) };
  return new ClickHouseStore({
    engine,
    log: segments,
    queue,
    identities,
    attributeSets,
    recent,
    reader: new ClickHouseTraceReader({ engine, clock, ...known, ...traces, queryTimeoutMs }),
    rates: new RatesReader(engine),
    archived: traces.archived,
    clock,
    retentionMs,
    maxBacklogBytes: options.maxBacklogBytes ?? 384 * 1024 ** 2,
    disk,
    quarantine,
    release: async () => {
      await stopRetention();
      await edges.stop();
      await disk.stop();
      await engine[Symbol.asyncDispose]();
      await directory.release();
    },
  });
}

function createSegmentLog(
  options: StoreOptions,
  parts: {
    readonly directory: DataDirectory;
    readonly firstSequence: number;
    readonly queue: InsertQueue;
  },
): SegmentLog {
  const { clock, log } = options;
  const { directory, firstSequence, queue } = parts;
  const catalogs = new AttributeCatalogs();
  return new SegmentLog({
    directory: directory.segments,
    firstSequence,
    run: randomBytes(8).toString('hex'),
    maxSpans: options.maxSegmentSpans ?? 250_000,
    maxAgeMs: options.maxSegmentAgeMs ?? 800,
    syncMode: options.fsync ?? 'always',
    syncIntervalMs: options.fsyncIntervalMs ?? 1000,
    createRollup: () => new SegmentRollup(catalogs),
    isEngineBusy: () => queue.segmentCount > 0,
    onClosed: (segment) => queue.add(segment),
    onFailed: createFailureLog(log, clock, 'spans are refused because they cannot be written'),
    onSyncFailed: createFailureLog(log, clock, 'acknowledged spans cannot be synced'),
  });
}

interface ReplayOptions {
  readonly directory: string;
  readonly quarantine: Quarantine;
  readonly queue: InsertQueue;
  readonly recent: RecentBlocks;
  readonly log: Logger;
}

/**
 * Inserts the segments that an earlier process left, with the tokens they had: what of them is in the engine already
 * stays once. Waits until all are in, unless an insert fails: then it goes on in the background, because on a full disk
 * what is stored can still be read. No segment, whatever is wrong with it, stops the start. Gives the highest sequence
 * number.
 */
async function replay({
  directory,
  quarantine,
  queue,
  recent,
  log,
}: ReplayOptions): Promise<number> {
  const { stems, others } = await listSegments(directory);
  for (const name of others) log.warn('a file among the segments is none of them', { name });
  for (const stem of stems) {
    try {
      const recovered = await recoverSegment(directory, stem, quarantine);
      const { spanCount, byteLength, lostBytes, fingerprints } = recovered;
      // Their senders may never have got an answer.
      for (const fingerprint of fingerprints) recent.add(fingerprint, Promise.resolve());
      log.info('replaying a segment', { segment: stem, spans: spanCount, lostBytes });
      queue.add({
        stem,
        spanCount,
        byteLength,
        tornFiles: [],
        identities: new Set(),
        isReplayed: true,
      });
    } catch (error) {
      log.error('cannot recover a segment; it stays for the next start', {
        segment: stem,
        error: String(error),
      });
    }
  }
  await queue.whenDoneOrFailed();
  const last = stems.at(-1);
  return last === undefined ? 0 : sequenceOf(last);
}

/** What was read of the lists of keys and values, of which there may be new ones. */
function forget(known: { readonly keys: AttributeKeys; readonly values: KnownValues }): void {
  known.keys.forget();
  known.values.forget();
}

/** Without a rollup it was computed anew, and may have listed anything. */
function mayBringValues({ rollup, identities }: ClosedSegment): boolean {
  return rollup?.listsValues !== false || [...identities].some(isSetIdentity);
}

const FAILURE_LOG_INTERVAL_MS = 10_000;

/** Says what the disk refuses, at most every ten seconds however many requests it concerns. */
function createFailureLog(log: Logger, clock: Clock, message: string): (error: unknown) => void {
  let lastMs = Number.NEGATIVE_INFINITY;
  return (error) => {
    const nowMs = clock.nowMs();
    if (nowMs - lastMs < FAILURE_LOG_INTERVAL_MS) return;
    lastMs = nowMs;
    log.error(message, { error: String(error) });
  };
}
