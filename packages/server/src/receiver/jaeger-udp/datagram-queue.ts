import { setImmediate } from 'node:timers/promises';
import type { SpanBlock } from '@clew/model';
import type { RejectedSpans } from '@clew/protocol';
import type { SpanSink } from '../../pipeline/span-sink.ts';
import type { Logger } from '../../telemetry/log.ts';
import type { ServerMetrics } from '../../telemetry/metrics.ts';
import { OUTCOMES, toFailure } from '../failure.ts';
import type { DropLog } from './drop-log.ts';

export interface QueueLimits {
  /** How long a datagram waits for others. */
  readonly gatherMs: number;
  /** Of the datagrams that make one block: decoding them holds up everything else. */
  readonly maxBlockBytes: number;
  /** Of the datagrams that wait. */
  readonly maxQueuedBytes: number;
}

export interface DatagramQueueOptions {
  readonly sink: SpanSink;
  readonly receiver: string;
  readonly metrics: ServerMetrics;
  readonly drops: DropLog;
  readonly log: Logger;
  /** Leaves the block as it was when it throws. */
  readonly decode: (datagram: Uint8Array, block: SpanBlock) => RejectedSpans;
  readonly limits?: QueueLimits;
}

const DEFAULT_LIMITS: QueueLimits = {
  gatherMs: 10,
  maxBlockBytes: 1024 ** 2,
  maxQueuedBytes: 32 * 1024 ** 2,
};

/** Datagrams that are decoded before the socket is looked at again: about a millisecond's work. */
const DATAGRAMS_PER_TURN = 8;

/**
 * Gathers datagrams and hands them over as blocks, one at a time. The socket comes first: the system's buffer is full in
 * some ten milliseconds of a burst and drops without telling, while this queue holds seconds of it and counts.
 */
export class DatagramQueue {
  readonly #options: DatagramQueueOptions;
  readonly #limits: QueueLimits;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #arrivedCount = 0;
  #timer: NodeJS.Timeout | undefined;
  /** Settles when nothing waits any more; `undefined` while nothing is being written. */
  #writing: Promise<void> | undefined;

  constructor(options: DatagramQueueOptions) {
    this.#options = options;
    this.#limits = options.limits ?? DEFAULT_LIMITS;
  }

  /** Takes a datagram, or drops it when too many wait. */
  add(datagram: Uint8Array): void {
    const { gatherMs, maxBlockBytes, maxQueuedBytes } = this.#limits;
    this.#arrivedCount++;
    if (this.#waitingBytes + datagram.length > maxQueuedBytes) {
      this.#options.drops.add('overloaded', 'too many datagrams wait for the store');
      return;
    }
    this.#waiting.push(datagram);
    this.#waitingBytes += datagram.length;
    if (this.#waitingBytes >= maxBlockBytes) this.#write();
    else this.#timer ??= setTimeout(() => this.#write(), gatherMs);
  }

  /** Resolves when everything is written, or after `graceMs`. */
  async drain(graceMs: number): Promise<void> {
    this.#write();
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((resolve) => (timer = setTimeout(resolve, graceMs)));
    await Promise.race([this.#writing, timeout]);
    clearTimeout(timer);
    this.#clearTimer();
  }

  #write(): void {
    this.#clearTimer();
    this.#writing ??= this.#writeAll().finally(() => (this.#writing = undefined));
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) await this.#writeBlock(this.#takeBlock());
  }

  /** The oldest datagrams, as many as make one block. */
  #takeBlock(): readonly Uint8Array[] {
    let count = 0;
    let sizeBytes = 0;
    for (const { length } of this.#waiting) {
      if (count > 0 && sizeBytes + length > this.#limits.maxBlockBytes) break;
      count++;
      sizeBytes += length;
    }
    this.#waitingBytes -= sizeBytes;
    const taken = this.#waiting.slice(0, count);
    this.#waiting = this.#waiting.slice(count);
    return taken;
  }

  /** Never rejects: what cannot be kept is dropped. */
  async #writeBlock(datagrams: readonly Uint8Array[]): Promise<void> {
    const { sink, receiver, metrics } = this.#options;
    const block = sink.createBlock();
    let rejectedSpans = 0;
    let decodedCount = 0;
    for (const [index, datagram] of datagrams.entries()) {
      if (index % DATAGRAMS_PER_TURN === 0) await this.#readSocket();
      const rejected = this.#decode(datagram, block);
      if (rejected === undefined) continue;
      rejectedSpans += rejected.count;
      decodedCount++;
    }
    if (decodedCount === 0) return;
    try {
      await sink.accept(block, { receiver, rejectedSpans });
      metrics.countRequest(receiver, 'ok', decodedCount);
    } catch (error) {
      this.#drop(error, decodedCount);
    }
  }

  /** Waits while datagrams come, until half of the queue is full. */
  async #readSocket(): Promise<void> {
    let arrivedBefore: number;
    do {
      arrivedBefore = this.#arrivedCount;
      await setImmediate();
    } while (
      this.#arrivedCount > arrivedBefore &&
      this.#waitingBytes < this.#limits.maxQueuedBytes / 2
    );
  }

  #decode(datagram: Uint8Array, block: SpanBlock): RejectedSpans | undefined {
    try {
      return this.#options.decode(datagram, block);
    } catch (error) {
      this.#drop(error, 1);
      return undefined;
    }
  }

  #drop(error: unknown, count: number): void {
    const { code, message } = toFailure(error, this.#options.log);
    this.#options.drops.add(OUTCOMES[code], message, count);
  }

  #clearTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
