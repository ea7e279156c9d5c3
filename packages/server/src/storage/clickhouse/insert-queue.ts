/**
 * Brings closed segments into the engine, one after the other in the order they were closed. A segment is deleted when
 * its insert is confirmed and on the disk; until then it stays, and so does everything behind it: an insert that fails
 * is repeated, at growing intervals, until it succeeds or the queue is closed. Only a segment that the engine cannot
 * read is set aside.
 */
import { access, truncate } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../../telemetry/log.ts';
import type { Quarantine } from '../segment/quarantine.ts';
import { recoverSegment } from '../segment/recover-segment.ts';
import type { ClosedSegment } from '../segment/segment-log.ts';
import { SEGMENT_PARTS, deleteSegment, segmentPath } from '../segment/segment-name.ts';
import type { Engine } from './engine/engine.ts';
import { isUnreadableData } from './engine/engine-error.ts';
import { insertSegment } from './insert-segment.ts';

export interface InsertQueueOptions {
  readonly engine: Engine;
  readonly directory: string;
  readonly rollupDirectory: string;
  readonly quarantine: Quarantine;
  readonly log: Logger;
  /** A segment's spans can be found from now on; where it was repaired, not all of them, nor all it brought with them. */
  readonly onStored: (segment: ClosedSegment, how: { readonly isRepaired: boolean }) => void;
  /** Nothing is left to insert. */
  readonly onIdle: () => void;
}

const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 10_000;

export class InsertQueue {
  readonly #options: InsertQueueOptions;
  readonly #closing = new AbortController();
  #done: Promise<void> = Promise.resolve();
  readonly #failed: Promise<void>;
  #markFailed = (): void => undefined;
  /** Segments that wait or are being inserted. */
  segmentCount = 0;
  byteLength = 0;
  /** Spans of the segments that were inserted, without those that an earlier process left. */
  storedSpans = 0;

  constructor(options: InsertQueueOptions) {
    this.#options = options;
    this.#failed = new Promise((resolve) => (this.#markFailed = resolve));
  }

  add(segment: ClosedSegment): void {
    this.segmentCount++;
    this.byteLength += segment.byteLength;
    this.#done = this.#done.then(() => this.#process(segment));
  }

  /** Resolves when every segment added so far is in the engine. */
  whenDone(): Promise<void> {
    return this.#done;
  }

  /** Resolves when every segment added so far is in the engine, or at the first failure of an insert. */
  async whenDoneOrFailed(): Promise<void> {
    await Promise.race([this.#done, this.#failed]);
  }

  /** Finishes what can be inserted at once; the rest stays on the disk for the next start. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#done;
  }

  async #process(segment: ClosedSegment): Promise<void> {
    const { directory, log, onIdle } = this.#options;
    // Of one whose spans were set aside, what these refer to is stored: they may come back.
    const isEmpty = segment.spanCount === 0 && segment.isReplayed !== true;
    if (isEmpty || (await this.#insert(segment))) {
      await deleteSegment(directory, segment.stem).catch((error: unknown) => {
        // Should it come back, its token is remembered.
        log.warn('cannot delete a segment', { segment: segment.stem, error: String(error) });
      });
    }
    this.segmentCount--;
    this.byteLength -= segment.byteLength;
    if (this.segmentCount === 0) onIdle();
  }

  /** Whether the segment is in the engine; if not, it was set aside or waits for the next start. */
  async #insert(segment: ClosedSegment): Promise<boolean> {
    const { engine, directory, rollupDirectory, log, onStored } = this.#options;
    const { signal } = this.#closing;
    let isRepaired = false;
    for (let retryMs = FIRST_RETRY_MS; ; retryMs = Math.min(retryMs * 2, LAST_RETRY_MS)) {
      try {
        for (const { path, byteLength } of segment.tornFiles) await truncate(path, byteLength);
        // A rollup of a segment that was repaired may count spans that are lost.
        const rollup = isRepaired ? undefined : segment.rollup;
        const { stem } = segment;
        await insertSegment(engine, { stem, rollup, directory, rollupDirectory });
        this.storedSpans += segment.isReplayed === true ? 0 : segment.spanCount;
        onStored(segment, { isRepaired });
        return true;
      } catch (error) {
        log.warn('cannot insert a segment', { segment: segment.stem, error: String(error) });
        if (isUnreadableData(error)) {
          const repair = await this.#repair(segment.stem);
          if (repair === 'nothing to repair') {
            await this.#setAside(segment, String(error));
            segment.rollup?.discard();
            return false;
          }
          // One that failed may have cut a part.
          isRepaired = true;
          if (isRepaired) segment.rollup?.discard();
        }
        this.#markFailed();
      }
      if (signal.aborted) return false;
      await sleep(retryMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async #repair(stem: string): Promise<'repaired' | 'nothing to repair' | 'failed'> {
    const { directory, quarantine, log } = this.#options;
    try {
      const { lostBytes } = await recoverSegment(directory, stem, quarantine);
      if (lostBytes === 0) return 'nothing to repair';
      log.warn('cut a damaged segment', { segment: stem, lostBytes });
      return 'repaired';
    } catch (error) {
      log.warn('cannot repair a segment', { segment: stem, error: String(error) });
      return 'failed';
    }
  }

  async #setAside({ stem, spanCount }: ClosedSegment, error: string): Promise<void> {
    const { directory, quarantine, log } = this.#options;
    for (const part of SEGMENT_PARTS) {
      const path = segmentPath(directory, stem, part);
      try {
        await access(path);
        await quarantine.take(path, `the engine cannot read it: ${error}`);
      } catch (cause) {
        if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') continue;
        log.warn('cannot set aside a file', { path, error: String(cause) });
      }
    }
    log.error('set aside a segment that the engine cannot read', {
      segment: stem,
      spans: spanCount,
      directory: quarantine.directory,
    });
  }
}
