import { StorageError } from '@clew/model';
import type { Clock } from '@clew/model';
import type { Logger } from '../../telemetry/log.ts';
import type { SpanStore } from '../span-store.ts';

export interface StoreOptions {
  /** Created when missing. One process at a time may use it. */
  readonly dataDir: string;
  /** Spans that started longer ago than this are dropped, a day's partition at a time. */
  readonly retentionMs: number;
  readonly clock: Clock;
  readonly log: Logger;
  /** A segment goes to the engine when it holds this many spans, 250,000 by default … */
  readonly maxSegmentSpans?: number | undefined;
  /** … or when its first span is this old, 800 ms by default. */
  readonly maxSegmentAgeMs?: number | undefined;
  /** Bytes of segments that may wait for the engine before `write` refuses, 1 GiB by default. */
  readonly maxBacklogBytes?: number | undefined;
  /** The longest a question may take, 30 s by default. */
  readonly queryTimeoutMs?: number | undefined;
  /** The most memory a question may take in the engine, 1 GiB by default. */
  readonly queryMemoryBytes?: number | undefined;
}

/** Opens the store in `dataDir`: takes its lock, migrates its schema and replays what a crash left. */
export function openStore(options: StoreOptions): Promise<SpanStore> {
  return Promise.reject(
    new StorageError(`the store in ${options.dataDir} cannot be opened yet`, { code: 'internal' }),
  );
}
