/**
 * The write-ahead log: spans are in a file before they are acknowledged, and on the disk too unless its mode is weaker.
 *
 * Group commit: while one batch of blocks is being written and synced, the next one gathers; a sync of a few
 * milliseconds is shared by all requests that arrived meanwhile, and a lone request waits for nobody. A block belongs
 * to a segment from the moment it is taken, because what else has to be written with it (its resources and scopes)
 * depends on what that segment already holds.
 *
 * In the mode `interval` a batch is acknowledged when it is written; the sync follows `syncIntervalMs` after the first
 * write that waits for one, and when the segment ends. Should it fail, the segment ends at once, because the engine syncs
 * what it inserts.
 *
 * A segment ends when it is full or old. An old one may go on growing while the engine is busy with others: it could
 * not be inserted earlier anyway, and fewer, larger inserts are cheaper.
 */
import { OverloadedError } from '@clew/model';
import type { SegmentRollup } from '../rollup/segment-rollup.ts';
import type { SyncMode } from './append-file.ts';
import { formatStem } from './segment-name.ts';
import { SegmentWriter } from './segment-writer.ts';
import type { EncodedBlock, TornFile } from './segment-writer.ts';

export interface SegmentLogOptions {
  readonly directory: string;
  readonly firstSequence: number;
  /** 16 hexadecimal digits, new at every start. */
  readonly run: string;
  readonly maxSpans: number;
  readonly maxAgeMs: number;
  /** Bytes that may wait for the disk before `append` refuses, 128 MiB by default. */
  readonly maxPendingBytes?: number;
  readonly syncMode: SyncMode;
  /** For the mode `interval`. */
  readonly syncIntervalMs: number;
  readonly createRollup: () => SegmentRollup;
  /** Whether a segment that ends now would have to wait for the engine. */
  readonly isEngineBusy: () => boolean;
  /** Takes over a segment that will not grow any more. */
  readonly onClosed: (segment: ClosedSegment) => void;
  /** The disk refused a batch; its senders are told so. */
  readonly onFailed: (error: unknown) => void;
  /** Spans that were acknowledged could not be synced afterwards. */
  readonly onSyncFailed: (error: unknown) => void;
}

export interface ClosedSegment {
  readonly stem: string;
  readonly spanCount: number;
  readonly byteLength: number;
  /** To be cut before they are read. */
  readonly tornFiles: readonly TornFile[];
  /** Identities of resources and scopes that are in it for certain. */
  readonly identities: ReadonlySet<string>;
  /** Of its spans; missing when it may be of more than these, and when an earlier process left the segment. */
  readonly rollup?: SegmentRollup | undefined;
  /** Left by an earlier process. */
  readonly isReplayed?: true;
}

/** Encodes a block for a segment, and adds what it brings to the identities and the rollup of the segment. */
export type BlockEncoder = (segment: {
  readonly stem: string;
  readonly identities: Set<string>;
  readonly rollup: SegmentRollup | undefined;
}) => EncodedBlock;

interface PendingBlock {
  readonly block: EncodedBlock;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

interface OpenSegment {
  readonly writer: SegmentWriter;
  readonly identities: Set<string>;
  rollup: SegmentRollup | undefined;
  /** What was given to it. */
  takenSpans: number;
  takenBytes: number;
  /** What of it was acknowledged. */
  writtenSpans: number;
  pending: PendingBlock[];
  isDue: boolean;
  isSealed: boolean;
  timer: NodeJS.Timeout | undefined;
  /** Set while something waits to be synced. */
  syncTimer: NodeJS.Timeout | undefined;
  readonly closed: Promise<void>;
  readonly markClosed: () => void;
}

/** Encoded blocks that wait for the disk; more than this means that the disk cannot keep up. */
const MAX_PENDING_BYTES = 128 * 1024 * 1024;

/**
 * However few spans: a segment is in memory as a whole when it is inserted or recovered, and the sizes at which the engine
 * merges parts go by it (`clickhouse/schema/migrations.ts`).
 */
const MAX_SEGMENT_BYTES = 96 * 1024 * 1024;

export class SegmentLog {
  readonly #options: SegmentLogOptions;
  #nextSequence: number;
  /** Oldest first; only the last may be unsealed. */
  readonly #segments: OpenSegment[] = [];
  #pendingBytes = 0;
  #isDraining = false;

  constructor(options: SegmentLogOptions) {
    this.#options = options;
    this.#nextSequence = options.firstSequence;
  }

  /** Bytes that are in segments not closed yet, or on their way there. */
  get openBytes(): number {
    let sum = this.#pendingBytes;
    for (const segment of this.#segments) sum += segment.writer.byteLength;
    return sum;
  }

  /** Takes a block, calling `encode` at once, and resolves when it may be acknowledged. */
  append(encode: BlockEncoder): Promise<void> {
    const { maxPendingBytes = MAX_PENDING_BYTES } = this.#options;
    if (this.#pendingBytes > maxPendingBytes) {
      throw new OverloadedError('the disk cannot keep up with what is received', {
        retryAfterMs: 1000,
      });
    }
    const segment = this.#current();
    const block = this.#encode(segment, encode);
    segment.takenSpans += block.spanCount;
    const byteLength = byteLengthOf(block);
    this.#pendingBytes += byteLength;
    segment.takenBytes += byteLength;
    if (isFull(segment, this.#options.maxSpans)) this.#seal(segment);
    return new Promise((resolve, reject) => {
      segment.pending.push({ block, resolve, reject });
      this.#drain();
    });
  }

  #encode(segment: OpenSegment, encode: BlockEncoder): EncodedBlock {
    const { writer, identities, rollup } = segment;
    try {
      return encode({ stem: writer.stem, identities, rollup });
    } catch (error) {
      // What was claimed for the block is not written, and the rollup may have counted half of it.
      forgetClaims(segment);
      throw error;
    }
  }

  /** Ends the segment that is being written and waits until everything taken so far is in closed segments. */
  async seal(): Promise<void> {
    const last = this.#segments.at(-1);
    if (last === undefined) return;
    this.#seal(last);
    this.#drain();
    await last.closed;
  }

  /** Ends the segment that is being written if it is old enough: called when the engine has nothing to do. */
  sealIfDue(): void {
    const last = this.#segments.at(-1);
    if (last?.isDue !== true) return;
    this.#seal(last);
    this.#drain();
  }

  #current(): OpenSegment {
    const last = this.#segments.at(-1);
    if (last !== undefined && !last.isSealed) return last;
    const { directory, run, maxAgeMs, syncMode, createRollup } = this.#options;
    let markClosed = (): void => undefined;
    const closed = new Promise<void>((resolve) => (markClosed = resolve));
    const segment: OpenSegment = {
      writer: new SegmentWriter(directory, formatStem(this.#nextSequence++, run), syncMode),
      identities: new Set(),
      rollup: createRollup(),
      takenSpans: 0,
      takenBytes: 0,
      writtenSpans: 0,
      pending: [],
      isDue: false,
      isSealed: false,
      timer: undefined,
      syncTimer: undefined,
      closed,
      markClosed,
    };
    segment.timer = setTimeout(() => {
      segment.isDue = true;
      if (!this.#options.isEngineBusy()) this.sealIfDue();
    }, maxAgeMs);
    this.#segments.push(segment);
    return segment;
  }

  #seal(segment: OpenSegment): void {
    segment.isSealed = true;
    clearTimeout(segment.timer);
  }

  #drain(): void {
    if (this.#isDraining) return;
    this.#isDraining = true;
    void this.#drainAll();
  }

  async #drainAll(): Promise<void> {
    // Blocks that arrive in the same turn of the event loop share the first write.
    await Promise.resolve();
    for (let segment = this.#segments[0]; segment !== undefined; segment = this.#segments[0]) {
      if (segment.pending.length > 0) await this.#commit(segment);
      else if (segment.isSealed) await this.#close(segment);
      else break;
    }
    // In the same turn as the last look at the segments, so that no block is taken in between and left lying.
    this.#isDraining = false;
  }

  async #commit(segment: OpenSegment): Promise<void> {
    const batch = segment.pending;
    segment.pending = [];
    try {
      await segment.writer.append(batch.map((pending) => pending.block));
      for (const { block, resolve } of batch) {
        segment.writtenSpans += block.spanCount;
        resolve();
      }
      this.#scheduleSync(segment);
    } catch (error) {
      // Blocks behind the failed ones may count on resources that were to be written with those.
      this.#seal(segment);
      // Which of the claimed resources reached the disk is not known, so they will be written again.
      forgetClaims(segment);
      this.#options.onFailed(error);
      const failed = [...batch, ...segment.pending];
      segment.pending = [];
      for (const { reject } of failed) reject(error);
      for (const { block } of failed.slice(batch.length)) this.#pendingBytes -= byteLengthOf(block);
    } finally {
      for (const { block } of batch) this.#pendingBytes -= byteLengthOf(block);
    }
  }

  #scheduleSync(segment: OpenSegment): void {
    const { syncMode, syncIntervalMs, onSyncFailed } = this.#options;
    if (syncMode !== 'interval') return;
    segment.syncTimer ??= setTimeout(() => {
      segment.syncTimer = undefined;
      segment.writer.sync().catch((error: unknown) => {
        onSyncFailed(error);
        this.#seal(segment);
        this.#drain();
      });
    }, syncIntervalMs);
  }

  async #close(segment: OpenSegment): Promise<void> {
    const { writer, writtenSpans, identities, rollup } = segment;
    clearTimeout(segment.syncTimer);
    await writer.sync().catch(this.#options.onSyncFailed);
    await writer.close().catch(() => undefined); // All that counts is synced already.
    this.#segments.shift();
    this.#options.onClosed({
      stem: writer.stem,
      spanCount: writtenSpans,
      byteLength: writer.byteLength,
      tornFiles: writer.tornFiles,
      identities,
      rollup,
    });
    segment.markClosed();
  }
}

function isFull(segment: OpenSegment, maxSpans: number): boolean {
  return segment.takenSpans >= maxSpans || segment.takenBytes >= MAX_SEGMENT_BYTES;
}

function byteLengthOf(block: EncodedBlock): number {
  let sum = 0;
  for (const bytes of Object.values(block.parts)) sum += bytes.length;
  return sum;
}

/** What the segment's spans refer to will be written again, and what is counted of them computed anew. */
function forgetClaims(segment: OpenSegment): void {
  segment.identities.clear();
  segment.rollup?.discard();
  segment.rollup = undefined;
}
