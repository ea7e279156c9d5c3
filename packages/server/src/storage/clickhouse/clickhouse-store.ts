import { setTimeout as sleep } from 'node:timers/promises';
import { OverloadedError, StorageError } from '@clew/model';
import type { Clock, Span, SpanBlock, TraceColumns, TraceId } from '@clew/model';
import type { Series, ShownSpanset, TimeBounds } from '@clew/traceql';
import type { AttributeSets } from '../attribute-sets/attribute-sets.ts';
import {
  encodeAttributeSets,
  encodeResources,
  encodeScopes,
  encodeSpans,
} from '../native/encode-spans.ts';
import { fingerprintOf } from '../native/block-fingerprint.ts';
import type { BlockFingerprint } from '../native/block-fingerprint.ts';
import { NativeWriter } from '../native/native-writer.ts';
import { dayOfPartition, fileBlock, keptPartitions } from '../native/partition-time.ts';
import type { DiskSpace } from '../disk-space.ts';
import type { RecentBlocks } from '../recent-blocks.ts';
import type { Quarantine } from '../segment/quarantine.ts';
import type { BlockEncoder, SegmentLog } from '../segment/segment-log.ts';
import { checksumSeed } from '../segment/segment-name.ts';
import type { SegmentPart } from '../segment/segment-name.ts';
import type { EncodedBlock } from '../segment/segment-writer.ts';
import type {
  AttributeKey,
  AttributeValuesRequest,
  FoundSpans,
  FoundSpansRequest,
  FoundTrace,
  KeyCount,
  KnownValue,
  MetricsQuery,
  Operation,
  RateReader,
  ServiceEdge,
  ServiceEdgesRequest,
  SpanLimit,
  SpanQuery,
  SpansetsRequest,
  SpanRate,
  SpanRatesRequest,
  SpanStore,
  SpansRequest,
  StoreStats,
  TenantRequest,
  TraceCount,
  TraceQuery,
  TraceReader,
  TraceRequest,
  TracesRequest,
  TraceSearchPage,
} from '../span-store.ts';
import type { ArchivedTraces } from './archive/archived-traces.ts';
import type { BlockIdentities } from './block-identities.ts';
import { deleteTrace } from './delete-trace.ts';
import type { Engine } from './engine/engine.ts';
import type { InsertQueue } from './insert-queue.ts';

export interface StoreParts {
  readonly engine: Engine;
  readonly log: SegmentLog;
  readonly queue: InsertQueue;
  readonly identities: BlockIdentities;
  readonly attributeSets: AttributeSets;
  readonly recent: RecentBlocks;
  readonly reader: TraceReader;
  readonly rates: RateReader;
  readonly archived: ArchivedTraces;
  readonly clock: Clock;
  readonly retentionMs: number;
  readonly maxBacklogBytes: number;
  readonly disk: DiskSpace;
  readonly quarantine: Quarantine;
  /** Called once, when nothing is on its way any more. */
  readonly release: () => Promise<void>;
}

/** How long a removal waits for segments to be inserted, which takes for ever on a full disk. */
const DELETE_WAIT_MS = 30_000;

/** Spans go to the write-ahead log and from there to the engine; questions go to the engine. */
export class ClickHouseStore implements SpanStore {
  readonly #parts: StoreParts;
  readonly #writer = new NativeWriter();
  #acceptedSpans = 0;
  #repeatedSpans = 0;
  #closing: Promise<void> | undefined;

  constructor(parts: StoreParts) {
    this.#parts = parts;
  }

  async write(block: SpanBlock): Promise<void> {
    if (this.#closing !== undefined) {
      throw new StorageError('the store is closing', { code: 'unavailable' });
    }
    // A block without rows would be the end of the segment for the engine.
    if (block.spanCount === 0) return;
    // The caller may fill the block anew while its spans are being written.
    const { spanCount } = block;
    const { recent, disk, log } = this.#parts;
    const fingerprint = fingerprintOf(block);
    const earlier = recent.find(fingerprint);
    if (earlier !== undefined) {
      await earlier;
      this.#repeatedSpans += spanCount;
      return;
    }
    disk.refuseWhenLow();
    this.#refuseWhenFull();
    const written = log.append((segment) => this.#encode(block, segment, fingerprint));
    recent.add(fingerprint, written);
    await written;
    this.#acceptedSpans += spanCount;
  }

  async flush(): Promise<void> {
    await this.#parts.log.seal();
    await this.#parts.queue.whenDone();
  }

  stats(): StoreStats {
    const { engine, queue, disk, quarantine } = this.#parts;
    const reads = engine.readStats();
    return {
      acceptedSpans: this.#acceptedSpans,
      repeatedSpans: this.#repeatedSpans,
      storedSpans: queue.storedSpans,
      backlogSegments: queue.segmentCount,
      backlogBytes: queue.byteLength,
      freeBytes: disk.freeBytes,
      engineReads: reads.statements,
      engineReadSeconds: reads.seconds,
      quarantinedFiles: quarantine.fileCount,
    };
  }

  listServices(request: TenantRequest): Promise<readonly string[]> {
    return this.#parts.reader.listServices(request);
  }

  listOperations(
    request: TenantRequest & { readonly service: string },
  ): Promise<readonly Operation[]> {
    return this.#parts.reader.listOperations(request);
  }

  listAttributeKeys(request: TenantRequest): Promise<readonly AttributeKey[]> {
    return this.#parts.reader.listAttributeKeys(request);
  }

  countAttributeKeys(request: TenantRequest & TimeBounds): Promise<readonly KeyCount[]> {
    return this.#parts.reader.countAttributeKeys(request);
  }

  listAttributeValues(request: AttributeValuesRequest): Promise<readonly KnownValue[]> {
    return this.#parts.reader.listAttributeValues(request);
  }

  searchTraces(query: TraceQuery): Promise<TraceSearchPage> {
    return this.#parts.reader.searchTraces(query);
  }

  streamFoundTraces(query: TraceQuery): AsyncIterable<readonly FoundTrace[]> {
    return this.#parts.reader.streamFoundTraces(query);
  }

  countTraces(query: TraceQuery): Promise<TraceCount> {
    return this.#parts.reader.countTraces(query);
  }

  findSpans(query: SpanQuery): Promise<FoundSpans> {
    return this.#parts.reader.findSpans(query);
  }

  readFoundSpans(request: FoundSpansRequest): Promise<readonly Span[]> {
    return this.#parts.reader.readFoundSpans(request);
  }

  readSpansets(request: SpansetsRequest): Promise<ReadonlyMap<TraceId, readonly ShownSpanset[]>> {
    return this.#parts.reader.readSpansets(request);
  }

  readMetrics(query: MetricsQuery): Promise<readonly Series[]> {
    return this.#parts.reader.readMetrics(query);
  }

  readSpans(request: SpansRequest): Promise<readonly Span[] | undefined> {
    return this.#parts.reader.readSpans(request);
  }

  countOrphans(request: TracesRequest): Promise<ReadonlyMap<TraceId, number>> {
    return this.#parts.reader.countOrphans(request);
  }

  streamSpans(request: TracesRequest): AsyncIterable<readonly Span[]> {
    return this.#parts.reader.streamSpans(request);
  }

  readTraceColumns(request: TraceRequest & SpanLimit): Promise<TraceColumns | undefined> {
    return this.#parts.reader.readTraceColumns(request);
  }

  readServiceEdges(request: ServiceEdgesRequest): Promise<readonly ServiceEdge[]> {
    return this.#parts.rates.readServiceEdges(request);
  }

  readSpanRates(request: SpanRatesRequest): Promise<readonly SpanRate[]> {
    return this.#parts.rates.readSpanRates(request);
  }

  archiveTrace(request: TraceRequest): Promise<boolean> {
    return this.#parts.archived.keep(request);
  }

  async deleteTrace(request: TraceRequest): Promise<boolean> {
    // What still waits in segments would come back.
    await Promise.race([this.flush(), refuseLater(request.signal)]);
    // Whoever imports it again means it.
    this.#parts.recent.clear();
    const { engine, archived } = this.#parts;
    const wasStored = await deleteTrace(engine, request);
    return (await archived.remove(request)) || wasStored;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { log, queue, release } = this.#parts;
    await log.seal();
    await queue.close();
    await release();
  }

  #refuseWhenFull(): void {
    const { log, queue, maxBacklogBytes } = this.#parts;
    const backlogBytes = queue.byteLength + log.openBytes;
    if (backlogBytes < maxBacklogBytes) return;
    throw new OverloadedError(`${backlogBytes} bytes of spans wait to be stored`, {
      retryAfterMs: 1000,
    });
  }

  /** Encodes what a block brings, as Native blocks: the spans, and what they refer to and is new. */
  #encode(
    block: SpanBlock,
    segment: Parameters<BlockEncoder>[0],
    fingerprint: BlockFingerprint,
  ): EncodedBlock {
    const { clock, retentionMs, identities, attributeSets, disk } = this.#parts;
    const kept = keptPartitions(clock.nowMs(), retentionMs);
    const lastDay = dayOfPartition(kept.last);
    const seed = checksumSeed(segment.stem);
    const writer = this.#writer;
    const parts: Partial<Record<SegmentPart, Uint8Array>> = {};
    // Filed under the last day that a span may be filed under, so that they outlive the spans.
    const claim = { day: lastDay, held: segment.identities };
    if (identities.claim('resources', block, claim)) {
      encodeResources(writer, block, lastDay);
      parts.resources = writer.seal(seed);
    }
    if (identities.claim('scopes', block, claim)) {
      encodeScopes(writer, block, lastDay);
      parts.scopes = writer.seal(seed);
    }
    const { newSets, ...split } = attributeSets.split(block, claim);
    if (newSets.ids.length > 0) {
      encodeAttributeSets(writer, block.tenant, newSets, lastDay);
      parts.attribute_sets = writer.seal(seed);
    }
    const placement = { ...split, filing: fileBlock(block, kept) };
    encodeSpans(writer, block, placement);
    parts.spans = writer.seal(seed, fingerprint);
    segment.rollup?.add(block, placement, lastDay);
    let byteLength = 0;
    for (const bytes of Object.values(parts)) byteLength += bytes.length;
    disk.noteWritten(byteLength);
    return { spanCount: block.spanCount, parts };
  }
}

async function refuseLater(signal: AbortSignal | undefined): Promise<never> {
  await sleep(DELETE_WAIT_MS, undefined, {
    ref: false,
    ...(signal === undefined ? {} : { signal }),
  });
  throw new StorageError('a trace cannot be deleted while accepted spans cannot be stored', {
    code: 'unavailable',
  });
}
